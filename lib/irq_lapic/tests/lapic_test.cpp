// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/host/machine.hpp>
#include <atoll/irq.hpp>
#include <atoll/lapic.hpp>
#include <utility>
#include <vector>

namespace {

using namespace atl;
using lapic::Register;

std::vector<std::pair<Register, std::uint32_t>> writes;
std::vector<std::uint8_t> opened;
std::vector<std::uint64_t> commands;  // of the x2APIC
bool x2apic;
std::uint32_t busy_reads;
int calls;
void count(void*) { ++calls; }

struct LapicTest : testing::Test {
  void SetUp() override {
    host::reset_machine();
    writes.clear();
    commands.clear();
    calls = 0;
    busy_reads = 0;
    x2apic = false;
  }
  void TearDown() override { irq::root().disconnect(40); }

  using Writes = std::vector<std::pair<Register, std::uint32_t>>;
  const Writes kOneEnd{{Register::kEndOfInterrupt, 0}};
};

TEST_F(LapicTest, lines_are_the_vectors_above_exceptions_and_below_the_spurious_one) {
  for (const std::uint32_t bad : {0u, 14u, 31u, 255u, 256u, 4096u})
    EXPECT_EQ(irq::root().connect(bad, irq::Trigger::kEdgeRising, count, nullptr).error(),
              Errc::kInvalidArgument);
  for (const std::uint32_t good : {32u, 254u}) {
    EXPECT_TRUE(irq::root().connect(good, irq::Trigger::kEdgeRising, count, nullptr).ok());
    irq::root().disconnect(good);
  }
  EXPECT_EQ(irq::root().connect(40, irq::Trigger::kEdgeRising, nullptr, nullptr).error(),
            Errc::kInvalidArgument);
}

TEST_F(LapicTest, an_interrupt_is_handled_then_ended) {
  ASSERT_TRUE(irq::root().connect(40, irq::Trigger::kEdgeRising, count, nullptr).ok());
  EXPECT_EQ(opened.back(), 40);
  irq::root().unmask(40);
  irq::dispatch(40);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(writes, kOneEnd);
}

TEST_F(LapicTest, a_stray_interrupt_is_counted_and_ended) {
  const std::uint32_t before = irq::stray_count();
  irq::dispatch(41);
  EXPECT_EQ(irq::stray_count(), before + 1);
  EXPECT_EQ(writes, kOneEnd);
}

TEST_F(LapicTest, the_spurious_interrupt_is_not_ended) {
  const std::uint32_t before = irq::stray_count();
  irq::dispatch(lapic::kSpuriousVector);
  EXPECT_EQ(irq::stray_count(), before);
  EXPECT_TRUE(writes.empty());
}

TEST_F(LapicTest, a_masked_interrupt_is_ended_and_comes_again) {
  ASSERT_TRUE(irq::root().connect(40, irq::Trigger::kEdgeRising, count, nullptr).ok());
  irq::dispatch(40);
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(writes, kOneEnd);
  writes.clear();
  irq::root().unmask(40);
  EXPECT_EQ(writes, (Writes{{Register::kCommandHigh, 0}, {Register::kCommandLow, 0x44028}}));
}

TEST_F(LapicTest, raise_uses_the_self_register_where_there_is_one) {
  ASSERT_TRUE(irq::root().connect(40, irq::Trigger::kEdgeRising, count, nullptr).ok());
  x2apic = true;
  irq::raise(40);
  EXPECT_EQ(writes, (Writes{{Register::kSelfInterrupt, 40}}));
}

TEST_F(LapicTest, raise_waits_for_the_message_before_but_not_for_ever) {
  ASSERT_TRUE(irq::root().connect(40, irq::Trigger::kEdgeRising, count, nullptr).ok());
  busy_reads = 5;
  irq::raise(40);
  EXPECT_EQ(busy_reads, 0u);
  EXPECT_EQ(writes.size(), 2u);
  busy_reads = ~0u;
  irq::raise(40);
  EXPECT_EQ(writes.size(), 4u);
}

TEST_F(LapicTest, a_message_goes_to_the_apic_of_the_cpu) {
  const std::uint32_t line = irq::line_of(irq::Message::kCall);
  irq::send(irq::Message::kCall, 3);
  EXPECT_EQ(writes, (Writes{{Register::kCommandHigh, 0x1300'0000},
                            {Register::kCommandLow, 0x4000 | line}}));
  writes.clear();
  x2apic = true;
  irq::send(irq::Message::kCall, 3);
  EXPECT_TRUE(writes.empty());
  EXPECT_EQ(commands, (std::vector<std::uint64_t>{0x13'0000'4000u | line}));
}

TEST_F(LapicTest, messages_have_lines_of_their_own) {
  EXPECT_NE(irq::line_of(irq::Message::kCall), irq::line_of(irq::Message::kReschedule));
  EXPECT_NE(irq::line_of(irq::Message::kCall), irq::line_of(irq::Message::kStop));
  EXPECT_NE(irq::line_of(irq::Message::kReschedule), irq::line_of(irq::Message::kStop));
}

TEST_F(LapicTest, raise_of_a_line_without_a_handler_does_nothing) {
  irq::raise(41);
  irq::raise(3);
  EXPECT_TRUE(writes.empty());
}

}  // namespace

namespace atl::lapic {
std::uint32_t read(Register which) {
  if (which != Register::kCommandLow || busy_reads == 0) return 0;
  --busy_reads;
  return 1u << 12;
}
void write(Register which, std::uint32_t value) { writes.emplace_back(which, value); }
void write_command(std::uint64_t value) { commands.push_back(value); }
std::uint32_t id_of(std::uint32_t cpu) { return 0x10 + cpu; }
bool is_x2apic() { return x2apic; }
void let_through(std::uint8_t vector) { opened.push_back(vector); }
}  // namespace atl::lapic
