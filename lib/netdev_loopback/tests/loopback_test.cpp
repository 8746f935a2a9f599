// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/host/ram.hpp>

#include <atoll/netdev/conformance.hpp>
#include <atoll/netdev_loopback.hpp>

namespace {

using atl::BufferPool;
using atl::NetdevLoopback;
using atl::Packet;
using namespace atl::netdev_conformance;

class LoopbackTest : public atl::host::RamTest {
 protected:
  LoopbackTest() { NetdevLoopback::connect(left, right); }
  NetdevLoopback left{{{2, 0, 0, 0, 0, 1}}, 1500, 2};
  NetdevLoopback right{{{2, 0, 0, 0, 0, 2}}, 1500, 2};
};

class LoopbackConformance
    : public LoopbackTest,
      public testing::WithParamInterface<std::tuple<std::uint16_t, NamedCheck>> {};

TEST_P(LoopbackConformance, keeps) {
  const auto& [queues, check] = GetParam();
  auto pool = BufferPool::create({.buffers = 320}).value();
  Subject subject{left, right, *pool, [] {}, queues};
  check.run(subject);
  EXPECT_EQ(subject.broken_promise, nullptr)
      << subject.broken_promise << ", line " << subject.broken_line << " of the check";
  EXPECT_EQ(pool->statistics().free, 320u) << "buffers were lost";
}

INSTANTIATE_TEST_SUITE_P(Loopback, LoopbackConformance,
                         testing::Combine(testing::Values(std::uint16_t{1}, std::uint16_t{2}),
                                          testing::ValuesIn(kChecks)),
                         [](const auto& test) {
                           return std::string{std::get<1>(test.param).name} + "_of_" +
                                  std::to_string(std::get<0>(test.param));
                         });

TEST_F(LoopbackTest, what_more_queues_send_arrives_on_those_there_are) {
  auto pool = BufferPool::create({.buffers = 128}).value();
  Subject subject{left, right, *pool, [] {}};
  ASSERT_EQ(left.open({.pool = pool.get(), .queues = 9, .depth = 8}).value().queues, 2);
  ASSERT_EQ(right.open({.pool = pool.get(), .depth = 8}).value().queues, 1);
  for (const std::uint16_t queue : {std::uint16_t{0}, std::uint16_t{1}}) {
    ASSERT_TRUE(send_one(subject, left, make_frame(subject, queue, 64), queue));
    EXPECT_TRUE(next_frame(subject, right, queue));
  }
  left.close();
  right.close();
}

TEST_F(LoopbackTest, a_packet_takes_as_many_small_buffers_as_it_needs) {
  auto pool = BufferPool::create({.buffers = 64}).value();
  auto small = BufferPool::create({.buffers = 64, .bytes = 512}).value();
  Subject subject{left, right, *pool, [] {}};
  ASSERT_TRUE(left.open({.pool = pool.get(), .depth = 8}).ok());
  ASSERT_TRUE(right.open({.pool = small.get(), .depth = 8}).ok());
  for (const std::uint32_t length : {447u, 448u, 449u, 1514u}) {
    ASSERT_TRUE(send_one(subject, left, make_frame(subject, length, length)));
    const Packet frame = next_frame(subject, right, length);
    ASSERT_TRUE(frame);
    EXPECT_EQ(&frame->pool(), small.get());
    EXPECT_TRUE(is_frame(*frame, length, length));
  }
  left.close();
  right.close();
}

TEST_F(LoopbackTest, one_without_a_cable_receives_what_it_sends) {
  auto pool = BufferPool::create({.buffers = 64}).value();
  NetdevLoopback alone{{{2, 0, 0, 0, 0, 3}}};
  Subject subject{alone, alone, *pool, [] {}};
  ASSERT_TRUE(alone.open({.pool = pool.get(), .depth = 8}).ok());
  ASSERT_TRUE(send_one(subject, alone, make_frame(subject, 1, 100)));
  const Packet frame = next_frame(subject, alone, 1);
  ASSERT_TRUE(frame);
  EXPECT_TRUE(is_frame(*frame, 1, 100));
  alone.close();
}

TEST_F(LoopbackTest, there_is_no_link_before_both_ends_are_open) {
  auto pool = BufferPool::create({.buffers = 64}).value();
  ASSERT_TRUE(left.open({.pool = pool.get(), .depth = 8}).ok());
  EXPECT_EQ(left.state(), atl::Netdev::State::kNoLink);
  ASSERT_TRUE(right.open({.pool = pool.get(), .depth = 8}).ok());
  EXPECT_EQ(left.state(), atl::Netdev::State::kUp);
  right.close();
  EXPECT_EQ(left.state(), atl::Netdev::State::kNoLink);
  left.close();
}

}  // namespace
