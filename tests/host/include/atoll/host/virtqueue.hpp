// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <algorithm>
#include <atoll/virtio/packed_ring.hpp>
#include <atoll/virtio/split_ring.hpp>
#include <cstdint>
#include <cstring>
#include <vector>

/// Devices that read the rings as virtio 1.2 has them, by their own code.
namespace atl::host {

using virtio::PackedRing;
using virtio::Segment;
using virtio::SplitRing;

struct Piece {
  std::uint64_t address;
  std::uint32_t length;
  bool writable;
  bool operator==(const Piece&) const = default;
};

/// A buffer as the device got it.
struct Got {
  std::uint16_t id = 0;
  std::vector<Piece> pieces;
};

/// Memory of a ring, with bytes around it that nobody may touch.
class Memory {
 public:
  explicit Memory(std::size_t bytes) : all_(bytes + 2 * kAround, kMark) {
    std::memset(ring(), 0, bytes);
  }
  std::byte* ring() { return reinterpret_cast<std::byte*>(all_.data() + kAround); }
  [[nodiscard]] bool is_untouched_around() const {
    const auto is_mark = [](std::uint8_t byte) { return byte == kMark; };
    return std::all_of(all_.begin(), all_.begin() + kAround, is_mark) &&
           std::all_of(all_.end() - kAround, all_.end(), is_mark);
  }

 private:
  static constexpr std::uint8_t kMark = 0xa5;
  static constexpr std::ptrdiff_t kAround = 64;
  std::vector<std::uint8_t> all_;
};

template <typename T>
T peek(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}
template <typename T>
void poke(std::byte* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

class SplitDevice {
 public:
  using Ring = SplitRing;
  SplitDevice(std::byte* memory, std::uint16_t size, bool event_index)
      : table_(memory),
        available_(memory + 16 * size),
        used_(memory + ((16 * size + 6 + 2 * size + 3) & ~3)),
        size_(size),
        event_index_(event_index) {}

  [[nodiscard]] bool has_more() const { return peek<std::uint16_t>(available_ + 2) != seen_; }
  Got get() {
    Got got;
    got.id = peek<std::uint16_t>(available_ + 4 + 2 * (seen_++ % size_));
    for (std::uint16_t at = got.id;;) {
      const std::byte* const descriptor = table_ + 16 * at;
      const auto flags = peek<std::uint16_t>(descriptor + 12);
      got.pieces.push_back(
          {peek<std::uint64_t>(descriptor), peek<std::uint32_t>(descriptor + 8), (flags & 2) != 0});
      if ((flags & 1) == 0) return got;
      at = peek<std::uint16_t>(descriptor + 14);
    }
  }
  /// Also what no device does.
  void use(std::uint32_t id, std::uint32_t written, std::size_t /*descriptors*/) {
    std::byte* const element = used_ + 4 + 8 * (index_ % size_);
    poke<std::uint32_t>(element, id);
    poke<std::uint32_t>(element + 4, written);
    jump(1);
  }
  void jump(std::uint16_t by) {
    index_ = static_cast<std::uint16_t>(index_ + by);
    poke<std::uint16_t>(used_ + 2, index_);
  }

  void want_no_notification() { poke<std::uint16_t>(used_, 1); }
  /// For what comes `behind` the next buffers, with the event index.
  void want_notification(std::uint16_t behind) {
    poke<std::uint16_t>(used_ + 4 + 8 * size_, static_cast<std::uint16_t>(seen_ + behind));
  }
  /// Whether it would interrupt for the last buffer used.
  [[nodiscard]] bool interrupts() const {
    if (!event_index_) return (peek<std::uint16_t>(available_) & 1) == 0;
    const auto event = peek<std::uint16_t>(available_ + 4 + 2 * size_);
    return static_cast<std::uint16_t>(index_ - 1) == event;
  }

 private:
  std::byte* table_;
  std::byte* available_;
  std::byte* used_;
  std::uint16_t size_;
  bool event_index_;
  std::uint16_t seen_ = 0;
  std::uint16_t index_ = 0;
};

class PackedDevice {
 public:
  using Ring = PackedRing;
  PackedDevice(std::byte* memory, std::uint16_t size, bool event_index)
      : table_(memory), size_(size), event_index_(event_index) {}

  [[nodiscard]] bool has_more() const {
    const auto flags = peek<std::uint16_t>(table_ + 16 * next_ + 14);
    return ((flags >> 7) & 1) == wrap_ && ((flags >> 15) & 1) != wrap_;
  }
  Got get() {
    Got got;
    for (;;) {
      const std::byte* const descriptor = table_ + 16 * next_;
      const auto flags = peek<std::uint16_t>(descriptor + 14);
      got.pieces.push_back(
          {peek<std::uint64_t>(descriptor), peek<std::uint32_t>(descriptor + 8), (flags & 2) != 0});
      got.id = peek<std::uint16_t>(descriptor + 12);
      move(next_, wrap_, 1);
      if ((flags & 1) == 0) return got;
    }
  }
  void use(std::uint32_t id, std::uint32_t written, std::size_t descriptors) {
    std::byte* const descriptor = table_ + 16 * used_;
    last_ = used_;
    last_wrap_ = used_wrap_;
    poke<std::uint32_t>(descriptor + 8, written);
    poke<std::uint16_t>(descriptor + 12, static_cast<std::uint16_t>(id));
    poke<std::uint16_t>(descriptor + 14, used_wrap_ != 0 ? 0x8080 : 0);
    move(used_, used_wrap_, static_cast<std::uint16_t>(descriptors));
  }

  void want_no_notification() { poke<std::uint32_t>(table_ + 16 * size_ + 4, 1 << 16); }
  void want_notification(std::uint16_t behind) {
    std::uint16_t at = next_;
    unsigned wrap = wrap_;
    move(at, wrap, behind);
    poke<std::uint32_t>(table_ + 16 * size_ + 4, 2u << 16 | wrap << 15 | at);
  }
  [[nodiscard]] bool interrupts() const {
    const auto wish = peek<std::uint32_t>(table_ + 16 * size_);
    if (!event_index_) return wish >> 16 == 0;
    return wish >> 16 == 2 && (wish & 0x7fff) == last_ && ((wish >> 15) & 1) == last_wrap_;
  }

 private:
  void move(std::uint16_t& at, unsigned& wrap, std::uint16_t by) const {
    at = static_cast<std::uint16_t>(at + by);
    if (at < size_) return;
    at = static_cast<std::uint16_t>(at - size_);
    wrap ^= 1;
  }

  std::byte* table_;
  std::uint16_t size_;
  bool event_index_;
  std::uint16_t next_ = 0;
  unsigned wrap_ = 1;
  std::uint16_t used_ = 0;
  unsigned used_wrap_ = 1;
  std::uint16_t last_ = 0;
  unsigned last_wrap_ = 1;
};

/// A ring with its device.
template <typename Device>
struct Pair {
  using Ring = typename Device::Ring;
  explicit Pair(std::uint16_t size, bool event_index = false)
      : memory(typename Ring::Layout{size}.bytes),
        slots(size),
        ring(memory.ring(), slots, event_index),
        device(memory.ring(), size, event_index) {}
  Memory memory;
  std::vector<virtio::InFlight::Slot> slots;
  Ring ring;
  Device device;
};

}  // namespace atl::host
