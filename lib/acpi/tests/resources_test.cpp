// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/acpi_tables.hpp>
#include <string>
#include <vector>

#include "recorded.hpp"

namespace {

using namespace atl;
using namespace atl::acpi::test;
using namespace std::string_literals;

// ACPI 6.5 §6.4.3.4, §6.4.3.6: 512 bytes at feb00e00H, line 23, a level.
const std::string kMemory = "\x86\x09\x00\x01\x00\x0e\xb0\xfe\x00\x02\x00\x00"s;
const std::string kLine = "\x89\x06\x00\x01\x01\x17\x00\x00\x00"s;
const std::string kEnd = "\x79\x00"s;

/// Content of a device, in a block of its own, so that a read beyond its end is seen.
class Device {
 public:
  explicit Device(const std::string& content) : bytes_(content.size()) {
    for (std::size_t i = 0; i < content.size(); ++i) bytes_[i] = static_cast<std::byte>(content[i]);
  }
  /// Name (_CRS, Buffer () {...}), §20.2.5.4, of those descriptors.
  static Device with(const std::string& descriptors, int longer = 0) {
    const auto size = static_cast<int>(descriptors.size());
    return Device{"\x08_HID\x0dLNRO0005\x00\x08_UID\x00\x08_CRS\x11"s +
                  static_cast<char>(size + 3 + longer) + "\x0a"s + static_cast<char>(size) +
                  descriptors};
  }
  [[nodiscard]] Result<PhysRange> memory() const { return acpi::memory_of({"DEV_", bytes_}); }
  [[nodiscard]] Result<acpi::DeviceLine> interrupt() const {
    return acpi::interrupt_of({"DEV_", bytes_});
  }

 private:
  std::vector<std::byte> bytes_;
};

TEST(ResourcesTest, memory_and_line_in_any_order) {
  for (const std::string& descriptors : {kMemory + kLine + kEnd, kLine + kMemory + kEnd}) {
    const Device device = Device::with(descriptors);
    EXPECT_EQ(device.memory().value(), (PhysRange{PhysAddr{0xfeb0'0e00}, 0x200}));
    const auto interrupt = device.interrupt();
    ASSERT_TRUE(interrupt.ok());
    EXPECT_EQ(interrupt.value().line, 23u);
    EXPECT_TRUE(interrupt.value().level);
    EXPECT_FALSE(interrupt.value().active_low);
  }
}

TEST(ResourcesTest, an_edge_and_a_line_that_is_active_low) {
  std::string line = kLine;
  line[3] = 7;
  const auto interrupt = Device::with(line + kEnd).interrupt();
  ASSERT_TRUE(interrupt.ok());
  EXPECT_FALSE(interrupt.value().level);
  EXPECT_TRUE(interrupt.value().active_low);
}

TEST(ResourcesTest, others_are_stepped_over) {
  // A port (§6.4.2.5), and a large one of a vendor's (§6.4.3.2) with a line's tag inside.
  const std::string port = "\x47\x01\x70\x00\x70\x00\x01\x08"s;
  const std::string vendor = "\x84\x09\x00"s + kLine;
  const Device device = Device::with(port + vendor + kMemory + kEnd);
  EXPECT_TRUE(device.memory().ok());
  EXPECT_EQ(device.interrupt().error(), Errc::kNoEntry);
}

TEST(ResourcesTest, nothing_behind_the_end_counts) {
  EXPECT_EQ(Device::with(kEnd + kMemory).memory().error(), Errc::kNoEntry);
  EXPECT_EQ(Device::with("").memory().error(), Errc::kNoEntry);
  EXPECT_EQ(Device{"\x08_HID\x0dLNRO0005\x00"s}.memory().error(), Errc::kNoEntry);
}

TEST(ResourcesTest, the_name_inside_something_else_is_not_theirs) {
  const std::string resources = "\x08_CRS\x11\x11\x0a\x0e"s + kMemory + kEnd;
  const std::string method = "\x14"s + static_cast<char>(resources.size() + 6) + "METH\x00"s;
  EXPECT_EQ(Device{method + resources}.memory().error(), Errc::kNoEntry);
  EXPECT_TRUE(Device{method + resources + resources}.memory().ok());
}

TEST(ResourcesTest, numbers_that_look_like_objects_hide_nothing) {
  const std::string resources = "\x08_CRS\x11\x11\x0a\x0e"s + kMemory + kEnd;
  // §20.2.3: of 1, 2, 4 and 8 bytes; QEMU's microvm numbers its places, the 20th 14H.
  for (const std::string& number : {"\x0a\x14"s, "\x0b\x12\x14"s, "\x0c\x10\x11\x12\x14"s,
                                    "\x0e\x14\x14\x14\x14\x14\x14\x14\x14"s})
    EXPECT_TRUE(Device{"\x08_UID"s + number + resources}.memory().ok()) << number.size();
}

TEST(ResourcesTest, descriptors_that_do_not_fit_are_refused) {
  std::string memory = kMemory;
  memory[1] = 0x0c;  // beyond the end tag
  EXPECT_EQ(Device::with(memory + kEnd).memory().error(), Errc::kBadMessage);
  EXPECT_EQ(Device::with("\x86\x08\x00"s + std::string(8, 'x') + kEnd).memory().error(),
            Errc::kBadMessage);
  std::string line = kLine;
  line[4] = 0;  // no line
  EXPECT_EQ(Device::with(line + kEnd).interrupt().error(), Errc::kBadMessage);
  EXPECT_EQ(Device::with("\x89\x02\x00\x01\x01"s + kEnd).interrupt().error(), Errc::kBadMessage);
}

TEST(ResourcesTest, a_buffer_that_leads_outside_has_nothing) {
  EXPECT_EQ(Device::with(kMemory + kEnd, 1).memory().error(), Errc::kNoEntry);
  EXPECT_TRUE(Device::with(kMemory + kEnd, 0).memory().ok());
  EXPECT_EQ(Device::with(kMemory + kEnd, -2).memory().value().size, 0x200u);
  EXPECT_EQ(Device::with(kMemory + kEnd, -3).memory().error(), Errc::kBadMessage);
  for (int shorter = 4; shorter <= 17; ++shorter)
    EXPECT_FALSE(Device::with(kMemory + kEnd, -shorter).memory().ok()) << shorter;
}

TEST(ResourcesTest, microvms_event_device) {
  const auto table = bytes(kMicrovmDsdt);
  const auto device = acpi::DeviceNodes{table}.next(
      "\x08_HID\x0d"
      "ACPI0013");
  ASSERT_TRUE(device.ok());
  const auto interrupt = acpi::interrupt_of(device.value());
  ASSERT_TRUE(interrupt.ok());
  EXPECT_EQ(interrupt.value().line, 9u);
  EXPECT_FALSE(interrupt.value().level);
  EXPECT_EQ(acpi::memory_of(device.value()).error(), Errc::kNoEntry);
}

}  // namespace
