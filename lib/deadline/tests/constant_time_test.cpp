// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// The promise of the library: what a timer costs does not depend on how many there are.
#include <gtest/gtest.h>

#include <algorithm>
#include <atoll/host/instruction_count.hpp>
#include <memory>
#include <random>
#include <vector>

#include "../src/timer_wheel.hpp"

namespace atl {
namespace {

struct Nothing : Timer {
  Nothing() : Timer([](Timer&) {}) {}
};

constexpr std::size_t kSteps = 40;
constexpr std::uint64_t kSecond = 1'000'000'000;

struct Most {
  long arm = 0;
  long cancel = 0;
  long expire = 0;  ///< all together, without what turning the wheels costs the others
};

/// The most instructions of arming and of cancelling a timer among `pending` others, and
/// those of expiring some.
std::optional<Most> measure(std::size_t pending) {
  std::mt19937_64 random{42};
  TimerWheel wheel;
  std::vector<std::unique_ptr<Nothing>> others, some;
  // An hour ahead, and what is measured before and among them.
  const auto far = [&] { return Nanoseconds{3600 * kSecond + random() % (60 * kSecond)}; };
  for (std::size_t i = 0; i != pending; ++i) {
    others.push_back(std::make_unique<Nothing>());
    wheel.insert(*others.back(), far());
  }
  for (std::size_t i = 0; i != kSteps; ++i) some.push_back(std::make_unique<Nothing>());
  std::vector<std::function<void()>> steps;
  for (auto& timer : some) {
    const Nanoseconds when = far();
    steps.emplace_back([&wheel, &timer, when] { wheel.insert(*timer, when); });
  }
  for (auto& timer : some) steps.emplace_back([&wheel, &timer] { wheel.remove(*timer); });
  for (std::size_t i = 0; i != kSteps; ++i)
    steps.emplace_back([&wheel, &timer = some[i], when = Nanoseconds{(i + 1) * kSecond}] {
      wheel.insert(*timer, when);
      static_cast<void>(wheel.earliest());
      static_cast<void>(wheel.take_due(when));
    });
  const auto counts = host::count_instructions(steps);
  for (auto& timer : others) wheel.remove(*timer);
  if (!counts) return std::nullopt;
  Most most;
  for (std::size_t i = 0; i != kSteps; ++i) {
    most.arm = std::max(most.arm, (*counts)[i]);
    most.cancel = std::max(most.cancel, (*counts)[kSteps + i]);
    most.expire += (*counts)[2 * kSteps + i];
  }
  return most;
}

TEST(DeadlineConstantTime, the_number_of_pending_timers_does_not_matter) {
  const auto one = measure(1);
  if (!one) GTEST_SKIP() << "this host does not allow ptrace";
  const auto many = measure(10'000);
  ASSERT_TRUE(many);
  // The same ways through the same code: a few instructions more or less.
  const auto hardly_more = [](long now, long before) { return now <= before + before / 5; };
  EXPECT_PRED2(hardly_more, many->arm, one->arm);
  EXPECT_PRED2(hardly_more, many->cancel, one->cancel);
  EXPECT_PRED2(hardly_more, many->expire, one->expire);
}

// Where all wait in one slot, whoever turns the wheels into it moves all, once a level.
TEST(DeadlineConstantTime, a_timer_moves_at_most_once_a_level) {
  constexpr std::size_t kPending = 64;
  std::vector<std::unique_ptr<Nothing>> timers;
  TimerWheel wheel;
  const std::uint64_t base = 0xfff'ffff'ffff'0000;
  for (std::size_t i = 0; i != kPending; ++i) {
    timers.push_back(std::make_unique<Nothing>());
    wheel.insert(*timers.back(), Nanoseconds{base + i});
  }
  const auto all = [&] {
    std::size_t fired = 0;
    while (wheel.take_due(Nanoseconds{base + kPending}) != nullptr) ++fired;
    if (fired != kPending) std::abort();
  };
  const auto counts = host::count_instructions({all});
  for (auto& timer : timers) wheel.remove(*timer);
  if (!counts) GTEST_SKIP() << "this host does not allow ptrace";
  EXPECT_LT(counts->front(), long{kPending} * 16 * 300);
}

}  // namespace
}  // namespace atl
