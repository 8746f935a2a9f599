// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/arch.hpp>
#include <atoll/console.hpp>
#include <atoll/host/machine.hpp>

#include <array>
#include <string>
#include <type_traits>

namespace {

using namespace atl;

class Recorder final : public console::Sink {
 public:
  std::string shown;
  std::string typed;

 private:
  void do_write(std::string_view text) override { shown += text; }
  std::size_t do_read(std::span<char> into) override {
    const std::size_t count = std::min(into.size(), typed.size());
    typed.copy(into.data(), count);
    typed.erase(0, count);
    return count;
  }
};

class Mute final : public console::Sink {
  void do_write(std::string_view) override {}
};
static_assert(std::is_trivially_destructible_v<Mute>, "sinks are constinit objects");

// The console is one per image and a sink never leaves it: one test, in order.
TEST(ConsoleTest, from_the_early_buffer_to_two_sinks) {
  host::reset_machine();
  static Recorder first, second;
  static Mute mute;

  // Before the first sink: kept up to 512 bytes, the rest is lost.
  console::write("early\n");
  console::write("");
  console::write(std::string(1000, 'x'));
  console::add_sink(first);
  EXPECT_EQ(first.shown, "early\r\n" + std::string(506, 'x'));
  first.shown.clear();

  // Whole lines, empty lines, pieces of lines.
  console::write("a\n\nb");
  console::write("\n");
  console::write("c\n");
  EXPECT_EQ(first.shown, "a\r\n\r\nb\r\nc\r\n");
  first.shown.clear();

  // A fresh line ends what has begun, and nothing else.
  console::fresh_line();
  console::write("half");
  console::fresh_line();
  console::fresh_line();
  EXPECT_EQ(first.shown, "half\r\n");
  first.shown.clear();

  // A later sink gets the early text, too; then all get everything.
  console::add_sink(mute);
  console::add_sink(second);
  EXPECT_EQ(second.shown.substr(0, 7), "early\r\n");
  second.shown.clear();
  console::write("to all\n");
  EXPECT_EQ(first.shown, "to all\r\n");
  EXPECT_EQ(second.shown, "to all\r\n");

  // Input of every sink that has one, no more than there is room for.
  first.typed = "123";
  second.typed = "ab";
  std::array<char, 4> room;
  EXPECT_EQ(console::read(room), 4u);
  EXPECT_EQ(console::read(room), 1u);
  EXPECT_EQ(console::read(room), 0u);
  EXPECT_EQ(console::read({}), 0u);

  // A panic inside a write: the lock is held and is not waited for.
  class Panicking final : public console::Sink {
    void do_write(std::string_view) override {
      if (entered_++ != 0) return;
      console::break_locks();
      console::write("panic\n");
    }
    int entered_ = 0;
  };
  static Panicking panicking;
  second.shown.clear();
  console::add_sink(panicking);
  EXPECT_NE(second.shown.find("panic\r\n"), std::string::npos);
  EXPECT_TRUE(arch::Cpu::interrupts_enabled());
}

}  // namespace
