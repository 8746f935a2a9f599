// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/buffer.hpp>
#include <atoll/lock.hpp>
#include <atoll/make.hpp>
#include <atoll/result.hpp>

namespace atl {

/// Buffers of one size, for devices and who talks to them. What describes a buffer lies
/// apart from it: a device that writes over the pages of a pool meets nothing but data.
///
/// create() and destroy() from threads and boot steps; everything else in any context but an
/// interrupt handler; on any CPU; never blocks. O(1) for each buffer.
class BufferPool final : public OnHeap<BufferPool> {
 public:
  struct Shape {
    std::uint32_t buffers = 0;
    /// Of each: a power of two from 512 up to a page, or whole pages.
    std::uint32_t bytes = 2048;
  };
  struct Statistics {
    std::uint32_t buffers = 0;
    std::uint32_t free = 0;
    std::uint32_t lowest_free = 0;  ///< that there ever were
    std::uint64_t refused = 0;      ///< buffers that somebody wanted and did not get
  };

  /// kNoMemory; kInvalidArgument for a shape that none has.
  static Result<Owned<BufferPool>> create(Shape shape);
  /// Only for create().
  explicit BufferPool(Shape shape) : shape_(shape) {}
  /// Every buffer is back: asserted.
  ~BufferPool();

  /// A packet of one buffer, empty, with Buffer::kHeadroom; null where all are in use.
  Packet allocate();
  /// As many of them as there are, at most into.size(): how many. What stood there is given
  /// back.
  std::size_t allocate(std::span<Packet> into);

  /// Bytes of each buffer.
  [[nodiscard]] std::uint32_t buffer_bytes() const { return shape_.bytes; }
  [[nodiscard]] Statistics statistics() const;

 private:
  friend class Buffer;

  Result<void> add_memory();
  void add_run(PhysAddr start, PageCount pages);
  Buffer& buffer(std::uint32_t index) const;
  /// Takes back a chain of `count` buffers that ends with `last`, all of this pool.
  void take_back(Buffer& first, Buffer& last, std::uint32_t count);

  struct Free {
    Buffer* first = nullptr;
    std::uint32_t count = 0;
    std::uint32_t lowest = 0;
    std::uint64_t refused = 0;
  };

  Shape shape_;
  PhysAddr descriptions_;  // of shape_.buffers Buffers; 0 where there are none yet
  std::uint32_t made_ = 0;
  mutable Locked<Free, SpinLock> free_;
};

}  // namespace atl
