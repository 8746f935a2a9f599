// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/host/machine.hpp>

#include "../src/gic.hpp"
#include "fake_gic.hpp"

namespace atl::irq {
void dispatch(std::uint32_t /*vector*/) {}
}  // namespace atl::irq

namespace {

using namespace atl;
using irq::Trigger;
using irq::test::Block;
using irq::test::FakeIo;
using irq::test::FakeSystem;
using irq::test::write_log;
using Log = std::vector<std::string>;

int calls;
void count(void*) { ++calls; }

struct GicTest : testing::Test {
  void SetUp() override {
    host::reset_machine();
    calls = 0;
    distributor.name = "d";
    cpu.name = "c";
    redistributor.name = "r";
    sgi.name = "p";
    distributor.write(0x004, 0x2, 4);  // three blocks: 96 lines
    FakeSystem::signalled.clear();
    FakeSystem::ended.clear();
    FakeSystem::enables = 0;
    FakeSystem::affinity_value = 0x01020304;
    write_log.clear();
  }

  void start_v2() {
    gic.start_v2(FakeIo{&distributor}, FakeIo{&cpu});
    write_log.clear();
  }
  void start_v3() {
    gic.start_v3(FakeIo{&distributor});
    ASSERT_TRUE(gic.start_cpu_v3(0, FakeIo{&redistributor}, FakeIo{&sgi}).ok());
    write_log.clear();
  }
  void interrupt_v2(std::uint32_t acknowledged) {
    cpu.registers[0xc] = acknowledged & 0xff;
    cpu.registers[0xd] = (acknowledged >> 8) & 0xff;
    gic.dispatch();
  }
  irq::Domain& domain() { return gic; }

  Block distributor, cpu, redistributor, sgi;
  irq::HandlerTable handlers;
  irq::Gic<FakeIo, FakeSystem> gic{handlers};
};

TEST_F(GicTest, v2_starts_in_three_writes) {
  gic.start_v2(FakeIo{&distributor}, FakeIo{&cpu});
  EXPECT_EQ(write_log, (Log{"d 0+4=1", "c 4+4=f0", "c 0+4=1"}));
}

TEST_F(GicTest, v3_routes_by_affinity_before_it_opens_the_group) {
  gic.start_v3(FakeIo{&distributor});
  EXPECT_EQ(write_log, (Log{"d 0+4=10", "d 0+4=12"}));
}

TEST_F(GicTest, v3_wakes_the_redistributor) {
  redistributor.write(0x14, 0x2, 4);
  write_log.clear();
  ASSERT_TRUE(gic.start_cpu_v3(0, FakeIo{&redistributor}, FakeIo{&sgi}).ok());
  EXPECT_EQ(write_log, (Log{"r 14+4=0"}));
  EXPECT_EQ(FakeSystem::enables, 1);
}

TEST_F(GicTest, a_redistributor_that_stays_asleep_is_an_error_not_a_hang) {
  redistributor.stuck_offset = 0x14;
  redistributor.stuck_value = 0x6;
  EXPECT_EQ(gic.start_cpu_v3(0, FakeIo{&redistributor}, FakeIo{&sgi}).error(), Errc::kTimedOut);
  EXPECT_EQ(FakeSystem::enables, 0);
}

TEST_F(GicTest, a_distributor_that_stays_busy_does_not_hang) {
  distributor.stuck_offset = 0;
  distributor.stuck_value = 1u << 31;
  gic.start_v3(FakeIo{&distributor});
}

TEST_F(GicTest, v2_connects_a_shared_edge) {
  distributor.registers[0x800] = 0x01;
  start_v2();
  ASSERT_TRUE(domain().connect(42, Trigger::kEdgeRising, count, nullptr).ok());
  EXPECT_EQ(write_log, (Log{"d 184+4=400", "d 42a+1=80", "d c08+4=200000", "d 82a+1=1"}));
  write_log.clear();
  domain().unmask(42);
  EXPECT_EQ(write_log, (Log{"d 104+4=400"}));
}

TEST_F(GicTest, v2_with_one_cpu_needs_no_target) {
  start_v2();
  ASSERT_TRUE(domain().connect(42, Trigger::kLevelHigh, count, nullptr).ok());
  EXPECT_EQ(write_log, (Log{"d 184+4=400", "d 42a+1=80", "d c08+4=0"}));
}

TEST_F(GicTest, changing_one_trigger_leaves_its_neighbours) {
  start_v2();
  distributor.write(0xc08, 0xaaaa'aaaa, 4);
  ASSERT_TRUE(domain().connect(32, Trigger::kLevelHigh, count, nullptr).ok());
  EXPECT_EQ(distributor.read(0xc08, 4), 0xaaaa'aaa8u);
}

TEST_F(GicTest, v3_connects_a_shared_line_to_this_cpu) {
  start_v3();
  ASSERT_TRUE(domain().connect(42, Trigger::kLevelHigh, count, nullptr).ok());
  EXPECT_EQ(write_log,
            (Log{"d 184+4=400", "d 42a+1=80", "d 84+4=400", "d c08+4=0", "d 6150+8=100020304"}));
}

TEST_F(GicTest, v3_private_lines_are_the_redistributors) {
  start_v3();
  ASSERT_TRUE(domain().connect(27, Trigger::kLevelLow, count, nullptr).ok());
  domain().unmask(27);
  EXPECT_EQ(write_log, (Log{"p 180+4=8000000", "p 41b+1=80", "p 80+4=8000000", "p 100+4=8000000"}));
}

TEST_F(GicTest, refuses_lines_and_triggers_that_it_lacks) {
  start_v2();
  for (const std::uint32_t line : {96u, 1023u, ~0u})
    EXPECT_EQ(domain().connect(line, Trigger::kLevelHigh, count, nullptr).error(),
              Errc::kInvalidArgument);
  EXPECT_EQ(domain().connect(40, Trigger::kLevelLow, count, nullptr).error(),
            Errc::kInvalidArgument);
  EXPECT_EQ(domain().connect(40, Trigger::kEdgeFalling, count, nullptr).error(),
            Errc::kInvalidArgument);
  EXPECT_EQ(domain().connect(40, Trigger::kLevelHigh, nullptr, nullptr).error(),
            Errc::kInvalidArgument);
  EXPECT_TRUE(write_log.empty());
}

TEST_F(GicTest, the_largest_controller_has_1020_lines) {
  distributor.write(0x004, 0x1f, 4);
  start_v2();
  EXPECT_TRUE(domain().connect(1019, Trigger::kLevelHigh, count, nullptr).ok());
  EXPECT_EQ(domain().connect(1020, Trigger::kLevelHigh, count, nullptr).error(),
            Errc::kInvalidArgument);
}

TEST_F(GicTest, without_a_controller_there_are_no_lines) {
  EXPECT_EQ(domain().connect(42, Trigger::kLevelHigh, count, nullptr).error(), Errc::kNoDevice);
}

TEST_F(GicTest, v2_ends_what_it_acknowledged_with_the_senders_bits) {
  start_v2();
  ASSERT_TRUE(domain().connect(5, Trigger::kEdgeRising, count, nullptr).ok());
  domain().unmask(5);
  write_log.clear();
  interrupt_v2(0x0c05);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(write_log, (Log{"c 10+4=c05"}));
}

TEST_F(GicTest, nothing_is_ended_when_nothing_was_acknowledged) {
  start_v2();
  interrupt_v2(1023);
  interrupt_v2(1022);
  EXPECT_TRUE(write_log.empty());
}

TEST_F(GicTest, a_line_without_a_handler_is_disabled_at_its_first_interrupt) {
  start_v2();
  const std::uint32_t before = irq::stray_count();
  interrupt_v2(50);
  EXPECT_EQ(write_log, (Log{"d 184+4=40000", "c 10+4=32"}));
  EXPECT_EQ(irq::stray_count(), before + 1);
}

TEST_F(GicTest, v3_handles_and_ends) {
  start_v3();
  ASSERT_TRUE(domain().connect(42, Trigger::kEdgeRising, count, nullptr).ok());
  domain().unmask(42);
  FakeSystem::signalled = {42, 8192, 1021};
  gic.dispatch();
  gic.dispatch();
  gic.dispatch();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(FakeSystem::ended, (std::vector<std::uint32_t>{42, 8192}));
}

TEST_F(GicTest, an_interrupt_on_its_way_while_masked_comes_again) {
  start_v3();
  ASSERT_TRUE(domain().connect(42, Trigger::kEdgeRising, count, nullptr).ok());
  domain().unmask(42);
  domain().mask(42);
  FakeSystem::signalled = {42};
  gic.dispatch();
  EXPECT_EQ(calls, 0);
  write_log.clear();
  domain().unmask(42);
  EXPECT_EQ(write_log, (Log{"d 104+4=400", "d 204+4=400"}));
}

TEST_F(GicTest, disconnecting_disables) {
  start_v2();
  ASSERT_TRUE(domain().connect(42, Trigger::kEdgeRising, count, nullptr).ok());
  domain().unmask(42);
  write_log.clear();
  domain().disconnect(42);
  domain().disconnect(42);
  domain().unmask(42);
  domain().mask(42);
  EXPECT_EQ(write_log, (Log{"d 184+4=400"}));
}

TEST_F(GicTest, raise_makes_pending) {
  start_v2();
  ASSERT_TRUE(domain().connect(42, Trigger::kEdgeRising, count, nullptr).ok());
  ASSERT_TRUE(domain().connect(3, Trigger::kEdgeRising, count, nullptr).ok());
  write_log.clear();
  gic.raise(42);
  gic.raise(3);
  gic.raise(43);
  EXPECT_EQ(write_log, (Log{"d 204+4=400", "d f00+4=2000003"}));
}

// Lines of messages.
std::vector<std::uint32_t> raised;
void note(std::uint32_t line) { raised.push_back(line); }

struct LpiTest : GicTest {
  void SetUp() override {
    GicTest::SetUp();
    raised.clear();
    distributor.write(0x004, 0x2 | 1 << 17 | 15 << 19, 4);
    redistributor.write(0x008, std::uint64_t{0x0102'0304} << 32 | 6 << 8 | 1, 8);
    with.start_v3(FakeIo{&distributor});
    ASSERT_TRUE(with.start_cpu_v3(0, FakeIo{&redistributor}, FakeIo{&sgi}).ok());
    write_log.clear();
  }
  Result<std::uint32_t> open() {
    return with.open_lpis(PhysAddr{0x4000}, PhysAddr{0x1'0000}, note);
  }
  irq::Domain& lines() { return with; }
  irq::Gic<FakeIo, FakeSystem, irq::Lpis<FakeIo>> with{handlers};
};

TEST_F(LpiTest, tables_are_written_before_they_are_enabled) {
  const auto opened = open();
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened.value(), 6u);
  EXPECT_EQ(write_log, (Log{"r 70+8=478d", "r 78+8=4000000000010780", "r 0+4=1"}));
}

TEST_F(LpiTest, a_line_needs_no_register_and_remembers_while_it_is_masked) {
  ASSERT_TRUE(open().ok());
  write_log.clear();
  ASSERT_TRUE(lines().connect(8192, Trigger::kEdgeRising, count, nullptr).ok());
  EXPECT_EQ(lines().connect(8192, Trigger::kEdgeRising, count, nullptr).error(), Errc::kBusy);
  FakeSystem::signalled.push_back(8192);
  with.dispatch();
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(FakeSystem::ended, std::vector<std::uint32_t>{8192});
  lines().unmask(8192);
  EXPECT_EQ(raised, std::vector<std::uint32_t>{8192});
  FakeSystem::signalled.push_back(8192);
  with.dispatch();
  EXPECT_EQ(calls, 1);
  lines().mask(8192);
  lines().disconnect(8192);
  with.raise(8192);
  EXPECT_EQ(raised.size(), 1u);
  FakeSystem::signalled.push_back(8192);
  with.dispatch();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(write_log, Log{});
}

TEST_F(LpiTest, which_lines_there_are) {
  const auto connects = [&](std::uint32_t line, Trigger trigger, irq::Handler handler) {
    return lines().connect(line, trigger, handler, nullptr).error();
  };
  EXPECT_EQ(connects(8192, Trigger::kEdgeRising, count), Errc::kInvalidArgument);  // not open yet
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(connects(8191, Trigger::kEdgeRising, count), Errc::kInvalidArgument);
  EXPECT_EQ(connects(16384, Trigger::kEdgeRising, count), Errc::kInvalidArgument);
  EXPECT_EQ(connects(8192, Trigger::kLevelHigh, count), Errc::kInvalidArgument);
  EXPECT_EQ(connects(8192, Trigger::kEdgeRising, nullptr), Errc::kInvalidArgument);
  EXPECT_EQ(connects(16383, Trigger::kEdgeRising, count), Errc{});
}

TEST_F(LpiTest, a_gic_that_has_none) {
  distributor.write(0x004, 0x2 | 15 << 19, 4);
  EXPECT_EQ(open().error(), Errc::kNotSupported);
  distributor.write(0x004, 0x2 | 1 << 17 | 12 << 19, 4);
  EXPECT_EQ(open().error(), Errc::kNotSupported);
  distributor.write(0x004, 0x2 | 1 << 17 | 13 << 19, 4);
  redistributor.write(0x008, 0, 8);
  EXPECT_EQ(open().error(), Errc::kNotSupported);
  redistributor.write(0x008, 1, 8);
  redistributor.write(0x000, 1, 4);
  EXPECT_EQ(open().error(), Errc::kBusy);
  redistributor.write(0x000, 0, 4);
  EXPECT_TRUE(open().ok());
}

TEST_F(LpiTest, a_redistributor_that_does_not_snoop) {
  redistributor.stuck_offset = 0x70;
  EXPECT_EQ(open().error(), Errc::kNotSupported);
  EXPECT_EQ(lines().connect(8192, Trigger::kEdgeRising, count, nullptr).error(),
            Errc::kInvalidArgument);
}

TEST_F(LpiTest, version_2_has_none) {
  irq::Gic<FakeIo, FakeSystem, irq::Lpis<FakeIo>> old{handlers};
  old.start_v2(FakeIo{&distributor}, FakeIo{&cpu});
  EXPECT_EQ(old.open_lpis(PhysAddr{0x4000}, PhysAddr{0x1'0000}, note).error(), Errc::kNotSupported);
}

}  // namespace
