// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/assert.hpp>
#include <atoll/lock.hpp>
#include <atoll/mmio.hpp>
#include <atoll/virtio.hpp>
#include <cstddef>
#include <cstring>
#include <span>

/// What transports that have registers in memory do alike.
namespace atl::virtio {

/// What is to be called for an interrupt that several queues share, or for a change. Any
/// context.
template <std::size_t Most>
class Handlers {
 public:
  [[nodiscard]] bool has_room() const {
    return known_.with([](const Known& known) { return known.count < Most; });
  }
  /// Where has_room(). Nothing for an Interrupt without a handler.
  void add_queue(Interrupt interrupt) {
    if (interrupt.handler == nullptr) return;
    known_.with([&](Known& known) {
      ATOLL_ASSERT(known.count < Most);
      known.queues[known.count++] = interrupt;
    });
  }
  void set_change(Interrupt interrupt) {
    known_.with([&](Known& known) { known.change = interrupt; });
  }
  void clear() {
    known_.with([](Known& known) { known = {}; });
  }

  // The lock is not held while they run: they may take what the driver holds.
  void call_queues() {
    for (std::size_t i = 0; i < Most; ++i) {
      const Interrupt one = known_.with(
          [i](const Known& known) { return i < known.count ? known.queues[i] : Interrupt{}; });
      if (one.handler == nullptr) return;
      one.handler(one.context);
    }
  }
  void call_change() {
    const Interrupt change = known_.with([](const Known& known) { return known.change; });
    if (change.handler != nullptr) change.handler(change.context);
  }

 private:
  struct Known {
    std::array<Interrupt, Most> queues{};
    std::size_t count = 0;
    Interrupt change;
  };
  Locked<Known> known_;
};

/// Reads one field of a device's configuration, which begins at `offset` of `io`, where it has
/// `size` bytes: fields of 8, 16 and 32 bits by one access each, of 64 bits by two of 32
/// (virtio 1.2 §4.1.3.1, §4.2.2.2). kNoEntry outside of it.
template <RegisterIo Io>
Result<void> read_config_field(const Io& io, std::uint64_t begin, std::uint64_t size,
                               std::uint32_t offset, std::span<std::byte> into) {
  if (offset > size || into.size() > size - offset) return fail(Errc::kNoEntry);
  const auto read = [&]<typename T>(T value, std::span<std::byte> part, std::uint32_t at) {
    ATOLL_ASSERT(at % sizeof(T) == 0 && part.size() == sizeof(T));
    value = io.template read<T>(begin + at);
    std::memcpy(part.data(), &value, sizeof value);
  };
  if (into.size() == 1) {
    read(std::uint8_t{}, into, offset);
  } else if (into.size() == 2) {
    read(std::uint16_t{}, into, offset);
  } else {
    if (into.size() > 4) read(std::uint32_t{}, into.subspan(4), offset + 4);
    read(std::uint32_t{}, into.first(4), offset);
  }
  return {};
}

}  // namespace atl::virtio
