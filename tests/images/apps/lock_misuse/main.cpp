// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/deadline.hpp>
#include <atoll/sync.hpp>
#include <string_view>

namespace {

using namespace atl;

constexpr LockRank kInner{2};
constexpr LockRank kOuter{1};

constinit Mutex left, right, third;
constinit RankedMutex<kOuter> outer;
constinit RankedMutex<kInner> inner;
constinit IrqSpinLock spin;

struct Pair {
  Mutex& first;
  Mutex& second;
};

// Both have their first before either asks for its second.
void take_both(void* argument) {
  auto& pair = *static_cast<Pair*>(argument);
  Guard first{pair.first};
  static_cast<void>(sched::sleep_until(deadline::after(10_ms)));
  Guard second{pair.second};
}

void start(const char* name, Pair& pair) {
  if (!sched::create({.name = name, .detached = true}, take_both, &pair).ok()) __builtin_trap();
}

void circle() {
  Pair one{left, right};
  Pair other{right, left};
  start("one", one);
  start("other", other);
  static_cast<void>(sched::sleep_until(deadline::after(10_s)));
}

void circle_of_three() {
  Pair a{left, right};
  Pair b{right, third};
  Pair c{third, left};
  start("a", a);
  start("b", b);
  start("c", c);
  static_cast<void>(sched::sleep_until(deadline::after(10_s)));
}

// A wait that ends by itself is no deadlock.
void timed() {
  Pair one{left, right};
  right.lock();
  start("one", one);
  static_cast<void>(sched::sleep_until(deadline::after(20_ms)));
  if (left.lock(deadline::after(10_ms)).error() != Errc::kTimedOut) __builtin_trap();
  right.unlock();
}

void ordered() {
  Guard first{outer};
  Guard second{inner};
}
void against_rank() {
  Guard first{inner};
  Guard second{outer};
}
void twice() {
  Guard first{left};
  Guard second{left};
}
void wait_under_spin_lock() {
  Guard guard{spin};
  static_cast<void>(sched::sleep_until(deadline::after(1_ms)));
}
void spin_twice() {
  Guard first{spin};
  Guard second{spin};
}
void unmasked() { MaskedGuard guard{spin}; }

}  // namespace

int main(int count, char** words) {
  static const struct {
    std::string_view name;
    void (*run)();
  } misuses[] = {{"circle", circle},
                 {"circle_of_three", circle_of_three},
                 {"timed", timed},
                 {"ordered", ordered},
                 {"against_rank", against_rank},
                 {"twice", twice},
                 {"wait_under_spin_lock", wait_under_spin_lock},
                 {"spin_twice", spin_twice},
                 {"unmasked", unmasked}};
  for (const auto& misuse : misuses) {
    if (count > 1 && misuse.name == words[1]) {
      misuse.run();
      return 0;
    }
  }
  return count > 1 ? 2 : 0;
}
