// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/acpi_tables.hpp>
#include <random>
#include <string>

#include "physical_memory.hpp"
#include "recorded.hpp"

namespace {

using namespace atl;
using namespace atl::acpi::test;
using namespace std::string_literals;

const std::string kHid = "\x08_HID\x0d"s;

std::string with_length(const std::string& op, const std::string& content) {
  const std::size_t length = content.size() + 2;
  return op + static_cast<char>(0x40 | (length & 0xf)) + static_cast<char>(length >> 4) + content;
}
std::string device(const std::string& content) { return with_length("\x5b\x82", "DEV_" + content); }

std::vector<std::byte> block(const std::string& code) {
  std::vector<std::byte> body(code.size());
  for (std::size_t i = 0; i < code.size(); ++i) body[i] = static_cast<std::byte>(code[i]);
  return make_table("DSDT", body);
}
std::string text_of(acpi::Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
/// What the first one that begins so has, "-" for nothing.
std::string found(const std::string& code, const std::string& beginning = kHid + "ONE\0"s) {
  const auto table = block(code);
  const auto device = acpi::DeviceNodes{table}.next(beginning);
  return device.ok() ? text_of(device.value().content) : "-";
}

TEST(DeviceTest, microvms_event_device) {
  const auto table = bytes(kMicrovmDsdt);
  const auto device = acpi::DeviceNodes{table}.next(kHid + "ACPI0013");
  ASSERT_TRUE(device.ok());
  EXPECT_EQ(device.value().name, "GED_");
  EXPECT_EQ(device.value().content.size(), 0x6cu - 6);
}

TEST(DeviceTest, one_after_the_other) {
  const auto table = bytes(kMicrovmDsdt);
  acpi::DeviceNodes nodes{table};
  std::string names;
  for (;;) {
    const auto device = nodes.next("\x08_HID");
    if (!device.ok()) {
      EXPECT_EQ(device.error(), Errc::kNoEntry);
      break;
    }
    names += std::string{device.value().name} + " ";
  }
  EXPECT_EQ(names, "FWCF RTC_ GED_ PWRB ");
  EXPECT_EQ(nodes.next("").error(), Errc::kNoEntry) << "and there it ends";
}

TEST(DeviceTest, of_several_that_begin_alike) {
  const auto table = block(device(kHid + "ONE\0a"s) + device(kHid + "TWO\0b"s) +
                           with_length("\x10", "_SB_" + device(kHid + "ONE\0c"s)));
  acpi::DeviceNodes nodes{table};
  EXPECT_EQ(text_of(nodes.next(kHid + "ONE").value().content).back(), 'a');
  EXPECT_EQ(text_of(nodes.next(kHid + "ONE").value().content).back(), 'c');
  EXPECT_FALSE(nodes.next(kHid + "ONE").ok());
}

TEST(DeviceTest, in_the_root_and_in_scopes) {
  const std::string one = kHid + "ONE\0rest"s;
  EXPECT_EQ(found(device(one)), one);
  EXPECT_EQ(found(with_length("\x10", "_SB_" + device(one))), one);
  EXPECT_EQ(found(with_length("\x10", "\\_SB_" + device(one))), one);
  EXPECT_EQ(found(with_length("\x10", "\\\0"s + device(one))), one);
}

TEST(DeviceTest, behind_other_objects) {
  const std::string one = kHid + "ONE\0rest"s;
  EXPECT_EQ(found(device(kHid + "TWO\0"s) + with_length("\x14", "METH" + one) + device(one)), one);
}

TEST(DeviceTest, not_inside_another_device) {
  const std::string one = kHid + "ONE\0rest"s;
  EXPECT_EQ(found(device(kHid + "TWO\0"s + device(one))), "-");
}

TEST(DeviceTest, whose_length_leads_outside) {
  std::string code = device(kHid + "ONE\0"s);
  code[2] = '\x4f';
  code[3] = '\x7f';
  EXPECT_EQ(found(code), "-");
  code[2] = '\x00';
  EXPECT_EQ(found(code), "-");
}

TEST(DeviceTest, cut_off_anywhere_and_changed_anywhere) {
  const auto whole = bytes(kMicrovmDsdt);
  std::mt19937 random{5};
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::byte> table(whole.begin(),
                                 whole.begin() + static_cast<long>(random() % (whole.size() + 1)));
    for (int changes = 0; changes < 3 && !table.empty(); ++changes)
      table[random() % table.size()] = static_cast<std::byte>(random());
    acpi::DeviceNodes nodes{table};
    for (std::size_t found = 0;; ++found) {
      ASSERT_LE(found, table.size());
      const auto device = nodes.next(kHid);
      if (!device.ok()) break;
      const acpi::Bytes content = device.value().content;
      EXPECT_GE(content.data(), table.data());
      EXPECT_LE(content.data() + content.size(), table.data() + table.size());
      static_cast<void>(acpi::memory_of(device.value()));
      static_cast<void>(acpi::interrupt_of(device.value()));
    }
  }
}

}  // namespace
