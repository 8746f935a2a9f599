// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/list.hpp>
#include <cstddef>
#include <span>
#include <string_view>

/// Text out to whatever shows it. A sink is a device's library
/// (console_ns16550, console_pl011, console_xen); an image may hold several and
/// all of them get every byte.
namespace atoll::console {

/// A device that shows text. Lives as long as the image.
class Sink {
 public:
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  /// Writes all of `text`, waiting for room in the device for a bounded time;
  /// what a dead device does not take is dropped. Any context, a panic
  /// included: takes no lock and allocates nothing.
  void write(std::string_view text) { do_write(text); }

  ListHook hook;

 protected:
  constexpr Sink() = default;
  ~Sink() = default;

 private:
  virtual void do_write(std::string_view text) = 0;
};

/// Adds `sink` and gives it what was written before (the early buffer). Boot
/// steps of sinks call it; never removed.
void add_sink(Sink& sink);

/// Writes to every sink, each "\n" as "\r\n". Before the first sink, text goes
/// to a small buffer. Any context; whole calls do not interleave except when a
/// panic breaks in.
void write(std::string_view text);

/// The device's input, where a sink has one: bytes read without waiting.
std::size_t read(std::span<char> into);

}  // namespace atoll::console
