// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "../src/event_device.hpp"

namespace {

using namespace atl;
using namespace std::string_literals;

// As QEMU 7.2 writes it for microvm, the device's length left out.
const std::string kName = "GED_"s;
const std::string kRest =
    "\x08_HID\x0d"
    "ACPI0013\x00\x08_UID\x0dGED\x00\x08_CRS\x11\x0e\x0a\x0b"
    "\x89\x06\x00\x03\x01\x09\x00\x00\x00\x79\x00"
    "\x5b\x80"
    "EREG\x00\x0c\x00\x00\xa0\xfe\x0a\x04"
    "\x5b\x81\x0b"
    "EREG\x43"
    "ESEL\x20"s;

// Scope (_SB_), as long as `content` wants it.
std::string scope(const std::string& content) {
  const std::size_t length = content.size() + 6;
  return "\x10"s + static_cast<char>(0x40 | (length & 0xf)) + static_cast<char>(length >> 4) +
         "_SB_" + content;
}
std::string header(const std::string& oem = "BOCHS ") {
  return "DSDT\0\0\0\0\x02\0"s + oem + std::string(20, '\0');
}
std::string device(const std::string& rest = kRest) {
  const std::size_t length = kName.size() + rest.size() + 2;
  return "\x5b\x82"s + static_cast<char>(0x40 | (length & 0xf)) + static_cast<char>(length >> 4) +
         kName + rest;
}
Result<EventDevice> find(const std::string& table) {
  // A block of its own, so that a read beyond its end is seen.
  std::vector<std::byte> bytes(table.size());
  for (std::size_t i = 0; i < table.size(); ++i) bytes[i] = static_cast<std::byte>(table[i]);
  return find_event_device(bytes);
}

TEST(EventDeviceTest, microvms) {
  // Devices before it, one of which has its bytes inside.
  std::string other = device("\x08_HID\x0dQEMU0002\x00"s) + device("\x08_UID\x00"s + kRest);
  auto found = find(header() + scope(other + device()) + "rest");
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().selector, PhysAddr{0xfea00000});
  EXPECT_EQ(found.value().line, 9u);
  EXPECT_FALSE(found.value().level);
  EXPECT_FALSE(found.value().active_low);
}

TEST(EventDeviceTest, a_level_that_is_active_low) {
  std::string rest = kRest;
  rest[rest.find("\x89\x06\x00"s) + 3] = 0x05;
  auto found = find(header() + device(rest));
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(found.value().level);
  EXPECT_TRUE(found.value().active_low);
}

TEST(EventDeviceTest, only_in_qemus_tables) {
  EXPECT_EQ(find(header("CLOUDH") + device()).error(), Errc::kNoEntry);
}

TEST(EventDeviceTest, interrupt_and_register_must_be_its_own) {
  std::string rest = kRest;
  const std::string region = rest.substr(rest.find("\x5b\x80"));
  rest.resize(rest.find("\x5b\x80"));
  EXPECT_EQ(find(header() + device(rest) + region).error(), Errc::kNoEntry);
}

TEST(EventDeviceTest, a_device_whose_length_lies_is_refused) {
  std::string table = header() + device();
  table[header().size() + 3] = '\x7f';
  EXPECT_EQ(find(table).error(), Errc::kNoEntry);
  table[header().size() + 3] = '\x00';
  EXPECT_EQ(find(table).error(), Errc::kNoEntry);
}

TEST(EventDeviceTest, cut_off_anywhere) {
  const std::string table = header() + device();
  for (std::size_t size = 0; size < table.size(); ++size)
    EXPECT_FALSE(find(table.substr(0, size)).ok()) << size;
}

TEST(EventDeviceTest, any_change_is_survived) {
  std::mt19937 random{9};
  const std::string table = header() + device();
  for (int i = 0; i < 20'000; ++i) {
    std::string changed = table;
    for (int changes = 0; changes < 3; ++changes)
      changed[random() % changed.size()] = static_cast<char>(random());
    static_cast<void>(find(changed));
  }
}

}  // namespace
