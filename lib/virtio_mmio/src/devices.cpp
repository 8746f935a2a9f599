// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/make.hpp>
#include <atoll/virtio_mmio.hpp>
#include <utility>

#include "device.hpp"
#include "page_window.hpp"

namespace atl::virtio_mmio {
namespace {

// A device is never given up: its driver has it for as long as the image lives.
struct Entry {
  Entry(const Found& found, const Line& line, std::string_view name)
      : device(Mmio{found.registers}, found.size, found.type, name, line), place(found.place) {}

  MmioDevice<Mmio> device;
  PhysAddr place;
  Entry* next = nullptr;
  bool attached = false;
};
constinit Entry* first = nullptr;  // by place
constinit PageWindow window;

// A monitor may name a device on the command line that its tables have, too.
bool is_known(PhysAddr place) {
  for (const Entry* entry = first; entry != nullptr; entry = entry->next) {
    if (entry->place == place) return true;
  }
  return false;
}

void say(std::string_view name, Errc error) { log::error("virtio_mmio", "{}: {}", name, error); }

}  // namespace

std::optional<Found> find(PhysRange registers, std::string_view name) {
  // No device has more; and an access must be aligned.
  constexpr std::uint64_t kMost = 1024 * 1024;
  if (registers.size < kConfig || registers.size > kMost || !registers.start.is_aligned(8)) {
    say(name, Errc::kInvalidArgument);
    return std::nullopt;
  }
  if (is_known(registers.start)) return std::nullopt;
  const auto shown = window.show(registers);
  if (!shown) {
    say(name, shown.error());
    return std::nullopt;
  }
  const auto identity = identify(Mmio{shown.value()});
  if (!identity) {
    log::warning("virtio_mmio", "{}: no virtio device", name);
    return std::nullopt;
  }
  const auto [version, type] = identity.value();
  if (type == 0) return std::nullopt;
  if (version != 2) {
    log::error("virtio_mmio",
               "{}: a legacy device (version {}), which no driver knows; QEMU makes a modern one "
               "with -global virtio-mmio.force-legacy=false",
               name, version);
    return std::nullopt;
  }
  window.keep();
  return Found{registers.start, shown.value(), registers.size, type};
}

void add(const Found& found, const Line& line, std::string_view name) {
  const auto made = make_in<Entry>(default_allocator(), found, line, name);
  if (!made) return say(name, made.error());
  Entry** at = &first;
  while (*at != nullptr && (*at)->place < found.place) at = &(*at)->next;
  made.value()->next = *at;
  *at = made.value();
}

void attach() {
  for (Entry* entry = first; entry != nullptr; entry = entry->next) {
    if (std::exchange(entry->attached, true)) continue;
    virtio::attach(entry->device);
  }
}

}  // namespace atl::virtio_mmio
