// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/boot_info_entry.hpp>
#include <atoll/host/machine.hpp>
#include <atoll/random.hpp>
#include <atoll/random_source.hpp>

#include <array>
#include <bit>
#include <cmath>
#include <optional>
#include <random>
#include <set>
#include <vector>

namespace atl::random {
namespace {

std::optional<std::uint64_t> nothing() { return std::nullopt; }

std::uint64_t draws;
std::optional<std::uint64_t> numbered() { return 0x123456789abcdef0u * ++draws; }

/// A CPU whose instruction gives three values and then fails.
std::optional<std::uint64_t> tired() {
  return ++draws <= 3 ? std::optional<std::uint64_t>{draws} : std::nullopt;
}

/// A device that answers when the test lets it.
class FakeSource final : public Source {
 public:
  std::string calls;

 private:
  void do_ask() override { calls += "ask "; }
  void do_forget() override { calls += "forget "; }
};
/// Sources stay, as the generator does.
FakeSource devices[2];

/// The generator is one per process: each test first forgets what the last one
/// brought.
class RandomTest : public testing::Test {
 protected:
  RandomTest() {
    host::reset_machine();
    forget_random_seed();
    without_sources();
    reseed();
    draws = 0;
    static const bool added = [] {
      for (FakeSource& device : devices) add_source(device);
      return true;
    }();
    EXPECT_TRUE(added);
    for (FakeSource& device : devices) device.calls.clear();
  }
  static void without_sources() { host::set_hardware_random(nothing); }
  static Errc fill(std::span<std::byte> out) {
    const auto result = random::fill(out);
    return result.ok() ? Errc{} : result.error();
  }
  static std::array<std::byte, 32> take() {
    std::array<std::byte, 32> out{};
    EXPECT_EQ(fill(out), Errc{});
    return out;
  }
  std::array<std::byte, 8> small{};
};

TEST_F(RandomTest, no_source_no_bytes) {
  EXPECT_EQ(fill(small), Errc::kTryAgain);
  EXPECT_EQ(small, (std::array<std::byte, 8>{}));
  EXPECT_FALSE(seeded());
}

TEST_F(RandomTest, added_entropy_is_enough) {
  add_entropy(std::vector<std::byte>(32, std::byte{1}), 256);
  EXPECT_TRUE(seeded());
  EXPECT_EQ(fill(small), Errc{});
}

TEST_F(RandomTest, the_instruction_seeds_at_the_first_use) {
  host::set_hardware_random(numbered);
  EXPECT_FALSE(seeded());
  EXPECT_EQ(fill(small), Errc{});
  EXPECT_EQ(draws, 8u) << "32 bits count for each value";
  EXPECT_EQ(fill(small), Errc{});
  EXPECT_EQ(draws, 8u) << "seeded once";
}

TEST_F(RandomTest, an_instruction_that_fails_is_not_enough) {
  host::set_hardware_random(tired);
  EXPECT_EQ(fill(small), Errc::kTryAgain);
}

TEST_F(RandomTest, the_loaders_seed_is_used_once) {
  boot_entry::copy_random_seed(boot_info_for_entry(), std::vector<std::byte>(32, std::byte{7}));
  EXPECT_EQ(fill(small), Errc{});
  EXPECT_TRUE(boot_info().random_seed().empty());
  reseed();
  EXPECT_EQ(fill(small), Errc::kTryAgain);
}

TEST_F(RandomTest, a_short_loaders_seed_is_not_enough) {
  boot_entry::copy_random_seed(boot_info_for_entry(), std::vector<std::byte>(31, std::byte{7}));
  EXPECT_EQ(fill(small), Errc::kTryAgain);
}

TEST_F(RandomTest, reseed_asks_the_sources_again) {
  host::set_hardware_random(numbered);
  const auto before = take();
  reseed();
  EXPECT_EQ(draws, 16u);
  EXPECT_NE(before, take());
  without_sources();
  reseed();
  EXPECT_EQ(fill(small), Errc::kTryAgain);
}

TEST_F(RandomTest, the_instruction_is_asked_again_from_time_to_time) {
  host::set_hardware_random(numbered);
  for (int i = 0; i < 10000; ++i) ASSERT_EQ(fill(small), Errc{});
  EXPECT_GE(draws, 24u);
  EXPECT_LE(draws, 32u);
}

TEST_F(RandomTest, devices_are_asked_where_a_seed_is_lacking) {
  EXPECT_EQ(fill(small), Errc::kTryAgain);
  for (const FakeSource& device : devices) EXPECT_EQ(device.calls, "ask ");
  add_entropy(std::vector<std::byte>(32, std::byte{1}), 256);
  EXPECT_EQ(fill(small), Errc{});
  for (const FakeSource& device : devices) EXPECT_EQ(device.calls, "ask ");
}

TEST_F(RandomTest, devices_are_not_asked_where_the_instruction_seeds) {
  host::set_hardware_random(numbered);
  EXPECT_EQ(fill(small), Errc{});
  for (const FakeSource& device : devices) EXPECT_EQ(device.calls, "");
}

TEST_F(RandomTest, devices_are_asked_from_time_to_time) {
  host::set_hardware_random(numbered);
  for (int i = 0; i < 4096 * 3; ++i) ASSERT_EQ(fill(small), Errc{});
  for (const FakeSource& device : devices) EXPECT_EQ(device.calls, "ask ask ask ");
}

TEST_F(RandomTest, after_a_restore_devices_forget_what_is_under_way) {
  host::set_hardware_random(numbered);
  reseed();
  for (const FakeSource& device : devices) EXPECT_EQ(device.calls, "forget ask ");
}

TEST_F(RandomTest, from_an_interrupt_handler) {
  add_entropy(std::vector<std::byte>(32, std::byte{1}), 256);
  static Errc inside;
  host::raise_interrupt(
      [](void*) {
        std::array<std::byte, 8> out;
        inside = fill(out);
      },
      nullptr);
  EXPECT_EQ(inside, Errc{});
}

TEST_F(RandomTest, every_length_is_filled_and_no_more) {
  add_entropy(std::vector<std::byte>(32, std::byte{1}), 256);
  for (std::size_t length = 0; length <= 200; ++length) {
    std::set<std::byte> last;
    for (int i = 0; i < 40; ++i) {
      std::vector<std::byte> out(length + 1, std::byte{0x5a});
      ASSERT_EQ(fill(std::span{out}.first(length)), Errc{});
      ASSERT_EQ(out[length], std::byte{0x5a}) << length;
      if (length != 0) last.insert(out[length - 1]);
    }
    if (length != 0) {
      EXPECT_GT(last.size(), 1u) << length;
    }
  }
}

TEST_F(RandomTest, calls_do_not_repeat) {
  add_entropy(std::vector<std::byte>(32, std::byte{1}), 256);
  std::set<std::array<std::byte, 32>> seen;
  for (int i = 0; i < 2000; ++i) seen.insert(take());
  EXPECT_EQ(seen.size(), 2000u);
}

/// Frequencies of bytes, bits and runs, seeded so that it gives the same result
/// each time: a shifted buffer, a stuck bit or a repeated block would show.
TEST_F(RandomTest, statistics_are_sane) {
  add_entropy(std::vector<std::byte>(32, std::byte{1}), 256);
  std::vector<std::byte> sample(1 << 20);
  ASSERT_EQ(fill(sample), Errc{});
  std::array<double, 256> counts{};
  std::array<double, 256> pairs{};
  std::size_t ones = 0;
  unsigned previous = 0;
  for (const std::byte byte : sample) {
    const auto value = std::to_integer<unsigned>(byte);
    ++counts[value];
    ++pairs[value ^ previous];
    previous = value;
    ones += static_cast<std::size_t>(std::popcount(value));
  }
  const auto chi_square = [&](const std::array<double, 256>& observed) {
    const double expected = static_cast<double>(sample.size()) / 256;
    double sum = 0;
    for (const double count : observed) sum += (count - expected) * (count - expected) / expected;
    return sum;
  };
  // 255 degrees of freedom: mean 255, standard deviation 22.6; six of them.
  EXPECT_NEAR(chi_square(counts), 255, 136);
  EXPECT_NEAR(chi_square(pairs), 255, 136);
  const double bits = static_cast<double>(sample.size()) * 8;
  EXPECT_NEAR(static_cast<double>(ones), bits / 2, 6 * std::sqrt(bits) / 2);
}

}  // namespace
}  // namespace atl::random
