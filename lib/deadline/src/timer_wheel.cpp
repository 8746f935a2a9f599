// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "timer_wheel.hpp"

#include <atoll/assert.hpp>
#include <bit>

namespace atl {

void TimerWheel::insert(Timer& timer, Nanoseconds when, Nanoseconds now) {
  ATOLL_ASSERT(!holds(timer));
  timer.when_ = when;
  // Nothing turns an empty wheel.
  if (levels_ == 0) now_ = now.count;
  add(timer);
}

/// Puts `timer`, linked nowhere, where its moment belongs: behind those of the same one.
void TimerWheel::add(Timer& timer) {
  const std::uint64_t when = timer.when_.count;
  // The lowest level where they do not differ at all.
  const auto highest_bit = static_cast<unsigned>(std::bit_width((when ^ now_) | 1)) - 1;
  const unsigned level = highest_bit / kDigitBits;
  const unsigned digit = when >> (level * kDigitBits) & (kSlotsPerLevel - 1);
  timer.slot_ = static_cast<std::uint8_t>(level * kSlotsPerLevel + digit);
  Slot& slot = slots_[timer.slot_];
  if (slot.first == nullptr) {
    slot = {.first = &timer, .least = when};
    timer.next_ = timer.previous_ = &timer;
    occupied_[level] |= static_cast<std::uint16_t>(1u << digit);
    levels_ |= 1u << level;
    return;
  }
  timer.next_ = slot.first;
  timer.previous_ = slot.first->previous_;
  timer.previous_->next_ = slot.first->previous_ = &timer;
  if (when < slot.least) slot.least = when;
}

void TimerWheel::remove(Timer& timer) {
  ATOLL_ASSERT(holds(timer));
  Slot& slot = slots_[timer.slot_];
  if (timer.next_ == &timer) {
    const unsigned level = timer.slot_ / kSlotsPerLevel;
    slot.first = nullptr;
    occupied_[level] &= static_cast<std::uint16_t>(~(1u << timer.slot_ % kSlotsPerLevel));
    if (occupied_[level] == 0) levels_ &= ~(1u << level);
  } else if (slot.first == &timer) {
    slot.first = timer.next_;
  }
  unlink(timer);
}

Nanoseconds TimerWheel::earliest() const {
  return levels_ == 0 ? kEndOfTime : Nanoseconds{slots_[first_slot()].least};
}

Timer* TimerWheel::take_due(Nanoseconds now) {
  while (levels_ != 0) {
    const unsigned slot = first_slot();
    if (slots_[slot].least > now.count) return nullptr;
    // Nothing is before it, so that all others keep their places.
    now_ = slots_[slot].least;
    if (slot < kSlotsPerLevel) {
      Timer& first = *slots_[slot].first;
      remove(first);
      return &first;
    }
    spread(slot);
  }
  return nullptr;
}

/// Moves the timers of `slot`, which the wheels have turned into, to the levels below,
/// all of which are empty: in the order in which they stand here.
void TimerWheel::spread(unsigned slot) {
  while (Timer* const timer = slots_[slot].first) {
    remove(*timer);
    add(*timer);
  }
}

/// Where the first timers stand; not for empty wheels.
unsigned TimerWheel::first_slot() const {
  const auto level = static_cast<unsigned>(std::countr_zero(levels_));
  return level * kSlotsPerLevel + static_cast<unsigned>(std::countr_zero(occupied_[level]));
}

void TimerWheel::unlink(Timer& timer) {
  timer.previous_->next_ = timer.next_;
  timer.next_->previous_ = timer.previous_;
  timer.next_ = timer.previous_ = nullptr;
}

}  // namespace atl
