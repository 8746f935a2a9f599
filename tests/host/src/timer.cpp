// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_time.hpp"

#include <atoll/host/machine.hpp>
#include <atoll/timer.hpp>
#include <utility>

namespace atl::host {
namespace {

void (*timer_handler)() = nullptr;

void fire(void*) {
  if (timer_handler != nullptr) timer_handler();
}

void raise_if_due() {
  FakeTime& time = fake_time();
  if (time.armed > time.now) return;
  time.armed = kNotArmed;
  raise_interrupt(fire, nullptr);
}

bool move_to_deadline() {
  FakeTime& time = fake_time();
  if (time.armed == kNotArmed) return false;
  if (time.now < time.armed) time.now = time.armed;
  raise_if_due();
  return true;
}

}  // namespace

void reset_time() {
  // Who armed it counts on the interrupt, also where nobody waits for it any more.
  while (move_to_deadline()) {
  }
  fake_time() = FakeTime{};
  set_idle_handler(move_to_deadline);
}

void advance(Nanoseconds by) {
  FakeTime& time = fake_time();
  const Nanoseconds end = time.now + by;
  while (time.armed <= end) move_to_deadline();
  // What an interrupt has started may have moved it further.
  if (time.now < end) time.now = end;
}

Nanoseconds armed_deadline() { return fake_time().armed; }
std::uint64_t timer_arms() { return fake_time().arms; }

}  // namespace atl::host

namespace atl::timer {

Handler set_handler(Handler handler) { return std::exchange(host::timer_handler, handler); }

void arm(Nanoseconds deadline) {
  host::fake_time().armed = deadline;
  ++host::fake_time().arms;
  host::raise_if_due();
}

void disarm() { host::fake_time().armed = host::kNotArmed; }

}  // namespace atl::timer
