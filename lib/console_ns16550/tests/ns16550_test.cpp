// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/ns16550.hpp>

#include <gtest/gtest.h>
#include <deque>
#include <string>
#include <vector>

namespace atl {
namespace {

/// Follows PC16550D §8; counts what no driver should do.
struct FakeUart {
  std::string sent;
  std::deque<char> input;
  std::size_t fifo = 0;  // bytes not yet sent
  unsigned polls_until_empty = 0;
  unsigned polls = 0;
  unsigned overruns = 0;
  bool stuck = false;
  bool absent = false;
  std::uint8_t line_control = 0;
  std::uint8_t divisor_low = 12;
  std::uint8_t divisor_high = 9;
  std::uint8_t interrupt_enable = 0xff;
  std::uint8_t fifo_control = 0;
  std::uint8_t modem_control = 0;

  std::uint8_t read(std::uint64_t offset) {
    if (absent) return 0xff;
    if (offset == 0 && !input.empty()) {
      const char c = input.front();
      input.pop_front();
      return static_cast<std::uint8_t>(c);
    }
    if (offset != 5) return 0;
    ++polls;
    if (fifo != 0 && !stuck && (polls_until_empty == 0 || --polls_until_empty == 0)) fifo = 0;
    return static_cast<std::uint8_t>((input.empty() ? 0 : 1) | (fifo == 0 && !stuck ? 0x60 : 0));
  }

  void write(std::uint64_t offset, std::uint8_t value) {
    const bool latch = (line_control & 0x80) != 0;
    switch (offset) {
      case 0:
        if (latch) {
          divisor_low = value;
          break;
        }
        if (fifo == 16) {
          ++overruns;
          break;
        }
        ++fifo;
        sent.push_back(static_cast<char>(value));
        break;
      case 1:
        (latch ? divisor_high : interrupt_enable) = value;
        break;
      case 2:
        fifo_control = value;
        break;
      case 3:
        line_control = value;
        break;
      case 4:
        modem_control = value;
        break;
      default:
        ADD_FAILURE() << "write to register " << offset;
    }
  }
};

struct FakeIo {
  FakeUart* uart;
  template <typename T>
  T read(std::uint64_t offset) const {
    return uart->read(offset);
  }
  template <typename T>
  void write(std::uint64_t offset, T value) const {
    uart->write(offset, value);
  }
};

TEST(Ns16550, ConfiguresTheLine) {
  FakeUart uart;
  Ns16550<FakeIo> driver{FakeIo{&uart}};
  driver.configure();
  EXPECT_EQ(uart.line_control, 3);  // 8N1, divisor latch closed
  EXPECT_EQ(uart.divisor_low, 1);
  EXPECT_EQ(uart.divisor_high, 0);
  EXPECT_EQ(uart.interrupt_enable, 0);
  EXPECT_EQ(uart.fifo_control & 1, 1);
  EXPECT_EQ(uart.modem_control, 3);
  EXPECT_TRUE(uart.sent.empty());
}

TEST(Ns16550, SendsEverythingInOrderWithoutOverruns) {
  FakeUart uart;
  uart.polls_until_empty = 5;
  Ns16550<FakeIo> driver{FakeIo{&uart}};
  driver.configure();
  std::string text;
  for (int i = 0; i < 1000; ++i) text.push_back(static_cast<char>(i % 251));
  driver.write(text);
  EXPECT_EQ(uart.sent, text);
  EXPECT_EQ(uart.overruns, 0u);
}

TEST(Ns16550, AsksOncePerSixteenBytes) {
  FakeUart uart;
  Ns16550<FakeIo> driver{FakeIo{&uart}};
  driver.write(std::string(64, 'x'));
  EXPECT_LE(uart.polls, 5u);
}

TEST(Ns16550, DeadDeviceCostsOneBoundedWait) {
  FakeUart uart;
  uart.stuck = true;
  Ns16550<FakeIo> driver{FakeIo{&uart}};
  driver.write("abc");
  EXPECT_LE(uart.polls, 200'002u);
  const unsigned before = uart.polls;
  driver.write(std::string(1000, 'x'));
  EXPECT_LE(uart.polls - before, 1000u);
  EXPECT_TRUE(uart.sent.empty());
}

TEST(Ns16550, DeviceThatRevivesIsUsedAgain) {
  FakeUart uart;
  uart.stuck = true;
  Ns16550<FakeIo> driver{FakeIo{&uart}};
  driver.write("lost");
  uart.stuck = false;
  driver.write("kept");
  EXPECT_EQ(uart.sent, "kept");
}

TEST(Ns16550, ReadsWhatIsThereAndNoMore) {
  FakeUart uart;
  uart.input = {'a', 'b', 'c'};
  Ns16550<FakeIo> driver{FakeIo{&uart}};
  std::vector<char> room(2);
  EXPECT_EQ(driver.read(room), 2u);
  EXPECT_EQ(room, (std::vector<char>{'a', 'b'}));
  EXPECT_EQ(driver.read(room), 1u);
  EXPECT_EQ(room[0], 'c');
  EXPECT_EQ(driver.read(room), 0u);
  EXPECT_EQ(driver.read({}), 0u);
}

TEST(Ns16550, AbsentDeviceGivesNoInputAndSwallowsOutput) {
  FakeUart uart;
  uart.absent = true;
  Ns16550<FakeIo> driver{FakeIo{&uart}};
  std::vector<char> room(8);
  EXPECT_EQ(driver.read(room), 0u);
  driver.write("nobody listens");
  EXPECT_EQ(uart.polls, 0u);
}

}  // namespace
}  // namespace atl
