// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/virtio/in_flight.hpp>
#include <cstddef>
#include <cstdint>
#include <span>

namespace atl::virtio {

/// The driver's side of a packed virtqueue (virtio 1.2 §2.8), by the functions, and with the
/// promises, of SplitRing.
class PackedRing : public InFlight {
 public:
  /// Bytes of the three areas for `size` descriptors, up to 32,768 (§2.8.1), one behind the
  /// other.
  struct Layout {
    explicit constexpr Layout(std::uint16_t size)
        : driver(std::size_t{16} * size), device(driver + 4), bytes(device + 4) {}
    static constexpr std::size_t kAlignment = 16;
    std::size_t driver;  ///< where the driver's wish for interrupts stands
    std::size_t device;  ///< where the device's wish for notifications stands
    std::size_t bytes;
  };

  static constexpr std::uint16_t largest_size(std::uint16_t size) { return size; }

  PackedRing(std::byte* memory, std::span<Slot> slots, bool event_index);

  bool add(std::span<const Segment> readable, std::span<const Segment> writable, void* token);
  bool add_readable(const Segment& piece, void* token) { return add_one(piece, false, token); }
  bool add_writable(const Segment& piece, void* token) { return add_one(piece, true, token); }
  bool publish();
  bool take(Completion& completion);
  void disable_interrupts();
  bool enable_interrupts();

 private:
  struct Descriptor;

  /// A place in the ring, and how often it was gone around (§2.8.1).
  struct Position {
    std::uint16_t index = 0;
    bool wrap = true;
  };

  bool add_one(const Segment& piece, bool writable, void* token);
  void describe(const Segment& piece, std::uint16_t flags, std::uint16_t id);
  [[nodiscard]] Descriptor* table() const;
  [[nodiscard]] Position moved(Position position, std::uint16_t by) const;
  [[nodiscard]] bool is_used(Position position) const;
  void wish(std::uint32_t word);
  [[nodiscard]] bool wants_notification() const;

  std::byte* memory_;
  Layout layout_;
  bool event_index_;
  Position next_;                  // where add() goes on
  Position shown_;                 // the first that publish() has not shown
  std::uint16_t hidden_ = 0;       // descriptors from there on
  std::uint16_t first_flags_ = 0;  // that publish() gives the first of them
  Position taken_;                 // where the device uses next
};

}  // namespace atl::virtio
