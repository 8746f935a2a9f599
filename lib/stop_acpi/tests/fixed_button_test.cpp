// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include "../src/fixed_button.hpp"

namespace {

struct Fake {
  std::uint32_t* value = nullptr;
  bool clears = false;

  [[nodiscard]] bool present() const { return value != nullptr; }
  [[nodiscard]] std::uint32_t read() const { return value != nullptr ? *value : 0; }
  void write(std::uint32_t written) const {
    if (value == nullptr) return;
    *value = clears ? *value & ~written : written;
  }
};

struct FixedButtonTest : testing::Test {
  std::uint32_t status_a = 0x0111, enable_a = 0x0021, status_b = 0, enable_b = 0;
  atl::FixedButton<Fake> button{{Fake{&status_a, true}, Fake{}}, {Fake{&enable_a}, Fake{}}};
};

TEST_F(FixedButtonTest, listens_to_the_button_alone_and_forgets_old_presses) {
  button.listen();
  EXPECT_EQ(enable_a, 0x0100u);
  EXPECT_EQ(status_a, 0x0011u);
  EXPECT_FALSE(button.pressed());
}

TEST_F(FixedButtonTest, a_press_is_seen_once) {
  button.listen();
  status_a |= 0x0100;
  EXPECT_TRUE(button.pressed());
  EXPECT_EQ(status_a, 0x0011u);
  EXPECT_FALSE(button.pressed());
}

TEST_F(FixedButtonTest, either_half_may_have_it) {
  button.status[1] = Fake{&status_b, true};
  button.enable[1] = Fake{&enable_b};
  button.listen();
  EXPECT_EQ(enable_b, 0x0100u);
  status_b = 0x0100;
  EXPECT_TRUE(button.pressed());
}

TEST_F(FixedButtonTest, other_events_are_no_press) {
  button.listen();
  status_a = 0x8021;
  EXPECT_FALSE(button.pressed());
  EXPECT_EQ(status_a, 0x8021u);
}

}  // namespace
