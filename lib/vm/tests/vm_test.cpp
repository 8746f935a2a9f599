// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_ram.hpp"

#include <gtest/gtest.h>
#include <atoll/host/machine.hpp>
#include <atoll/vm.hpp>
#include <vector>

namespace atl::vm {
namespace {

class VmTest : public testing::Test {
 protected:
  FakeRam ram_{1024};
};

TEST_F(VmTest, StackIsWritableBetweenGuardPages) {
  const Stack stack = allocate_stack(10000).value();
  EXPECT_EQ(stack.size, 12288u);
  for (VirtAddr at = stack.bottom; at < stack.top(); at += kPageSize) {
    EXPECT_EQ(FakeRam::table().lookup(at)->access, Access::kReadWrite);
  }
  EXPECT_FALSE(FakeRam::table().lookup(stack.bottom - 1));
  EXPECT_FALSE(FakeRam::table().lookup(stack.top()));
  EXPECT_TRUE(is_guard_page(stack.bottom - 1));
  EXPECT_TRUE(is_guard_page(stack.bottom - kPageSize));
  EXPECT_TRUE(is_guard_page(stack.top()));
  EXPECT_FALSE(is_guard_page(stack.bottom));
  free_stack(stack);
}

TEST_F(VmTest, StacksComeAndGoWithoutLoss) {
  free_stack(allocate_stack(65536).value());
  const std::size_t before = ram_.used();
  for (int round = 0; round < 50; ++round) {
    std::vector<Stack> stacks;
    for (int i = 0; i < 8; ++i) stacks.push_back(allocate_stack(32768).value());
    for (int i = 0; i < 8; ++i) free_stack(stacks[static_cast<std::size_t>((i * 3) % 8)]);
  }
  // A page of bookkeeping for holes, and what tables the widest moment took.
  EXPECT_LE(ram_.used(), before + 2);
}

TEST_F(VmTest, FreedStackLeavesNoMappingAndNoGuard) {
  const Stack stack = allocate_stack(kPageSize).value();
  free_stack(stack);
  EXPECT_FALSE(FakeRam::table().lookup(stack.bottom));
  EXPECT_FALSE(is_guard_page(stack.bottom - 1));
  EXPECT_FALSE(is_guard_page(stack.top()));
}

TEST_F(VmTest, StackOfScatteredPages) {
  ram_.fragmented = true;
  const Stack stack = allocate_stack(4 * kPageSize).value();
  EXPECT_TRUE(FakeRam::table().lookup(stack.top() - 1));
  free_stack(stack);
}

TEST_F(VmTest, StackWithoutMemoryTakesNothing) {
  free_stack(allocate_stack(kPageSize).value());
  const std::size_t before = ram_.used();
  EXPECT_EQ(allocate_stack(0).error(), Errc::kInvalidArgument);
  EXPECT_EQ(allocate_stack(~std::size_t{0}).error(), Errc::kNoMemory);
  EXPECT_EQ(allocate_stack(std::size_t{1} << 60).error(), Errc::kNoMemory);
  for (std::size_t budget = 0; budget < 8; ++budget) {
    ram_.fragmented = true;
    ram_.budget = budget;
    EXPECT_EQ(allocate_stack(8 * kPageSize).error(), Errc::kNoMemory);
    EXPECT_EQ(ram_.used(), before);
  }
}

TEST_F(VmTest, StackLargerThanAllMemoryIsRefusedBeforeAnyIsTaken) {
  const std::size_t before = ram_.requests;
  EXPECT_EQ(allocate_stack((ram_.free_pages() + 1) * kPageSize).error(), Errc::kNoMemory);
  EXPECT_EQ(ram_.requests, before);
}

TEST_F(VmTest, ReserveMapsNothingBetweenGuards) {
  const VirtAddr start = reserve({3}).value();
  EXPECT_TRUE(is_guard_page(start - 1));
  EXPECT_TRUE(is_guard_page(start + 3 * kPageSize));
  EXPECT_FALSE(is_guard_page(start));
  EXPECT_FALSE(FakeRam::table().lookup(start));
  release(start, {3});
  EXPECT_EQ(reserve({0}).error(), Errc::kInvalidArgument);
  EXPECT_EQ(reserve({~0ULL}).error(), Errc::kNoMemory);
  EXPECT_EQ(reserve({~0ULL - 1}).error(), Errc::kNoMemory);
}

TEST_F(VmTest, HugeReservationCostsNoMemory) {
  free_stack(allocate_stack(kPageSize).value());
  const std::size_t before = ram_.used();
  const VirtAddr start = reserve({1ULL << 28}).value();  // 1 TiB
  EXPECT_LE(ram_.used(), before + 3);
  release(start, {1ULL << 28});
}

TEST_F(VmTest, MapsInsideWhatWasReserved) {
  const PhysAddr frame = ram_.allocate(2);
  const VirtAddr start = reserve({2}).value();
  const auto published = host::publications();
  ASSERT_TRUE(map(start, frame, {2}, Access::kReadWrite).ok());
  EXPECT_GT(host::publications(), published);
  EXPECT_EQ(FakeRam::table().lookup(start + kPageSize)->frame, frame + kPageSize);
  EXPECT_EQ(map(start, frame, {1}, Access::kReadOnly).error(), Errc::kExists);
  EXPECT_EQ(map(start - kPageSize, frame, {1}, Access::kReadOnly).error(), Errc::kExists);
  EXPECT_EQ(map(VirtAddr{0x40'0000}, frame, {1}, Access::kReadOnly).error(),
            Errc::kInvalidArgument);
  EXPECT_EQ(map(start, frame, {1ULL << 40}, Access::kReadOnly).error(), Errc::kInvalidArgument);
  const auto before = host::invalidations();
  unmap(start, {1});
  EXPECT_GT(host::invalidations(), before);
  EXPECT_FALSE(FakeRam::table().lookup(start));
  EXPECT_TRUE(FakeRam::table().lookup(start + kPageSize));
  release(start, {2});
  EXPECT_FALSE(FakeRam::table().lookup(start + kPageSize));
}

TEST_F(VmTest, DeviceIsUncachedAndKeepsItsOffset) {
  const VirtAddr at = map_device({PhysAddr{0xfee0'0ff0}, 0x20}).value();
  EXPECT_EQ(at.value() % kPageSize, 0xff0u);
  const auto mapping = FakeRam::table().lookup(at);
  EXPECT_EQ(mapping->frame, PhysAddr{0xfee0'0ff0});
  EXPECT_EQ(mapping->memory, Memory::kDevice);
  EXPECT_EQ(mapping->access, Access::kReadWrite);
  EXPECT_EQ(FakeRam::table().lookup(at + 0x10)->frame, PhysAddr{0xfee0'1000});
  release(at, {2});
  EXPECT_FALSE(FakeRam::table().lookup(at));
}

TEST_F(VmTest, DeviceMustNotBeRamOrNonsense) {
  const PhysAddr ram{FakeRam::kStart};
  EXPECT_EQ(map_device({ram, 8}).error(), Errc::kInvalidArgument);
  EXPECT_EQ(map_device({ram - 4, 8}).error(), Errc::kInvalidArgument);
  EXPECT_EQ(map_device({ram + 1024 * kPageSize - 1, 8}).error(), Errc::kInvalidArgument);
  EXPECT_EQ(map_device({PhysAddr{0x1000}, 0}).error(), Errc::kInvalidArgument);
  EXPECT_EQ(map_device({PhysAddr{~0ULL}, 8}).error(), Errc::kInvalidArgument);
  EXPECT_EQ(map_device({PhysAddr{0x1000}, ~0ULL}).error(), Errc::kInvalidArgument);
}

}  // namespace
}  // namespace atl::vm
