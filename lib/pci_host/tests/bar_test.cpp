// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/pci_bar.hpp>
#include <utility>
#include <vector>

#include "fake_config.hpp"

namespace {

using namespace atl;
using pci::test::FakeConfig;
using pci::test::FakeFunction;

struct BarTest : testing::Test {
  FakeConfig config;
  pci::Location at{.device = 3};
  FakeFunction& function = config.add(3, FakeFunction::device(0x1af4, 0x1041));
  void SetUp() override { ASSERT_TRUE(config.open(0).ok()); }

  Result<pci::BaseAddress> read(unsigned index, unsigned count = pci::kDeviceBars) {
    return pci::read_bar(config, at, index, count);
  }
};

TEST_F(BarTest, a_location_as_logs_show_it) {
  EXPECT_STREQ(pci::LocationText({.device = 3}).c_str(), "0000:00:03.0");
  EXPECT_STREQ(pci::LocationText({0xabcd, 0xff, 31, 7}).c_str(), "abcd:ff:1f.7");
}

TEST_F(BarTest, memory_of_32_bits) {
  function.add_bar(0, 1 << 20, 0);
  function.put(pci::registers::kBars, 0xfea0'0000, 4);
  const auto bar = read(0);
  ASSERT_TRUE(bar.ok());
  EXPECT_EQ(bar.value().size, 1u << 20);
  EXPECT_EQ(bar.value().address, 0xfea0'0000u);
  EXPECT_FALSE(bar.value().is_port || bar.value().is_wide || bar.value().prefetchable);
}

TEST_F(BarTest, memory_of_64_bits_takes_two_registers) {
  for (const std::uint64_t size :
       {std::uint64_t{0x4000}, std::uint64_t{1} << 32, std::uint64_t{1} << 40}) {
    function.add_bar(4, size, 0xc);
    const auto bar = read(4);
    ASSERT_TRUE(bar.ok());
    EXPECT_EQ(bar.value().size, size);
    EXPECT_TRUE(bar.value().is_wide && bar.value().prefetchable);
    pci::write_bar(config, at, 4, bar.value(), std::uint64_t{1} << 42);
    EXPECT_EQ(function.bar(4), std::uint64_t{1} << 42);
    EXPECT_EQ(read(4).value().address, std::uint64_t{1} << 42);
  }
}

TEST_F(BarTest, ports_may_have_16_bits) {
  function.add_bar(1, 0x20, 1);
  EXPECT_EQ(read(1).value().size, 0x20u);
  function.allow(pci::registers::kBars + 4, 0xffe0, 4);
  const auto bar = read(1);
  ASSERT_TRUE(bar.ok());
  EXPECT_TRUE(bar.value().is_port);
  EXPECT_EQ(bar.value().size, 0x20u);
}

TEST_F(BarTest, one_that_takes_nothing_is_not_in_use) { EXPECT_EQ(read(2).value().size, 0u); }

TEST_F(BarTest, the_question_leaves_all_as_it_was) {
  function.add_bar(0, 0x1000, 0);
  function.put(pci::registers::kBars, 0x1234'5000, 4);
  function.put(pci::registers::kCommand, 0x0407, 2);
  const auto before = function.bytes;
  ASSERT_TRUE(read(0).ok());
  EXPECT_EQ(function.bytes, before);
}

/// A device that notices whether it decodes while its base address is all ones.
TEST_F(BarTest, decoding_is_off_meanwhile) {
  class Watched final : public pci::ConfigSpace {
   public:
    explicit Watched(FakeConfig& inside) : inside_(inside) {}
    bool decoded = false;

   private:
    Result<void> do_open(std::uint8_t) override { return {}; }
    std::uint32_t do_read(pci::Location at, std::uint16_t offset, std::size_t bytes) override {
      return inside_.find(at)->get(offset, bytes);
    }
    void do_write(pci::Location at, std::uint16_t offset, std::size_t bytes,
                  std::uint32_t value) override {
      if (offset >= pci::registers::kBars && offset < 0x28)
        decoded = decoded || (inside_.find(at)->get(pci::registers::kCommand, 2) & 3) != 0;
      if (bytes == 2) inside_.write(at, offset, static_cast<std::uint16_t>(value));
      if (bytes == 4) inside_.write(at, offset, value);
    }
    FakeConfig& inside_;
  };
  function.add_bar(0, 0x1000, 4);
  function.put(pci::registers::kCommand, 3, 2);
  Watched watched{config};
  ASSERT_TRUE(pci::read_bar(watched, at, 0, 6).ok());
  EXPECT_FALSE(watched.decoded);
  EXPECT_EQ(function.get(pci::registers::kCommand, 2), 3u);
}

TEST_F(BarTest, types_and_sizes_that_cannot_be) {
  for (const std::uint32_t type : {2u, 6u}) {
    function.add_bar(0, 0x1000, type);
    EXPECT_EQ(read(0).error(), Errc::kBadMessage);
  }
  function.add_bar(5, 0x1000, 4);
  EXPECT_EQ(read(5).error(), Errc::kBadMessage);
  function.add_bar(1, 0x1000, 4);
  EXPECT_EQ(read(1, pci::kBridgeBars).error(), Errc::kBadMessage);
  function.add_bar(0, 0x1000, 0);
  function.allow(pci::registers::kBars, 0xf0ff'f000, 4);
  EXPECT_EQ(read(0).error(), Errc::kBadMessage);
  function.add_bar(0, 0x1000, 4);
  function.allow(pci::registers::kBars + 4, 0x0000'ffff, 4);
  EXPECT_EQ(read(0).error(), Errc::kBadMessage);
}

TEST_F(BarTest, functions_above_the_first_are_looked_for_where_there_are_some) {
  const auto seen = [&] {
    std::vector<std::pair<unsigned, unsigned>> found;
    pci::for_each_function(config, 0, 0, [&](pci::Location where, std::uint8_t type) {
      found.emplace_back(where.device << 3 | where.function, type);
    });
    return found;
  };
  config.add(3, FakeFunction::device(1, 2), 5);
  config.add(9, FakeFunction::device(1, 2), 1);  // without a function 0
  using Seen = std::vector<std::pair<unsigned, unsigned>>;
  EXPECT_EQ(seen(), (Seen{{24, 0}}));
  function.put(pci::registers::kHeaderType, 0x80, 1);
  EXPECT_EQ(seen(), (Seen{{24, 0}, {29, 0}}));
  config.functions[29].put(pci::registers::kHeaderType, 0x81, 1);
  EXPECT_EQ(seen(), (Seen{{24, 0}, {29, 1}}));
}

TEST_F(BarTest, a_misaligned_register_is_the_caller_s_mistake) {
  EXPECT_DEATH(static_cast<void>(config.read<std::uint32_t>(at, 2)), "offset");
  EXPECT_DEATH(config.write<std::uint16_t>(at, 4096, 0), "offset");
}

}  // namespace
