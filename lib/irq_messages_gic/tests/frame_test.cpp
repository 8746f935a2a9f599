// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/frame.hpp"

#include <gtest/gtest.h>

#include "../../irq_lines_ioapic/tests/fake_root.hpp"

namespace {

using namespace atl;
using irq::Frame;
using irq::test::fake_root;

struct FakeIo {
  std::uint32_t type;
  template <typename T>
  [[nodiscard]] T read(std::uint64_t offset) const {
    EXPECT_EQ(offset, 8u);
    return static_cast<T>(type);
  }
  template <typename T>
  void write(std::uint64_t, T) const {
    ADD_FAILURE() << "the frame's registers are for devices to write";
  }
};

void handle(void*) {}

Result<Frame> frame(std::uint32_t first, std::uint32_t count) {
  return Frame::create(FakeIo{first << 16 | count}, PhysAddr{0x802'0000});
}

struct FrameTest : testing::Test {
  void SetUp() override {
    fake_root.connected.clear();
    fake_root.unmasked.clear();
    fake_root.fault = Errc{};
  }
};

TEST_F(FrameTest, a_message_is_a_line_written_to_a_register) {
  const auto found = frame(80, 64);
  ASSERT_TRUE(found.ok());
  const auto message = found.value().connect(handle, nullptr);
  ASSERT_TRUE(message.ok());
  EXPECT_EQ(message.value().address, PhysAddr{0x802'0040});
  EXPECT_EQ(message.value().data, 80u);
  EXPECT_EQ(message.value().line, 80u);
  EXPECT_EQ(fake_root.connected.count(80), 1u);
  EXPECT_TRUE(fake_root.unmasked.empty());
}

TEST_F(FrameTest, lines_come_to_an_end) {
  const auto found = frame(1018, 2);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().connect(handle, nullptr).value().line, 1018u);
  EXPECT_EQ(found.value().connect(handle, nullptr).value().line, 1019u);
  EXPECT_EQ(found.value().connect(handle, nullptr).error(), Errc::kNoMemory);
  irq::root().disconnect(1018);
  EXPECT_EQ(found.value().connect(handle, nullptr).value().line, 1018u);
}

TEST_F(FrameTest, lines_that_no_distributor_shares_are_refused) {
  EXPECT_EQ(frame(31, 8).error(), Errc::kBadMessage);
  EXPECT_EQ(frame(0, 0).error(), Errc::kBadMessage);
  EXPECT_EQ(frame(1018, 3).error(), Errc::kBadMessage);
  EXPECT_EQ(frame(1023, 1023).error(), Errc::kBadMessage);
}

TEST_F(FrameTest, without_lines_there_are_no_messages) {
  EXPECT_EQ(Frame{}.connect(handle, nullptr).error(), Errc::kNotSupported);
  EXPECT_EQ(frame(32, 0).value().connect(handle, nullptr).error(), Errc::kNotSupported);
}

TEST_F(FrameTest, errors_of_the_root_are_handed_on) {
  fake_root.fault = Errc::kInvalidArgument;
  EXPECT_EQ(frame(80, 64).value().connect(handle, nullptr).error(), Errc::kInvalidArgument);
}

}  // namespace
