// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/irq_messages.hpp>
#include <atoll/lapic.hpp>

#include "../../irq_lines_ioapic/tests/fake_root.hpp"

namespace {
std::uint32_t boot_id;
}
std::uint32_t atl::lapic::boot_id() { return ::boot_id; }

namespace {

using namespace atl;
using irq::test::fake_root;

void handle(void*) {}

struct LapicMessagesTest : testing::Test {
  void SetUp() override {
    fake_root.connected.clear();
    fake_root.unmasked.clear();
    fake_root.fault = Errc{};
    ::boot_id = 0;
  }
};

TEST_F(LapicMessagesTest, a_message_names_the_boot_cpu_and_a_vector_of_its_own) {
  ::boot_id = 0x5a;
  const auto first = irq::connect_message({}, handle, nullptr);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first.value().address, PhysAddr{0xfee5'a000});
  EXPECT_EQ(first.value().data, first.value().line);
  EXPECT_EQ(fake_root.connected.count(first.value().line), 1u);
  EXPECT_TRUE(fake_root.unmasked.empty());
  const auto second = irq::connect_message({}, handle, nullptr);
  ASSERT_TRUE(second.ok());
  EXPECT_NE(second.value().line, first.value().line);
}

TEST_F(LapicMessagesTest, vectors_that_are_taken_are_left_alone_and_come_to_an_end) {
  ASSERT_TRUE(irq::root().connect(223, irq::Trigger::kEdgeRising, handle, nullptr).ok());
  for (std::uint32_t vector = 222; vector >= 48; --vector) {
    const auto message = irq::connect_message({}, handle, nullptr);
    ASSERT_TRUE(message.ok());
    EXPECT_EQ(message.value().data, vector);
  }
  EXPECT_EQ(irq::connect_message({}, handle, nullptr).error(), Errc::kNoMemory);
  irq::root().disconnect(100);
  EXPECT_EQ(irq::connect_message({}, handle, nullptr).value().line, 100u);
}

TEST_F(LapicMessagesTest, errors_of_the_root_are_handed_on) {
  fake_root.fault = Errc::kNoMemory;
  EXPECT_EQ(irq::connect_message({}, handle, nullptr).error(), Errc::kNoMemory);
  fake_root.fault = Errc::kInvalidArgument;
  EXPECT_EQ(irq::connect_message({}, handle, nullptr).error(), Errc::kInvalidArgument);
}

TEST_F(LapicMessagesTest, a_boot_cpu_beyond_8_bits_has_no_messages) {
  ::boot_id = 0x100;
  EXPECT_EQ(irq::connect_message({}, handle, nullptr).error(), Errc::kNotSupported);
  EXPECT_TRUE(fake_root.connected.empty());
}

}  // namespace
