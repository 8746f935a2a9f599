// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/assert.hpp>
#include <atoll/virtio/split_ring.hpp>
#include <atomic>

#include "shared.hpp"

namespace atl::virtio {

// §2.7.5.
struct SplitRing::Descriptor {
  std::uint64_t address;
  std::uint32_t length;
  std::uint16_t flags;
  std::uint16_t next;
};

// §2.7.8.
struct SplitRing::Used {
  std::uint32_t id;
  std::uint32_t length;
};

namespace {

// §2.7.5.
constexpr std::uint16_t kNext = 1;
constexpr std::uint16_t kWrite = 2;
// Of the available ring (§2.7.6) and of the used one (§2.7.8).
constexpr std::uint16_t kNoInterrupt = 1;
constexpr std::uint16_t kNoNotification = 1;

// Where both rings have their words, in words of 16 bits.
constexpr std::size_t kFlags = 0;
constexpr std::size_t kIndex = 1;
constexpr std::size_t kElements = 2;

}  // namespace

std::uint16_t* SplitRing::available() const {
  return reinterpret_cast<std::uint16_t*>(memory_ + layout_.driver);
}
std::uint16_t* SplitRing::used() const {
  return reinterpret_cast<std::uint16_t*>(memory_ + layout_.device);
}

SplitRing::SplitRing(std::byte* memory, std::span<Slot> slots, bool event_index)
    : InFlight(slots), memory_(memory), layout_(size()), event_index_(event_index) {
  ATOLL_ASSERT(largest_size(size()) == size());
  disable_interrupts();
}

bool SplitRing::add(std::span<const Segment> readable, std::span<const Segment> writable,
                    void* token) {
  const auto begun = begin(readable, writable, token);
  if (!begun) return false;
  const std::uint16_t first = *begun;
  auto* const table = reinterpret_cast<Descriptor*>(memory_);
  std::uint16_t id = first;
  std::size_t left = readable.size() + writable.size();
  const auto describe_one = [&](const Segment& segment, std::uint16_t flags) {
    const bool more = --left > 0;
    const std::uint16_t behind = more ? next(id) : std::uint16_t{0};
    table[id] = {segment.address, segment.length,
                 static_cast<std::uint16_t>(flags | (more ? kNext : 0)), behind};
    id = behind;
  };
  for (const Segment& segment : readable) describe_one(segment, 0);
  for (const Segment& segment : writable) describe_one(segment, kWrite);
  offer(first);
  return true;
}

bool SplitRing::add_one(const Segment& piece, bool writable, void* token) {
  const auto id = begin_one(writable ? piece.length : 0, token);
  if (!id) return false;
  reinterpret_cast<Descriptor*>(memory_)[*id] = {
      piece.address, piece.length, writable ? kWrite : std::uint16_t{0}, std::uint16_t{0}};
  offer(*id);
  return true;
}

// What the device sees by publish(): a buffer by its first descriptor.
inline void SplitRing::offer(std::uint16_t id) {
  available()[kElements + (added_ & mask())] = id;
  ++added_;
}

bool SplitRing::publish() {
  const std::uint16_t before = published_;
  if (before == added_) return false;
  published_ = added_;
  store_release(available()[kIndex], added_);
  // The device has the index before its wish is read, as it looks for more after it has
  // written its wish (§2.7.13.3.1).
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return wants_notification(before);
}

bool SplitRing::wants_notification(std::uint16_t before) const {
  const std::uint16_t* const ring = used();
  if (!event_index_) return (load(ring[kFlags]) & kNoNotification) == 0;
  // avail_event stands behind the elements (§2.7.8).
  const std::uint16_t event = load(ring[kElements + std::size_t{4} * size()]);
  return passes(event, before, published_);
}

bool SplitRing::take(Completion& completion) {
  if (fault() != RingFault::kNone) return false;
  const std::uint16_t* const ring = used();
  const auto waiting = static_cast<std::uint16_t>(load_acquire(ring[kIndex]) - taken_);
  if (waiting == 0) return false;
  if (waiting > buffers()) {
    set_fault(RingFault::kTooMany);
    return false;
  }
  const auto* const elements = reinterpret_cast<const Used*>(ring + kElements);
  const Used& element = elements[taken_ & mask()];
  if (!end(load(element.id), load(element.length), completion)) return false;
  ++taken_;
  return true;
}

void SplitRing::disable_interrupts() {
  if (event_index_) {
    // As far away as there is (§2.7.10): used_event stands behind the elements.
    store(available()[kElements + size()], static_cast<std::uint16_t>(taken_ + 0x8000));
  } else {
    store(available()[kFlags], kNoInterrupt);
  }
}

bool SplitRing::enable_interrupts() {
  if (event_index_) {
    store(available()[kElements + size()], taken_);
  } else {
    store(available()[kFlags], 0);
  }
  // Asked after the wish has been written: one of the two sees the other (§2.7.14).
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return load(used()[kIndex]) == taken_;
}

}  // namespace atl::virtio
