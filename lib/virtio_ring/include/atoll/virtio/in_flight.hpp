// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/assert.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace atl::virtio {

/// A piece of memory as the device sees it.
struct Segment {
  std::uint64_t address = 0;
  std::uint32_t length = 0;
};

/// What the device has done with a buffer.
struct Completion {
  void* token = nullptr;      ///< that add() was given
  std::uint32_t written = 0;  ///< bytes that the device says it has written, at most what it may
};

/// What a device did that no device does.
enum class RingFault : std::uint8_t {
  kNone,
  kTooMany,    ///< more buffers used than it has
  kUnknownId,  ///< a buffer that there is not
  kNotItsOwn,  ///< a buffer that it does not have
  kTooLong,    ///< more bytes written than the buffer has for it
};

/// One line, for a log.
const char* describe(RingFault fault);

/// What the driver alone knows of a ring: which identifiers are under way, for whom, and
/// how much the device may write. In memory that the device does not see. What both forms
/// of a ring have alike is here.
class InFlight {
 public:
  struct Slot {
    void* token = nullptr;
    std::uint32_t writable = 0;  ///< bytes
    std::uint16_t count = 0;     ///< descriptors; 0 where no buffer that is under way begins
    std::uint16_t next = 0;      ///< the next of the same buffer, or of the free ones
    std::uint16_t last = 0;      ///< of this buffer
  };

  /// Descriptors that there are.
  [[nodiscard]] std::uint16_t size() const { return static_cast<std::uint16_t>(slots_.size()); }
  [[nodiscard]] std::uint16_t buffers() const { return buffers_; }
  [[nodiscard]] std::uint16_t descriptors_free() const { return free_; }

  /// What the device did that ended the use of this ring.
  [[nodiscard]] RingFault fault() const { return fault_; }

  /// After the reset of the device: the token of a buffer that it no longer has; null where
  /// all are back.
  void* reclaim();

 protected:
  /// As many identifiers as `slots`, which outlives this, at most 32,768 of them.
  explicit InFlight(std::span<Slot> slots);

  /// The identifier behind `id`, of the same buffer.
  [[nodiscard]] std::uint16_t next(std::uint16_t id) const { return slots_[id].next; }

  /// Takes identifiers for a buffer of these pieces: the first, by which end() knows it.
  /// None where there are too few.
  std::optional<std::uint16_t> begin(std::span<const Segment> readable,
                                     std::span<const Segment> writable, void* token);
  /// The same for one piece, of which the device may write `room` bytes.
  std::optional<std::uint16_t> begin_one(std::uint32_t room, void* token);
  /// The device's word about a buffer: `completion`, and its identifiers are free again.
  /// False, and a fault(), where there is something wrong with it.
  bool end(std::uint32_t id, std::uint32_t written, Completion& completion);
  void set_fault(RingFault fault) { fault_ = fault; }

 private:
  void* release(std::uint16_t id);

  std::span<Slot> slots_;
  std::uint16_t first_free_ = 0;
  std::uint16_t free_;
  std::uint16_t buffers_ = 0;
  RingFault fault_ = RingFault::kNone;
};

// Inline, since they are what each buffer costs.

inline std::optional<std::uint16_t> InFlight::begin(std::span<const Segment> readable,
                                                    std::span<const Segment> writable,
                                                    void* token) {
  const std::size_t count = readable.size() + writable.size();
  ATOLL_ASSERT(count > 0);
  if (count > free_) return std::nullopt;
  std::uint64_t room = 0;
  for (const Segment& segment : writable) room += segment.length;
  const bool more_than_a_ring_can_tell = room > UINT32_MAX;
  ATOLL_ASSERT(!more_than_a_ring_can_tell);
  const std::uint16_t id = first_free_;
  std::uint16_t last = id;
  for (std::size_t left = count; left > 1; --left) last = slots_[last].next;
  first_free_ = slots_[last].next;
  slots_[id].token = token;
  slots_[id].writable = static_cast<std::uint32_t>(room);
  slots_[id].count = static_cast<std::uint16_t>(count);
  slots_[id].last = last;
  free_ = static_cast<std::uint16_t>(free_ - count);
  ++buffers_;
  return id;
}

inline std::optional<std::uint16_t> InFlight::begin_one(std::uint32_t room, void* token) {
  if (free_ == 0) return std::nullopt;
  const std::uint16_t id = first_free_;
  Slot& slot = slots_[id];
  first_free_ = slot.next;
  slot.token = token;
  slot.writable = room;
  slot.count = 1;
  slot.last = id;
  --free_;
  ++buffers_;
  return id;
}

// Those of one buffer are linked as they were when they were free.
inline void* InFlight::release(std::uint16_t id) {
  Slot& slot = slots_[id];
  free_ = static_cast<std::uint16_t>(free_ + slot.count);
  --buffers_;
  slots_[slot.last].next = std::exchange(first_free_, id);
  slot.count = 0;
  return std::exchange(slot.token, nullptr);
}

inline bool InFlight::end(std::uint32_t id, std::uint32_t written, Completion& completion) {
  if (id >= slots_.size()) return set_fault(RingFault::kUnknownId), false;
  const Slot& slot = slots_[id];
  if (slot.count == 0) return set_fault(RingFault::kNotItsOwn), false;
  if (written > slot.writable) return set_fault(RingFault::kTooLong), false;
  completion = {release(static_cast<std::uint16_t>(id)), written};
  return true;
}

}  // namespace atl::virtio
