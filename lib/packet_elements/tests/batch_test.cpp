// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/host/ram.hpp>

#include <atoll/buffer_pool.hpp>
#include <atoll/packet_batch.hpp>
#include <cstring>
#include <string>
#include <vector>

namespace {

using namespace atl;

class BatchTest : public host::RamTest {
 protected:
  Owned<BufferPool> pool = BufferPool::create({.buffers = 64, .bytes = 512}).value();

  Packet number(int value) {
    Packet made = pool->allocate();
    *made->append(1) = static_cast<std::byte>(value);
    return made;
  }
  static std::vector<int> numbers(PacketBatch& batch) {
    std::vector<int> all;
    for (const Packet& packet : batch.packets()) all.push_back(static_cast<int>(*packet->data()));
    return all;
  }
  /// The bytes 0, 1, 2, ... in buffers of those lengths.
  Packet chain(const std::vector<std::uint32_t>& lengths) {
    Packet first;
    Buffer* last = nullptr;
    int next = 0;
    for (const std::uint32_t length : lengths) {
      Packet one = pool->allocate();
      for (std::uint32_t i = 0; i < length; ++i) *one->append(1) = static_cast<std::byte>(next++);
      Buffer* const added = one.get();
      if (last == nullptr) {
        first = std::move(one);
      } else {
        last->link(std::move(one));
      }
      last = added;
    }
    return first;
  }
  static bool counts_up(const Buffer& packet) {
    int next = 0;
    for (const Buffer* part = &packet; part != nullptr; part = part->next()) {
      for (const std::byte byte : part->bytes()) {
        if (static_cast<int>(byte) != (next++ & 255)) return false;
      }
    }
    return true;
  }
  std::uint32_t in_use() const { return 64 - pool->statistics().free; }
};

TEST_F(BatchTest, keeps_in_order_and_gives_back_the_others) {
  PacketBatch batch;
  for (int i = 0; i < 10; ++i) batch.add(number(i));
  EXPECT_EQ(
      batch.keep_if([](Packet& packet) { return static_cast<int>(*packet->data()) % 3 != 0; }), 4u);
  EXPECT_EQ(numbers(batch), (std::vector<int>{1, 2, 4, 5, 7, 8}));
  EXPECT_EQ(in_use(), 6u);
  EXPECT_EQ(batch.keep_if([](Packet&) { return true; }), 0u);
  EXPECT_EQ(batch.keep_if([](Packet&) { return false; }), 6u);
  EXPECT_TRUE(batch.empty());
  EXPECT_EQ(in_use(), 0u);
}

TEST_F(BatchTest, one_that_was_moved_out_is_not_kept) {
  PacketBatch batch, other;
  for (int i = 0; i < 4; ++i) batch.add(number(i));
  batch.keep_if([&](Packet& packet) {
    other.add(std::move(packet));
    return false;
  });
  EXPECT_EQ(numbers(other), (std::vector<int>{0, 1, 2, 3}));
  EXPECT_TRUE(batch.empty());
}

TEST_F(BatchTest, what_is_sent_leaves_at_the_front) {
  PacketBatch batch;
  for (int i = 0; i < 5; ++i) batch.add(number(i));
  for (Packet& packet : batch.packets().first(2)) packet.reset();
  batch.forget_front(2);
  EXPECT_EQ(numbers(batch), (std::vector<int>{2, 3, 4}));
  EXPECT_EQ(in_use(), 3u);
  batch.forget_front(0);
  EXPECT_EQ(batch.size(), 3u);
  EXPECT_DEATH(batch.forget_front(4), "count <= count_");
}

TEST_F(BatchTest, it_has_an_end) {
  PacketBatch batch;
  while (!batch.full()) batch.add(number(1));
  EXPECT_EQ(batch.size(), PacketBatch::kMost);
  EXPECT_DEATH(batch.add(Packet{}), "full");
  EXPECT_EQ(batch.fill([](std::span<Packet> room) { return room.size(); }), 0u);
}

TEST_F(BatchTest, headers_are_gathered_however_they_are_split) {
  for (std::uint32_t wanted : {0u, 1u, 14u, 40u}) {
    for (std::uint32_t first = 0; first <= 20; ++first) {
      const Packet packet = chain({first, 0, 3, 1, 50});
      ASSERT_TRUE(gather(*packet, wanted));
      EXPECT_GE(packet->length(), wanted);
      EXPECT_EQ(packet_length(*packet), first + 54u);
      EXPECT_TRUE(counts_up(*packet));
      if (wanted <= first) continue;
      for (const Buffer* rest = packet->next(); rest != nullptr; rest = rest->next()) {
        EXPECT_GT(rest->length(), 0u) << "a device would be given an empty buffer";
      }
    }
  }
  EXPECT_EQ(in_use(), 0u);
}

TEST_F(BatchTest, what_cannot_be_gathered_stays_as_it_is) {
  const Packet brief = chain({3, 4});
  EXPECT_FALSE(gather(*brief, 8));
  EXPECT_TRUE(counts_up(*brief));
  EXPECT_TRUE(gather(*brief, 7));
  const Packet long_one = chain({200, 200, 200});
  EXPECT_FALSE(gather(*long_one, 500)) << "a buffer has 448 bytes";
  EXPECT_EQ(packet_length(*long_one), 600u);
  const Packet shared = chain({3, 4});
  const Packet other = shared->share();
  EXPECT_FALSE(gather(*shared, 5));
  const Packet tail = chain({9});
  const Packet head = chain({2});
  head->link(tail->share());
  EXPECT_FALSE(gather(*head, 5)) << "its rest is somebody else's, too";
  EXPECT_EQ(tail->length(), 9u);
}

}  // namespace
