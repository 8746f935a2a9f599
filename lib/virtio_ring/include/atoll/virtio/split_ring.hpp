// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/virtio/in_flight.hpp>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace atl::virtio {

/// The driver's side of a split virtqueue (virtio 1.2 §2.7). Whoever shares one serialises.
///
/// The device is not trusted: what it writes is read once and checked, and what this side
/// has written is never read back. After a fault the ring is of no use but for reclaim(),
/// once the device has been reset. Any context; allocates nothing.
class SplitRing : public InFlight {
 public:
  /// Bytes of the three areas for `size` descriptors, a power of two up to 32,768
  /// (§2.7.1), one behind the other.
  struct Layout {
    explicit constexpr Layout(std::uint16_t size)
        : driver(std::size_t{16} * size),
          device((driver + 6 + std::size_t{2} * size + 3) & ~std::size_t{3}),
          bytes(device + 6 + std::size_t{8} * size) {}
    static constexpr std::size_t kAlignment = 16;  ///< of the first byte
    std::size_t driver;  ///< where the available ring begins; the descriptors begin at 0
    std::size_t device;  ///< where the used ring begins
    std::size_t bytes;   ///< of all
  };

  /// The largest size of a ring that is at most `size`, which is not 0.
  static constexpr std::uint16_t largest_size(std::uint16_t size) { return std::bit_floor(size); }

  /// A ring in `memory`: zeroed, Layout::bytes of it, with as many descriptors as `slots`.
  /// `event_index`: VIRTIO_F_EVENT_IDX has been negotiated. Both outlive the ring.
  SplitRing(std::byte* memory, std::span<Slot> slots, bool event_index);

  /// Hands the device a buffer: pieces that it reads, then pieces that it writes, of less
  /// than 4 GiB altogether (§2.7.4), at least one. False where there are too few descriptors
  /// free. The device learns of it by publish().
  bool add(std::span<const Segment> readable, std::span<const Segment> writable, void* token);
  /// The same of one piece, as most packets are, at less than half the cost.
  bool add_readable(const Segment& piece, void* token) { return add_one(piece, false, token); }
  bool add_writable(const Segment& piece, void* token) { return add_one(piece, true, token); }
  /// Shows the device what has been added. True where it wants to be notified.
  bool publish();

  /// The next buffer that the device has used: true and `completion`. False where there is
  /// none, or after a fault().
  bool take(Completion& completion);

  /// The device need not interrupt. It may still do so.
  void disable_interrupts();
  /// The device interrupts for the next buffer that it uses. False where one has been used
  /// already, for which none may come: then take() again.
  bool enable_interrupts();

 private:
  struct Descriptor;
  struct Used;

  bool add_one(const Segment& piece, bool writable, void* token);
  void offer(std::uint16_t id);
  [[nodiscard]] std::uint16_t mask() const { return static_cast<std::uint16_t>(size() - 1); }
  [[nodiscard]] std::uint16_t* available() const;
  [[nodiscard]] std::uint16_t* used() const;
  bool wants_notification(std::uint16_t before) const;

  std::byte* memory_;
  Layout layout_;
  bool event_index_;
  std::uint16_t added_ = 0;      // buffers, for ever
  std::uint16_t published_ = 0;  // of them
  std::uint16_t taken_ = 0;      // buffers that came back, for ever
};

}  // namespace atl::virtio
