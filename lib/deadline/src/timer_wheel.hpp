// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/wait.hpp>
#include <cstddef>
#include <cstdint>

namespace atl {

/// Timers by their moments, in constant time however many there are: a hierarchy of
/// wheels (G. Varghese, T. Lauck, "Hashed and Hierarchical Timing Wheels", SOSP 1987,
/// scheme 7) that loses no precision.
///
/// A moment is 16 digits of 4 bits. A timer stands on the level of the highest digit in
/// which its moment differs from the wheels' own, in the slot that this digit says. So
/// all on one level come before all on the next, all in one slot before all in those
/// behind it, and those in one slot of level 0 are of one moment. When the wheels turn
/// into a slot, its timers spread over the levels below: at most 15 times in a timer's
/// life.
///
/// Any context; takes no lock. A wheel that is destroyed forgets its timers.
class TimerWheel {
 public:
  constexpr TimerWheel() = default;
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  /// Takes in `timer`, which is in no wheel, for `when`, which is after each `now` that
  /// take_due() was called with since the wheel was empty. An empty one begins at `now`,
  /// which is not after `when`.
  void insert(Timer& timer, Nanoseconds when, Nanoseconds now = Nanoseconds{0});

  /// Takes `timer` out, which is in this wheel.
  void remove(Timer& timer);

  static bool holds(const Timer& timer) { return timer.next_ != nullptr; }

  /// Not after the moment of any timer, and that of the first one unless a timer that
  /// came before it has been removed; kEndOfTime where there is none.
  [[nodiscard]] Nanoseconds earliest() const;

  /// Takes out the first timer whose moment is not after `now`, of those with one moment
  /// the one that came first; null where there is none. `now` does not fall from call to
  /// call.
  Timer* take_due(Nanoseconds now);

  static constexpr Nanoseconds kEndOfTime{~std::uint64_t{0}};

 private:
  static constexpr unsigned kDigitBits = 4;
  static constexpr unsigned kSlotsPerLevel = 1u << kDigitBits;
  static constexpr unsigned kLevels = 64 / kDigitBits;

  struct Slot {
    Timer* first;         ///< of a ring
    std::uint64_t least;  ///< not after any moment in it; of those that came since it was empty
  };

  void add(Timer& timer);
  void spread(unsigned slot);
  [[nodiscard]] unsigned first_slot() const;
  static void unlink(Timer& timer);

  std::uint64_t now_ = 0;                          ///< all moments are later, or equal
  std::uint32_t levels_ = 0;                       ///< which of occupied_ are not 0
  std::array<std::uint16_t, kLevels> occupied_{};  ///< which slots are not empty
  std::array<Slot, kLevels * kSlotsPerLevel> slots_{};
};

}  // namespace atl
