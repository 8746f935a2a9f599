// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <array>
#include <atoll/xen/byte_ring.hpp>
#include <random>
#include <string>

namespace {

using atl::Errc;
using atl::xen::ByteConsumer;
using atl::xen::ByteProducer;

/// A page with one ring, and bytes around it that nobody may touch.
struct Page {
  std::array<char, 64> before{};
  std::array<char, 16> room{};
  std::array<char, 64> after{};
  std::uint32_t consumed = 0;
  std::uint32_t produced = 0;

  atl::xen::ByteRing ring() { return {room, &consumed, &produced}; }
  void expect_untouched_around() const {
    EXPECT_EQ(before, decltype(before){});
    EXPECT_EQ(after, decltype(after){});
  }
};

std::string take(ByteConsumer& consumer, std::size_t most = 100) {
  std::string into(most, '?');
  const auto count = consumer.get(into);
  EXPECT_TRUE(count.ok());
  into.resize(count.value());
  return into;
}

TEST(ByteRing, bytes_arrive_in_order_and_wrap) {
  Page page;
  ByteProducer producer{page.ring()};
  ByteConsumer consumer{page.ring()};
  for (int i = 0; i < 100; ++i) {
    const std::string text = "message " + std::to_string(i);
    ASSERT_EQ(producer.put(text).value(), text.size());
    ASSERT_EQ(take(consumer), text);
  }
  page.expect_untouched_around();
}

TEST(ByteRing, a_full_ring_takes_no_more_than_it_holds) {
  Page page;
  ByteProducer producer{page.ring()};
  ByteConsumer consumer{page.ring()};
  EXPECT_EQ(producer.put("0123456789abcdefXYZ").value(), 16u);
  EXPECT_EQ(producer.put("more").value(), 0u);
  EXPECT_EQ(producer.room().value(), 0u);
  EXPECT_EQ(consumer.available().value(), 16u);
  EXPECT_EQ(take(consumer, 3), "012");
  EXPECT_EQ(producer.put("more").value(), 3u);
  EXPECT_EQ(take(consumer), "3456789abcdefmor");
  EXPECT_EQ(take(consumer), "");
}

TEST(ByteRing, indices_wrap_at_their_own_end) {
  Page page;
  page.consumed = page.produced = 0xffff'fffc;
  ByteProducer producer{page.ring()};
  ByteConsumer consumer{page.ring()};
  EXPECT_EQ(producer.put("12345678").value(), 8u);
  EXPECT_EQ(page.produced, 4u);
  EXPECT_EQ(take(consumer), "12345678");
}

TEST(ByteRing, an_end_goes_on_where_an_earlier_one_was) {
  Page page;
  page.consumed = 5;
  page.produced = 5;
  ByteProducer producer{page.ring()};
  EXPECT_EQ(producer.put("ab").value(), 2u);
  EXPECT_EQ(page.produced, 7u);
  EXPECT_EQ(page.room[5], 'a');
}

TEST(ByteRing, an_impossible_index_of_the_reader_is_told) {
  Page page;
  ByteProducer producer{page.ring()};
  for (const std::uint32_t lie : {1u, 0x8000'0000u, 0xffff'ffefu}) {
    page.consumed = lie;
    EXPECT_EQ(producer.put("text").error(), Errc::kProtocol) << lie;
    EXPECT_EQ(producer.room().error(), Errc::kProtocol) << lie;
    EXPECT_EQ(page.produced, 0u);
  }
  page.consumed = 0;
  EXPECT_EQ(producer.put("text").value(), 4u) << "and nothing is lost by it";
  page.expect_untouched_around();
}

TEST(ByteRing, an_impossible_index_of_the_writer_is_told) {
  Page page;
  ByteConsumer consumer{page.ring()};
  std::array<char, 64> into{};
  for (const std::uint32_t lie : {17u, 0x8000'0000u, 0xffff'ffffu}) {
    page.produced = lie;
    EXPECT_EQ(consumer.get(into).error(), Errc::kProtocol) << lie;
    EXPECT_EQ(consumer.available().error(), Errc::kProtocol) << lie;
    EXPECT_EQ(page.consumed, 0u);
  }
}

TEST(ByteRing, the_other_end_cannot_move_this_ends_index) {
  Page page;
  ByteProducer producer{page.ring()};
  ASSERT_EQ(producer.put("abcd").value(), 4u);
  page.produced = 0x1234'5678;
  ASSERT_EQ(producer.put("ef").value(), 2u);
  EXPECT_EQ(page.produced, 6u);
  EXPECT_EQ(std::string(page.room.data(), 6), "abcdef");

  ByteConsumer consumer{page.ring()};
  EXPECT_EQ(take(consumer, 2), "ab");
  page.consumed = 0x1234'5678;
  EXPECT_EQ(take(consumer, 2), "cd");
  EXPECT_EQ(page.consumed, 4u);
}

TEST(ByteRing, whatever_the_other_end_writes_nothing_outside_is_touched) {
  std::mt19937 random{1};
  Page page;
  ByteProducer producer{page.ring()};
  ByteConsumer consumer{page.ring()};
  std::array<char, 40> into{};
  for (int i = 0; i < 100'000; ++i) {
    page.consumed = random() % 2 == 0 ? random() : page.produced - random() % 20;
    (void)producer.put(std::string(random() % 40, 'x'));
    page.produced = random() % 2 == 0 ? random() : page.consumed + random() % 20;
    const auto got = consumer.get(std::span{into}.first(random() % 40));
    if (got.ok()) ASSERT_LE(got.value(), 16u);
  }
  page.expect_untouched_around();
}

}  // namespace
