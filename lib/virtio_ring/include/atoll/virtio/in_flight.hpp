// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>
#include <span>

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
/// how much the device may write. In memory that the device does not see.
class InFlight {
 public:
  struct Slot {
    void* token = nullptr;
    std::uint32_t writable = 0;  ///< bytes
    std::uint16_t count = 0;     ///< descriptors; 0 where no buffer that is under way begins
    std::uint16_t next = 0;      ///< the next of the same buffer, or of the free ones
    std::uint16_t last = 0;      ///< of this buffer
  };

  /// As many identifiers as `slots`, which outlives this, at most 32,768 of them.
  explicit InFlight(std::span<Slot> slots);

  [[nodiscard]] std::uint16_t buffers() const { return buffers_; }
  [[nodiscard]] std::uint16_t descriptors_free() const { return free_; }

  /// The device's word about a buffer: what was wrong with it, else kNone, and it is given
  /// back to the driver.
  RingFault end(std::uint32_t id, std::uint32_t written, Completion& completion);

 protected:
  [[nodiscard]] std::uint16_t size() const { return static_cast<std::uint16_t>(slots_.size()); }
  /// Takes `count` identifiers, of which as many are free, for a buffer: the first, by which
  /// end() knows it.
  std::uint16_t begin(void* token, std::uint32_t writable, std::uint16_t count);
  /// Any buffer that is under way, given back: its token; null where there is none.
  void* take_back();
  /// The identifier behind `id`, of the same buffer.
  [[nodiscard]] std::uint16_t next(std::uint16_t id) const { return slots_[id].next; }

 private:
  std::span<Slot> slots_;
  std::uint16_t first_free_ = 0;
  std::uint16_t free_;
  std::uint16_t buffers_ = 0;
};

}  // namespace atl::virtio
