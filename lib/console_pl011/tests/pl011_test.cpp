// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/pl011.hpp>
#include <deque>
#include <string>

namespace {

constexpr std::uint32_t kReceiveEmpty = 1u << 4;
constexpr std::uint32_t kTransmitFull = 1u << 5;

// What the TRM says a PL011 does, as far as a driver can see.
struct FakeUart {
  std::string sent;
  std::deque<std::uint32_t> input;
  std::uint32_t control = 0x301;
  std::uint32_t line_control = 0;
  unsigned full_for = 0;  // looks until there is room
  bool always_full = false;
  bool endless_input = false;
  unsigned looks = 0;
};

struct FakeIo {
  FakeUart* uart = nullptr;

  template <typename T>
  T read(std::uint64_t offset) const {
    static_assert(sizeof(T) == 4);
    switch (offset) {
      case 0x00: {
        if (uart->endless_input) return 'z';
        EXPECT_FALSE(uart->input.empty()) << "a read of an empty FIFO";
        const std::uint32_t value = uart->input.front();
        uart->input.pop_front();
        return value;
      }
      case 0x18: {
        ++uart->looks;
        std::uint32_t flags = 0;
        if (uart->always_full || uart->full_for != 0) flags |= kTransmitFull;
        if (uart->full_for != 0) --uart->full_for;
        if (uart->input.empty() && !uart->endless_input) flags |= kReceiveEmpty;
        return flags;
      }
      case 0x2c:
        return uart->line_control;
      case 0x30:
        return uart->control;
      default:
        ADD_FAILURE() << "read of register " << offset;
        return 0;
    }
  }
  template <typename T>
  void write(std::uint64_t offset, T value) const {
    static_assert(sizeof(T) == 4);
    switch (offset) {
      case 0x00:
        uart->sent += static_cast<char>(value);
        break;
      case 0x2c:
        uart->line_control = value;
        break;
      case 0x30:
        uart->control = value;
        break;
      default:
        ADD_FAILURE() << "write to register " << offset;
    }
  }
};

struct Pl011Test : testing::Test {
  FakeUart uart;
  atl::Pl011<FakeIo> driver{FakeIo{&uart}};
};

TEST_F(Pl011Test, writes_every_byte_in_order) {
  driver.write("hello\n");
  EXPECT_EQ(uart.sent, "hello\n");
}

TEST_F(Pl011Test, writes_bytes_above_127) {
  driver.write("\xff\x80");
  EXPECT_EQ(uart.sent, "\xff\x80");
}

TEST_F(Pl011Test, waits_for_room) {
  uart.full_for = 500;
  driver.write("ab");
  EXPECT_EQ(uart.sent, "ab");
}

TEST_F(Pl011Test, a_dead_device_costs_a_bounded_wait_once) {
  uart.always_full = true;
  driver.write("a");
  EXPECT_LE(uart.looks, 100'000u);
  uart.looks = 0;
  driver.write(std::string(1000, 'b'));
  EXPECT_EQ(uart.looks, 1000u);
  EXPECT_EQ(uart.sent, "");
}

TEST_F(Pl011Test, a_device_that_revives_is_used_again) {
  uart.always_full = true;
  driver.write("lost");
  uart.always_full = false;
  driver.write("back");
  EXPECT_EQ(uart.sent, "back");
}

TEST_F(Pl011Test, reads_what_is_there) {
  uart.input = {'a', 'b', 'c'};
  char into[2];
  EXPECT_EQ(driver.read(into), 2u);
  EXPECT_EQ(std::string(into, 2), "ab");
  EXPECT_EQ(driver.read(into), 1u);
  EXPECT_EQ(into[0], 'c');
  EXPECT_EQ(driver.read(into), 0u);
}

TEST_F(Pl011Test, leaves_out_bytes_with_errors_but_not_after_an_overrun) {
  uart.input = {'a', 'b' | 1u << 8, 'c' | 1u << 9, 0u | 1u << 10, 'd' | 1u << 11};
  char into[8];
  EXPECT_EQ(driver.read(into), 2u);
  EXPECT_EQ(std::string(into, 2), "ad");
}

TEST_F(Pl011Test, endless_input_ends) {
  uart.endless_input = true;
  char into[4096];
  EXPECT_LE(driver.read(into), 32u);
}

TEST_F(Pl011Test, reads_nothing_into_nothing) {
  uart.input = {'a'};
  EXPECT_EQ(driver.read(std::span<char>{}), 0u);
  EXPECT_EQ(uart.input.size(), 1u);
}

TEST_F(Pl011Test, enable_leaves_a_running_uart_alone) {
  uart.line_control = 0x60;
  driver.enable();
  EXPECT_EQ(uart.line_control, 0x60u);
  EXPECT_EQ(uart.control, 0x301u);
}

TEST_F(Pl011Test, enable_switches_on_what_is_off) {
  uart.control = 0;
  driver.enable();
  EXPECT_EQ(uart.line_control, 0x70u);
  EXPECT_EQ(uart.control, 0x301u);
}

}  // namespace
