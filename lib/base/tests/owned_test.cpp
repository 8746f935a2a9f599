// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/late.hpp>
#include <atoll/owned.hpp>

#include <utility>

namespace {

using namespace atl;

struct Thing {
  int value = 0;
  static inline int destroyed = 0;
  static void destroy(Thing& thing) {
    destroyed += thing.value;
    delete &thing;
  }
};

TEST(OwnedTest, ends_its_object_exactly_once) {
  Thing::destroyed = 0;
  {
    Owned<Thing> one{new Thing{1}};
    Owned<Thing> other = std::move(one);
    EXPECT_FALSE(one);  // NOLINT: what a move leaves behind is the point
    EXPECT_EQ(other->value, 1);
    Owned<Thing>& same = other;
    other = std::move(same);
    EXPECT_EQ(other->value, 1);
    other = Owned<Thing>{new Thing{10}};
    EXPECT_EQ(Thing::destroyed, 1);
    other.reset(new Thing{100});
    EXPECT_EQ(Thing::destroyed, 11);
    Owned<Thing> nothing = nullptr;
    EXPECT_EQ(nothing.get(), nullptr);
  }
  EXPECT_EQ(Thing::destroyed, 111);
}

TEST(OwnedTest, release_hands_the_object_over) {
  Thing::destroyed = 0;
  Thing* thing = nullptr;
  {
    Owned<Thing> owner{new Thing{1}};
    thing = owner.release();
  }
  EXPECT_EQ(Thing::destroyed, 0);
  Thing::destroy(*thing);
}

struct Device {
  explicit Device(int n) : number(n) {}
  ~Device() { ADD_FAILURE() << "what lives as long as the image is not destroyed"; }
  int number;
};

TEST(LateTest, is_made_once_and_never_destroyed) {
  {
    Late<Device> device;
    EXPECT_FALSE(device.created());
    EXPECT_EQ(&device.create(7), &device.get());
    EXPECT_EQ(device->number, 7);
    EXPECT_EQ((*device).number, 7);
  }
  static_assert(std::is_trivially_destructible_v<Late<Device>>);
}

TEST(LateDeathTest, a_second_time_is_asserted) {
  Late<int> number;
  number.create(1);
  EXPECT_DEATH(number.create(2), "assertion failed");
}

}  // namespace
