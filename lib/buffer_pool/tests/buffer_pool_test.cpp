// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/buffer_pool.hpp>

#include <array>
#include <atoll/host/memory.hpp>
#include <atoll/host/ram.hpp>
#include <cstring>
#include <set>
#include <vector>

namespace buffer_pool_test {
namespace {

using atl::Buffer;
using atl::BufferPool;
using atl::Errc;
using atl::kPageSize;
using atl::Packet;
using atl::PageCount;

class Pool : public atl::host::RamTest {};

TEST_F(Pool, buffers_do_not_overlap_and_a_device_finds_them_where_they_are) {
  for (const std::uint32_t bytes : {512u, 2048u, 4096u, 12'288u}) {
    auto pool = BufferPool::create({.buffers = 33, .bytes = bytes});
    ASSERT_TRUE(pool.ok());
    std::vector<Packet> all;
    std::set<std::uint64_t> addresses;
    for (int left = 33; left > 0; --left) {
      all.push_back(pool.value()->allocate());
      Buffer& one = *all.back();
      EXPECT_EQ(one.room(), bytes);
      EXPECT_EQ(one.length(), 0u);
      EXPECT_EQ(one.headroom(), Buffer::kHeadroom);
      EXPECT_EQ(one.device_address().value(), to_physical(atl::VirtAddr::of(one.data())).value());
      EXPECT_EQ(&one.pool(), pool.value().get());
      one.clear(0);
      EXPECT_EQ(one.device_address().value() % std::min<std::uint32_t>(bytes, kPageSize), 0u);
      std::memset(one.append(bytes), static_cast<int>(one.index()), bytes);
      addresses.insert(one.device_address().value());
    }
    EXPECT_EQ(addresses.size(), 33u);
    EXPECT_FALSE(pool.value()->allocate());
    for (const Packet& packet : all) {
      EXPECT_EQ(static_cast<std::uint32_t>(packet->data()[0]), packet->index());
      EXPECT_EQ(static_cast<std::uint32_t>(packet->data()[bytes - 1]), packet->index());
    }
  }
}

TEST_F(Pool, only_shapes_that_pages_are_made_of) {
  for (const BufferPool::Shape shape :
       {BufferPool::Shape{0, 2048}, {1, 0}, {1, 256}, {1, 1500}, {1, 3 * 1024}, {1, 4097}}) {
    EXPECT_EQ(BufferPool::create(shape).error(), Errc::kInvalidArgument) << shape.bytes;
  }
}

TEST_F(Pool, it_is_made_of_pieces_where_memory_is_in_pieces) {
  std::vector<atl::PhysAddr> held;
  while (free_pages() > 0) held.push_back(atl::page_alloc::allocate({1}).value());
  // Every other page is free: no two of them follow each other.
  for (std::size_t i = 0; i < held.size(); i += 2) atl::page_alloc::free(held[i], {1});
  {
    auto pool = BufferPool::create({.buffers = 32});
    ASSERT_TRUE(pool.ok());
    std::array<Packet, 40> packets;
    EXPECT_EQ(pool.value()->allocate(packets), 32u);
    for (Packet& packet : packets) packet.reset();
    EXPECT_EQ(BufferPool::create({.buffers = 1, .bytes = 2 * kPageSize}).error(), Errc::kNoMemory);
  }
  for (std::size_t i = 1; i < held.size(); i += 2) atl::page_alloc::free(held[i], {1});
}

TEST_F(Pool, without_memory_there_is_none_and_nothing_is_lost) {
  const std::uint64_t before = free_pages();
  EXPECT_EQ(BufferPool::create({.buffers = 4096}).error(), Errc::kNoMemory);
  EXPECT_EQ(free_pages(), before);
  atl::host::fail_allocations_after(0);
  EXPECT_EQ(BufferPool::create({.buffers = 1}).error(), Errc::kNoMemory);
  atl::host::fail_allocations_after(atl::host::kNever);
}

TEST_F(Pool, a_batch_gets_what_there_is) {
  auto pool = BufferPool::create({.buffers = 10});
  std::array<Packet, 8> first, second;
  EXPECT_EQ(pool.value()->allocate(first), 8u);
  EXPECT_EQ(pool.value()->allocate(second), 2u);
  EXPECT_TRUE(second[1]);
  EXPECT_FALSE(second[2]);
  const auto statistics = pool.value()->statistics();
  EXPECT_EQ(statistics.buffers, 10u);
  EXPECT_EQ(statistics.free, 0u);
  EXPECT_EQ(statistics.refused, 6u);
  for (Packet& packet : first) packet.reset();
  EXPECT_EQ(pool.value()->statistics().free, 8u);
  EXPECT_EQ(pool.value()->statistics().lowest_free, 0u);
  EXPECT_EQ(pool.value()->allocate(second), 8u) << "what stood there goes back";
  EXPECT_EQ(pool.value()->statistics().free, 2u);
}

TEST_F(Pool, a_fresh_buffer_remembers_nothing) {
  auto pool = BufferPool::create({.buffers = 2});
  for (int round = 0; round < 2; ++round) {
    std::array<Packet, 2> packets;
    ASSERT_EQ(pool.value()->allocate(packets), 2u);
    EXPECT_EQ(packets[0]->next(), nullptr);
    EXPECT_EQ(packets[0]->offload.checksum, atl::Offload::Checksum::kUnchecked);
    EXPECT_EQ(packets[0]->length(), 0u);
    packets[0]->offload.checksum = atl::Offload::Checksum::kPartial;
    packets[0]->append(7);
    packets[0]->link(std::move(packets[1]));
  }
}

TEST_F(Pool, a_chain_goes_back_whole_each_buffer_to_its_pool) {
  auto one = BufferPool::create({.buffers = 8});
  auto other = BufferPool::create({.buffers = 8, .bytes = 512});
  Packet chain = one.value()->allocate();
  Buffer* last = chain.get();
  std::uint64_t length = 0;
  for (int i = 0; i < 12; ++i) {
    Packet next = (i % 3 == 0 ? one : other).value()->allocate();
    next->append(10);
    length += 10;
    Buffer* const behind = next.get();
    last->link(std::move(next));
    last = behind;
  }
  EXPECT_EQ(packet_length(*chain), length);
  EXPECT_EQ(one.value()->statistics().free, 3u);
  EXPECT_EQ(other.value()->statistics().free, 0u);
  chain.reset();
  EXPECT_EQ(one.value()->statistics().free, 8u);
  EXPECT_EQ(other.value()->statistics().free, 8u);
}

TEST_F(Pool, a_shared_packet_goes_back_with_its_last_handle) {
  auto pool = BufferPool::create({.buffers = 4});
  Packet packet = pool.value()->allocate();
  packet->link(pool.value()->allocate());
  EXPECT_FALSE(packet->shared());
  Packet second = packet->share();
  Packet third = packet->share();
  EXPECT_TRUE(packet->shared());
  packet.reset();
  third.reset();
  EXPECT_EQ(pool.value()->statistics().free, 2u);
  EXPECT_FALSE(second->shared());
  second.reset();
  EXPECT_EQ(pool.value()->statistics().free, 4u);
  std::array<Packet, 4> all;
  EXPECT_EQ(pool.value()->allocate(all), 4u);
  for (const Packet& one : all) EXPECT_FALSE(one->shared());
}

TEST_F(Pool, packets_end_in_a_shared_one) {
  auto pool = BufferPool::create({.buffers = 6});
  auto other = BufferPool::create({.buffers = 2});
  Packet payload = pool.value()->allocate();
  payload->link(pool.value()->allocate());
  for (int order = 0; order < 2; ++order) {
    Packet first = pool.value()->allocate();
    first->link(payload->share());
    Packet second = other.value()->allocate();
    second->link(pool.value()->allocate());
    second->next()->link(payload->share());
    EXPECT_EQ(pool.value()->statistics().free, 2u);
    (order == 0 ? first : second).reset();
    (order == 0 ? second : first).reset();
    EXPECT_EQ(pool.value()->statistics().free, 4u);
    EXPECT_EQ(other.value()->statistics().free, 2u);
    EXPECT_FALSE(payload->shared());
    EXPECT_NE(payload->next(), nullptr);
  }
  Packet last = other.value()->allocate();
  last->link(std::move(payload));
  last.reset();
  EXPECT_EQ(pool.value()->statistics().free, 6u);
}

TEST_F(Pool, data_grows_and_shrinks_at_both_ends) {
  auto pool = BufferPool::create({.buffers = 1});
  const Packet packet = pool.value()->allocate();
  std::memcpy(packet->append(4), "data", 4);
  std::memcpy(packet->prepend(4), "head", 4);
  std::memcpy(packet->append(4), "tail", 4);
  EXPECT_EQ(std::memcmp(packet->data(), "headdatatail", 12), 0);
  EXPECT_EQ(packet->headroom(), Buffer::kHeadroom - 4);
  EXPECT_EQ(packet->headroom() + packet->length() + packet->tailroom(), packet->room());
  packet->remove_front(4);
  packet->truncate(4);
  EXPECT_EQ(std::memcmp(packet->bytes().data(), "data", 4), 0);
  EXPECT_EQ(packet->bytes().size(), 4u);
}

using PoolDeathTest = Pool;
TEST_F(PoolDeathTest, data_stays_in_its_room) {
  auto pool = BufferPool::create({.buffers = 2});
  Packet packet = pool.value()->allocate();
  EXPECT_DEATH(packet->prepend(Buffer::kHeadroom + 1), "headroom");
  EXPECT_DEATH(packet->append(2048 - Buffer::kHeadroom + 1), "tailroom");
  EXPECT_DEATH(packet->remove_front(1), "length_");
  EXPECT_DEATH(packet->truncate(1), "length_");
  EXPECT_DEATH(packet->clear(2049), "room_");
  packet->append(1);
  EXPECT_DEATH(packet->append(0xffff'ffff), "tailroom");
  Packet shared = packet->share();
  EXPECT_DEATH(packet->link(pool.value()->allocate()), "shared");
}

TEST_F(PoolDeathTest, a_pool_outlives_its_buffers) {
  EXPECT_DEATH(
      {
        auto pool = BufferPool::create({.buffers = 2});
        Packet packet = pool.value()->allocate();
        pool.value().reset();
      },
      "all_are_back");
}

}  // namespace
}  // namespace buffer_pool_test
