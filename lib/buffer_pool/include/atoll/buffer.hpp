// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/assert.hpp>
#include <atoll/owned.hpp>
#include <atoll/types.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace atl {

class BufferPool;
class Buffer;

/// What devices call a place in a buffer: on KVM and Xen the physical address. Only drivers
/// look into it.
using DeviceAddr = Address<struct DeviceTag>;

/// A packet: a chain of buffers, and the only handle on it. It gives them back to their pools
/// when it goes.
using Packet = Owned<Buffer>;

/// What of a packet a device does, or has done. In the first buffer of the packet.
struct Offload {
  enum class Checksum : std::uint8_t {
    kUnchecked,  ///< nobody has looked; to be sent: as it stands
    kChecked,    ///< received, and the device has found it right
    kPartial,    ///< the field holds the sum of the pseudo header: the rest is to be added
  };
  enum class Segments : std::uint8_t { kNone, kTcp4, kTcp6 };

  Checksum checksum = Checksum::kUnchecked;
  Segments segments = Segments::kNone;
  std::uint16_t checksum_start = 0;   ///< kPartial: bytes of the packet before what is summed up
  std::uint16_t checksum_offset = 0;  ///< kPartial: from there to the field of 16 bits
  std::uint16_t segment_bytes = 0;    ///< of each segment but the last, without its headers
  std::uint16_t header_bytes = 0;     ///< that each segment begins with
};

/// Memory that devices see, and the data in it: [offset, offset + length) of its room.
///
/// Who has the packet may do everything with its buffers; no context is forbidden. A packet
/// that is shared is only read.
class alignas(64) Buffer {
 public:
  /// Bytes in front of the data of a fresh buffer: room for headers, a device's included.
  static constexpr std::uint32_t kHeadroom = 64;

  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  [[nodiscard]] std::byte* data() { return memory_ + offset_; }
  [[nodiscard]] const std::byte* data() const { return memory_ + offset_; }
  [[nodiscard]] std::uint32_t length() const { return length_; }
  [[nodiscard]] std::span<std::byte> bytes() { return {data(), length_}; }
  [[nodiscard]] std::span<const std::byte> bytes() const { return {data(), length_}; }
  [[nodiscard]] std::uint32_t headroom() const { return offset_; }
  [[nodiscard]] std::uint32_t tailroom() const { return room_ - offset_ - length_; }
  /// Of all its memory.
  [[nodiscard]] std::uint32_t room() const { return room_; }
  /// Where a device finds data().
  [[nodiscard]] DeviceAddr device_address() const { return device_ + offset_; }

  /// `bytes` more data in front of it; at most headroom().
  std::byte* prepend(std::uint32_t bytes) {
    ATOLL_ASSERT(bytes <= headroom());
    offset_ -= bytes;
    length_ += bytes;
    return data();
  }
  /// Takes `bytes` away at the front; at most length().
  void remove_front(std::uint32_t bytes) {
    ATOLL_ASSERT(bytes <= length_);
    offset_ += bytes;
    length_ -= bytes;
  }
  /// `bytes` more data behind it, at most tailroom(): where they begin.
  std::byte* append(std::uint32_t bytes) {
    ATOLL_ASSERT(bytes <= tailroom());
    length_ += bytes;
    return data() + (length_ - bytes);
  }
  /// Only the first `bytes` are left; at most length().
  void truncate(std::uint32_t bytes) {
    ATOLL_ASSERT(bytes <= length_);
    length_ = bytes;
  }
  /// Empty, with `headroom` in front, at most room().
  void clear(std::uint32_t headroom = kHeadroom) {
    ATOLL_ASSERT(headroom <= room_);
    offset_ = headroom;
    length_ = 0;
  }

  /// The rest of the packet; null for its last buffer.
  [[nodiscard]] Buffer* next() const { return next_; }
  /// Makes `rest`, which may be shared, the rest of the packet whose last buffer this is, which
  /// is not.
  void link(Packet rest) {
    ATOLL_ASSERT(next_ == nullptr && !shared());
    next_ = rest.release();
  }
  /// The packet ends here: what came behind.
  Packet unlink() { return Packet{std::exchange(next_, nullptr)}; }

  /// One more handle on the packet that begins here. It goes back with the last of them; a link
  /// to it is a handle, too.
  Packet share() {
    references_.fetch_add(1, std::memory_order_relaxed);
    return Packet{this};
  }
  [[nodiscard]] bool shared() const { return references_.load(std::memory_order_relaxed) > 1; }

  [[nodiscard]] BufferPool& pool() const { return *pool_; }
  /// Which one of its pool it is: from 0 on.
  [[nodiscard]] std::uint32_t index() const { return index_; }

  /// What Packet does at its end.
  static void destroy(Buffer& packet);

 private:
  friend class BufferPool;
  Buffer() = default;

  /// Whether it was the last handle: then there is one again, the caller's.
  bool drop_handle();

  Buffer* next_ = nullptr;
  std::byte* memory_ = nullptr;
  DeviceAddr device_;
  BufferPool* pool_ = nullptr;
  std::uint32_t room_ = 0;
  std::uint32_t offset_ = 0;
  std::uint32_t length_ = 0;
  std::uint32_t index_ = 0;
  std::atomic<std::uint32_t> references_ = 1;

 public:
  Offload offload;  ///< of the packet that begins here
};
static_assert(sizeof(Buffer) == 64);

/// Bytes of data in the packet that begins with `first`.
inline std::uint64_t packet_length(const Buffer& first) {
  std::uint64_t length = first.length();
  for (const Buffer* rest = first.next(); rest != nullptr; rest = rest->next()) {
    length += rest->length();
  }
  return length;
}

}  // namespace atl
