// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_ram.hpp"

#include <gtest/gtest.h>
#include <atoll/boot_info.hpp>
#include <atoll/vm.hpp>
#include <random>

namespace atl::vm {
namespace {

constexpr std::uint64_t kPages = 4;

class ProtectTest : public testing::Test {
 protected:
  ProtectTest() : frame_(ram_.allocate(kPages)), start_(reserve({kPages}).value()) {
    boot_info_for_entry() = {};
    EXPECT_TRUE(map(start_, frame_, {kPages}, Access::kReadWrite).ok());
  }

  [[nodiscard]] Access access(std::uint64_t page) const {
    return FakeRam::table().lookup(start_ + page * kPageSize)->access;
  }
  [[nodiscard]] Access alias(std::uint64_t page) const {
    return FakeRam::alias(frame_ + page * kPageSize);
  }

  FakeRam ram_{1024};
  PhysAddr frame_;
  VirtAddr start_;
};

TEST_F(ProtectTest, CodeLosesItsWritableAliasAndGetsItBack) {
  ASSERT_TRUE(protect(start_ + kPageSize, {2}, Access::kReadExecute).ok());
  EXPECT_EQ(access(1), Access::kReadExecute);
  EXPECT_EQ(alias(1), Access::kReadOnly);
  EXPECT_EQ(alias(2), Access::kReadOnly);
  EXPECT_EQ(alias(0), Access::kReadWrite);
  EXPECT_EQ(alias(3), Access::kReadWrite);
  EXPECT_EQ(access(0), Access::kReadWrite);

  ASSERT_TRUE(protect(start_ + kPageSize, {1}, Access::kReadWrite).ok());
  EXPECT_EQ(alias(1), Access::kReadWrite);
  EXPECT_EQ(access(1), Access::kReadWrite);
  EXPECT_EQ(alias(2), Access::kReadOnly);
}

TEST_F(ProtectTest, UnmappedCodeIsWritableInTheDirectMapAgain) {
  ASSERT_TRUE(protect(start_, {kPages}, Access::kReadExecute).ok());
  ram_.budget = 0;
  unmap(start_, {kPages});
  for (std::uint64_t i = 0; i < kPages; ++i) EXPECT_EQ(alias(i), Access::kReadWrite);
}

TEST_F(ProtectTest, ConstantsKeepTheAlias) {
  ASSERT_TRUE(protect(start_, {kPages}, Access::kReadOnly).ok());
  EXPECT_EQ(access(0), Access::kReadOnly);
  EXPECT_EQ(alias(0), Access::kReadWrite);
}

TEST_F(ProtectTest, MapNeverMakesCode) {
  const VirtAddr other = reserve({1}).value();
  EXPECT_EQ(map(other, frame_, {1}, Access::kReadExecute).error(), Errc::kAccessDenied);
}

TEST_F(ProtectTest, CodeCannotBeMappedWritableElsewhere) {
  ASSERT_TRUE(protect(start_, {1}, Access::kReadExecute).ok());
  const VirtAddr other = reserve({2}).value();
  EXPECT_EQ(map(other, frame_, {1}, Access::kReadWrite).error(), Errc::kAccessDenied);
  EXPECT_EQ(map(other, frame_, {2}, Access::kReadWrite).error(), Errc::kAccessDenied);
  EXPECT_TRUE(map(other, frame_, {1}, Access::kReadOnly).ok());
  EXPECT_EQ(protect(other, {1}, Access::kReadWrite).error(), Errc::kAccessDenied);
}

TEST_F(ProtectTest, WritableElsewhereCannotBecomeCode) {
  const VirtAddr other = reserve({1}).value();
  ASSERT_TRUE(map(other, frame_ + 2 * kPageSize, {1}, Access::kReadWrite).ok());
  EXPECT_EQ(protect(start_, {kPages}, Access::kReadExecute).error(), Errc::kAccessDenied);
  EXPECT_EQ(access(0), Access::kReadWrite);
  EXPECT_EQ(alias(0), Access::kReadWrite);
  EXPECT_TRUE(protect(start_, {2}, Access::kReadExecute).ok());
}

TEST_F(ProtectTest, AliasStaysReadOnlyWhileOneMappingExecutes) {
  const VirtAddr other = reserve({1}).value();
  ASSERT_TRUE(map(other, frame_, {1}, Access::kReadOnly).ok());
  ASSERT_TRUE(protect(start_, {1}, Access::kReadExecute).ok());
  ASSERT_TRUE(protect(other, {1}, Access::kReadExecute).ok());
  unmap(start_, {1});
  EXPECT_EQ(alias(0), Access::kReadOnly);
  unmap(other, {1});
  EXPECT_EQ(alias(0), Access::kReadWrite);
}

TEST_F(ProtectTest, DevicesAreNoCode) {
  const VirtAddr at = map_device({PhysAddr{0xfee0'0000}, 0x1000}).value();
  EXPECT_EQ(protect(at, {1}, Access::kReadExecute).error(), Errc::kAccessDenied);
}

TEST_F(ProtectTest, RejectsWhatIsNotOurs) {
  const auto protect_at = [](VirtAddr at, std::uint64_t pages) {
    return protect(at, {pages}, Access::kReadOnly).error();
  };
  EXPECT_EQ(protect_at(to_virtual(frame_), 1), Errc::kBadAddress);
  EXPECT_EQ(protect_at(VirtAddr{0x40'0000}, 1), Errc::kBadAddress);
  EXPECT_EQ(protect_at(start_ + 8, 1), Errc::kBadAddress);
  EXPECT_EQ(protect_at(start_, kPages + 1), Errc::kBadAddress);
  EXPECT_EQ(protect_at(start_, ~0ULL), Errc::kBadAddress);
  EXPECT_EQ(access(0), Access::kReadWrite);
}

TEST_F(ProtectTest, FramesOfTheImageAreNoCodeElsewhere) {
  boot_info_for_entry().image = {frame_, kPageSize};
  EXPECT_EQ(protect(start_, {1}, Access::kReadExecute).error(), Errc::kAccessDenied);
}

TEST_F(ProtectTest, WithoutMemoryNothingChanges) {
  ram_.budget = 0;
  // The direct map has blocks here, and splitting one takes a page.
  EXPECT_EQ(protect(start_, {kPages}, Access::kReadExecute).error(), Errc::kNoMemory);
  EXPECT_EQ(access(0), Access::kReadWrite);
  EXPECT_EQ(alias(0), Access::kReadWrite);
}

/// After any sequence of operations no frame is writable and executable.
TEST_F(ProtectTest, NoSequenceBreaksTheRule) {
  std::mt19937_64 random{5};
  const VirtAddr other = reserve({kPages}).value();
  int rounds_with_code = 0;
  for (int step = 0; step < 5000; ++step) {
    const VirtAddr base = random() % 2 == 0 ? start_ : other;
    const std::uint64_t first = random() % kPages;
    const PageCount count{random() % 2 == 0 ? 1 : 1 + random() % (kPages - first)};
    const VirtAddr at = base + first * kPageSize;
    const auto wanted = static_cast<Access>(random() % 3);
    switch (random() % 3) {
      case 0:
        static_cast<void>(
            map(at, frame_ + (random() % 2 == 0 ? first : 0) * kPageSize, count, wanted));
        break;
      case 1:
        unmap(at, count);
        break;
      default:
        static_cast<void>(protect(at, count, wanted));
    }
    bool any_code = false;
    for (std::uint64_t i = 0; i < kPages; ++i) {
      bool writable = FakeRam::alias(frame_ + i * kPageSize) == Access::kReadWrite;
      bool executable = false;
      for (const VirtAddr where : {start_, other}) {
        for (std::uint64_t page = 0; page < kPages; ++page) {
          const auto mapping = FakeRam::table().lookup(where + page * kPageSize);
          if (!mapping || mapping->frame != frame_ + i * kPageSize) continue;
          writable |= mapping->access == Access::kReadWrite;
          executable |= mapping->access == Access::kReadExecute;
        }
      }
      ASSERT_FALSE(writable && executable) << "step " << step << " page " << i;
      any_code |= executable;
    }
    rounds_with_code += any_code ? 1 : 0;
  }
  EXPECT_GT(rounds_with_code, 500);
}

}  // namespace
}  // namespace atl::vm
