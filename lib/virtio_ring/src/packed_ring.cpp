// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/virtio/packed_ring.hpp>
#include <atomic>

#include "shared.hpp"

namespace atl::virtio {

// §2.8.13.
struct PackedRing::Descriptor {
  std::uint64_t address;
  std::uint32_t length;
  std::uint16_t id;
  std::uint16_t flags;
};

namespace {

// §2.8.13, §2.8.1.
constexpr std::uint16_t kNext = 1;
constexpr std::uint16_t kWrite = 2;
constexpr std::uint16_t kAvailable = 1 << 7;
constexpr std::uint16_t kUsed = 1 << 15;

// Event suppression (§2.8.14): the offset and its wrap counter in the lower half, flags above.
constexpr std::uint32_t kEnable = 0;
constexpr std::uint32_t kDisable = 1 << 16;
constexpr std::uint32_t kAtDescriptor = 2 << 16;
constexpr std::uint32_t kFlagsMask = 3 << 16;
constexpr std::uint32_t kOffsetMask = 0x7fff;
constexpr std::uint32_t kWrapBit = 0x8000;

constexpr std::uint16_t available(bool wrap) { return wrap ? kAvailable : kUsed; }

}  // namespace

PackedRing::Descriptor* PackedRing::table() const { return reinterpret_cast<Descriptor*>(memory_); }

PackedRing::PackedRing(std::byte* memory, std::span<Slot> slots, bool event_index)
    : InFlight(slots), memory_(memory), layout_(size()), event_index_(event_index) {
  disable_interrupts();
}

PackedRing::Position PackedRing::moved(Position position, std::uint16_t by) const {
  const std::uint32_t index = std::uint32_t{position.index} + by;
  if (index < size()) return {static_cast<std::uint16_t>(index), position.wrap};
  return {static_cast<std::uint16_t>(index - size()), !position.wrap};
}

// Writes the next descriptor.
inline void PackedRing::describe(const Segment& piece, std::uint16_t flags, std::uint16_t id) {
  flags = static_cast<std::uint16_t>(flags | available(next_.wrap));
  Descriptor& descriptor = table()[next_.index];
  descriptor.address = piece.address;
  descriptor.length = piece.length;
  descriptor.id = id;
  // The flags of the first are what shows the device all of them (§2.8.20).
  if (hidden_ == 0) {
    first_flags_ = flags;
  } else {
    store(descriptor.flags, flags);
  }
  ++hidden_;
  next_ = moved(next_, 1);
}

bool PackedRing::add(std::span<const Segment> readable, std::span<const Segment> writable,
                     void* token) {
  const auto id = begin(readable, writable, token);
  if (!id) return false;
  std::size_t left = readable.size() + writable.size();
  const auto describe_all = [&](std::span<const Segment> pieces, std::uint16_t kind) {
    for (const Segment& piece : pieces) {
      describe(piece, static_cast<std::uint16_t>(kind | (--left > 0 ? kNext : 0)), *id);
    }
  };
  describe_all(readable, 0);
  describe_all(writable, kWrite);
  return true;
}

bool PackedRing::add_one(const Segment& piece, bool writable, void* token) {
  const auto id = begin_one(writable ? piece.length : 0, token);
  if (!id) return false;
  describe(piece, writable ? kWrite : std::uint16_t{0}, *id);
  return true;
}

bool PackedRing::publish() {
  if (hidden_ == 0) return false;
  store_release(table()[shown_.index].flags, first_flags_);
  shown_ = next_;
  hidden_ = 0;
  // As for the split ring: the device writes its wish, then looks (§2.8.21.3.1).
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return wants_notification();
}

bool PackedRing::wants_notification() const {
  const auto& word = *reinterpret_cast<const std::uint32_t*>(memory_ + layout_.device);
  const std::uint32_t wish = load(word);
  if ((wish & kFlagsMask) != kAtDescriptor) return (wish & kFlagsMask) == kEnable;
  // In positions that count on from the last time around.
  auto event = static_cast<std::uint16_t>(wish & kOffsetMask);
  if (((wish & kWrapBit) != 0) != next_.wrap) event = static_cast<std::uint16_t>(event - size());
  // Also one that an earlier publish() passed: QEMU 7.2's net device may go on from there without
  // another wish, and wait (virtio_net_tx_complete()). One notification too many does no harm
  // (§2.8.10.2).
  return passes(event, static_cast<std::uint16_t>(next_.index - size()), next_.index);
}

// §2.8.1: both bits as the wrap counter of the last time around.
bool PackedRing::is_used(Position position) const {
  const std::uint16_t flags = load_acquire(table()[position.index].flags);
  const bool used = (flags & kUsed) != 0;
  return used == ((flags & kAvailable) != 0) && used == position.wrap;
}

bool PackedRing::take(Completion& completion) {
  if (fault() != RingFault::kNone || !is_used(taken_)) return false;
  if (buffers() == 0) {
    set_fault(RingFault::kTooMany);
    return false;
  }
  const Descriptor& descriptor = table()[taken_.index];
  const std::uint16_t before = descriptors_free();
  if (!end(load(descriptor.id), load(descriptor.length), completion)) return false;
  taken_ = moved(taken_, static_cast<std::uint16_t>(descriptors_free() - before));
  return true;
}

void PackedRing::wish(std::uint32_t word) {
  store(*reinterpret_cast<std::uint32_t*>(memory_ + layout_.driver), word);
}

void PackedRing::disable_interrupts() { wish(kDisable); }

bool PackedRing::enable_interrupts() {
  wish(event_index_ ? kAtDescriptor | (taken_.wrap ? kWrapBit : 0) | taken_.index : kEnable);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return !is_used(taken_);
}

}  // namespace atl::virtio
