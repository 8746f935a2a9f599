// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/irq_lines.hpp>
#include <atoll/log.hpp>
#include <atoll/virtio_mmio.hpp>

#include "place.hpp"

namespace atl {
namespace {

// What the command line says, kept until devices can be mapped: QEMU's microvm has 24 places.
constinit std::array<std::string_view, 32> words{};
constinit std::size_t word_count = 0;

void add(std::string_view word) {
  const auto place = virtio_mmio::parse_place(word);
  if (!place) {
    log::error("virtio_mmio", "virtio_mmio.device={}: not <size>@<base>:<line>", word);
    return;
  }
  const auto found = virtio_mmio::find(place.value().registers, word);
  if (!found) return;
  // As Linux takes a line of which nothing else is said: Firecracker's devices pulse theirs,
  // and those of QEMU's microvm, which hold a level, begin it with an edge.
  virtio_mmio::add(*found, {irq::machine_lines(), place.value().line, irq::Trigger::kEdgeRising},
                   word);
}

}  // namespace

// A monitor's word, and a device is not worth the boot: what is wrong is said later.
Result<void> virtio_mmio_device_option(std::string_view value) {
  if (word_count < words.size()) {
    words[word_count] = value;
  } else if (word_count == words.size()) {
    log::error("virtio_mmio", "more than {} devices on the command line, from {} on", words.size(),
               value);
  } else {
    return {};
  }
  ++word_count;
  return {};
}

Result<void> virtio_mmio_init() {
  for (std::size_t i = 0; i < words.size() && i < word_count; ++i) add(words[i]);
  virtio_mmio::attach();
  return {};
}

}  // namespace atl
