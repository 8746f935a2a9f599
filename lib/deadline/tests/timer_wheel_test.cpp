// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/timer_wheel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

namespace atl {
namespace {

struct Named : Timer {
  explicit Named(std::size_t name) : Timer([](Timer&) {}), number(name) {}
  std::size_t number;
};

/// Timers in the order in which they came, each with its moment: what is due is found by
/// looking at all of them.
class Model {
 public:
  void insert(std::size_t name, std::uint64_t when) { armed_.push_back({name, when}); }
  void remove(std::size_t name) {
    std::erase_if(armed_, [&](const Armed& armed) { return armed.name == name; });
  }
  [[nodiscard]] bool holds(std::size_t name) const {
    return std::any_of(armed_.begin(), armed_.end(),
                       [&](const Armed& armed) { return armed.name == name; });
  }
  [[nodiscard]] std::uint64_t earliest() const {
    std::uint64_t least = TimerWheel::kEndOfTime.count;
    for (const Armed& armed : armed_) least = std::min(least, armed.when);
    return least;
  }
  std::vector<std::size_t> take_due(std::uint64_t now) {
    std::stable_sort(armed_.begin(), armed_.end(),
                     [](const Armed& a, const Armed& b) { return a.when < b.when; });
    std::vector<std::size_t> names;
    while (!armed_.empty() && armed_.front().when <= now) {
      names.push_back(armed_.front().name);
      armed_.erase(armed_.begin());
    }
    return names;
  }

 private:
  struct Armed {
    std::size_t name;
    std::uint64_t when;
  };
  std::vector<Armed> armed_;
};

class TimerWheelTest : public testing::Test {
 protected:
  TimerWheelTest() {
    for (std::size_t i = 0; i != kTimers; ++i) timers.push_back(std::make_unique<Named>(i));
  }
  ~TimerWheelTest() override {
    for (auto& timer : timers)
      if (TimerWheel::holds(*timer)) wheel.remove(*timer);
  }
  void insert(std::size_t name, std::uint64_t when) {
    wheel.insert(*timers[name], Nanoseconds{when});
  }
  std::vector<std::size_t> take_due(std::uint64_t now) {
    std::vector<std::size_t> names;
    while (Timer* const timer = wheel.take_due(Nanoseconds{now}))
      names.push_back(static_cast<Named*>(timer)->number);
    return names;
  }

  static constexpr std::size_t kTimers = 60;
  TimerWheel wheel;
  std::vector<std::unique_ptr<Named>> timers;
};

using Names = std::vector<std::size_t>;

TEST_F(TimerWheelTest, an_empty_one_has_nothing_due) {
  EXPECT_EQ(wheel.earliest(), TimerWheel::kEndOfTime);
  EXPECT_EQ(take_due(~std::uint64_t{0}), Names{});
}

TEST_F(TimerWheelTest, the_earliest_moment_is_exact_on_every_level) {
  for (unsigned bit = 63; bit > 0; --bit) {
    insert(bit % kTimers, (std::uint64_t{1} << bit) + 1);
    EXPECT_EQ(wheel.earliest().count, (std::uint64_t{1} << bit) + 1);
    EXPECT_EQ(take_due(std::uint64_t{1} << (bit - 1)), Names{}) << "early";
    wheel.remove(*timers[bit % kTimers]);
  }
}

TEST_F(TimerWheelTest, timers_of_one_slot_come_in_order_of_their_moments) {
  constexpr std::uint64_t kBase = 0x123456789abc0000;
  for (std::size_t i = 0; i != 16; ++i) insert(i, kBase + (15 - i) * 0x1111 + 1);
  EXPECT_EQ(wheel.earliest().count, kBase + 1);
  for (std::size_t i = 16; i-- > 0;) {
    const std::uint64_t when = kBase + (15 - i) * 0x1111 + 1;
    EXPECT_EQ(wheel.earliest().count, when);
    EXPECT_EQ(take_due(when - 1), Names{});
    EXPECT_EQ(take_due(when), Names{i});
  }
}

TEST_F(TimerWheelTest, timers_of_one_moment_come_as_they_were_armed_from_whatever_level) {
  constexpr std::uint64_t kMoment = 0x50000;
  insert(1, kMoment);
  insert(50, 0x4f000);
  EXPECT_EQ(take_due(0x4f000), Names{50});
  insert(2, kMoment);  // one level
  insert(51, 0x4fff0);
  EXPECT_EQ(take_due(0x4fff0), Names{51});
  insert(3, kMoment);
  insert(0, kMoment - 1);
  EXPECT_EQ(take_due(kMoment - 1), Names{0});
  insert(4, kMoment);
  EXPECT_EQ(take_due(kMoment), (Names{1, 2, 3, 4}));
}

TEST_F(TimerWheelTest, after_the_first_was_removed_the_bound_is_mended_when_it_passes) {
  insert(0, 1000);
  insert(1, 1001);
  wheel.remove(*timers[0]);
  EXPECT_LE(wheel.earliest().count, 1001u);
  EXPECT_EQ(take_due(1000), Names{});
  EXPECT_EQ(wheel.earliest().count, 1001u);
  EXPECT_EQ(take_due(1001), Names{1});
}

TEST_F(TimerWheelTest, the_last_moment_is_one) {
  insert(0, ~std::uint64_t{0} - 1);
  insert(1, ~std::uint64_t{0});
  EXPECT_EQ(take_due(~std::uint64_t{0} - 2), Names{});
  EXPECT_EQ(take_due(~std::uint64_t{0}), (Names{0, 1}));
}

TEST(TimerWheelDeathTest, armed_twice_or_destroyed_while_armed_is_asserted) {
  TimerWheel wheel;
  Named timer{0};
  wheel.insert(timer, 5_ns);
  EXPECT_DEATH(wheel.insert(timer, 6_ns), "assertion failed");
  EXPECT_DEATH(timer.~Named(), "assertion failed");
  wheel.remove(timer);
  EXPECT_DEATH(wheel.remove(timer), "assertion failed");
}

/// Moments near and far, often the same: of some magnitude, on a grid of some width.
std::uint64_t some_distance(std::mt19937_64& random) {
  const std::uint64_t magnitude = std::uint64_t{1} << random() % 62;
  const std::uint64_t grid = std::uint64_t{1} << random() % 20;
  return 1 + (random() % magnitude) / grid * grid;
}

TEST_F(TimerWheelTest, agrees_with_a_model) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random{seed};
    TimerWheel turned;
    Model model;
    std::uint64_t now = random() >> (1 + random() % 60);
    ASSERT_EQ(turned.take_due(Nanoseconds{now}), nullptr);
    for (int step = 0; step < 20'000; ++step) {
      const std::size_t name = random() % kTimers;
      switch (random() % 5) {
        case 0:
        case 1:
          if (!model.holds(name)) {
            const std::uint64_t when = now + some_distance(random);
            turned.insert(*timers[name], Nanoseconds{when});
            model.insert(name, when);
          }
          break;
        case 2:
          ASSERT_EQ(TimerWheel::holds(*timers[name]), model.holds(name)) << step;
          if (model.holds(name)) turned.remove(*timers[name]);
          model.remove(name);
          break;
        default: {
          // Mostly as an interrupt does, at the moment that was said, or late.
          const std::uint64_t bound = turned.earliest().count;
          ASSERT_LE(bound, model.earliest()) << step;
          if (bound != TimerWheel::kEndOfTime.count && now < std::uint64_t{1} << 62)
            now = std::max(now, bound + (random() % 2 == 0 ? 0 : some_distance(random) >> 20));
          Names fired;
          while (Timer* const timer = turned.take_due(Nanoseconds{now}))
            fired.push_back(static_cast<Named*>(timer)->number);
          ASSERT_EQ(fired, model.take_due(now)) << step;
        }
      }
      if (now >= std::uint64_t{1} << 62) break;
    }
    for (auto& timer : timers)
      if (TimerWheel::holds(*timer)) turned.remove(*timer);
    EXPECT_EQ(turned.earliest(), TimerWheel::kEndOfTime);
  }
}

}  // namespace
}  // namespace atl
