// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

/// Text out to whatever shows it. A sink is a device's library
/// (console_ns16550, console_pl011, console_xen); an image may hold several and
/// all of them get every byte.
namespace atl::console {

class Sink;

/// Adds `sink` and gives it what was written before (the early buffer). Boot
/// steps of sinks call it; never removed.
void add_sink(Sink& sink);

/// Writes to every sink, each "\n" as "\r\n". Before the first sink, text goes
/// to a small buffer; what does not fit there is lost. Any context but a
/// non-maskable interrupt; whole calls do not interleave except when a panic
/// breaks in.
void write(std::string_view text);

/// Ends the line that is being written, if there is one: a record that must
/// stand on a line of its own begins with it.
void fresh_line();

/// Input of the sinks that have one: the bytes that are there, at most
/// into.size(); 0 where nothing has come. Never waits. Any context but a
/// non-maskable interrupt.
std::size_t read(std::span<char> into);

/// From now on no call waits for a lock: for a panic, which may have
/// interrupted its holder. Not undone. Any context.
void break_locks();

/// A device that shows text. Lives as long as the image; may be a `constinit`
/// object: it has a trivial destructor.
class Sink {
 public:
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  /// Writes all of `text`, waiting for room in the device for a bounded time;
  /// what a dead device does not take is dropped. Any context, a panic
  /// included: takes no lock and allocates nothing.
  void write(std::string_view text) { do_write(text); }

  /// Input that has come, at most into.size() bytes, without waiting.
  std::size_t read(std::span<char> into) { return do_read(into); }

 protected:
  constexpr Sink() = default;
  ~Sink() = default;

 private:
  virtual void do_write(std::string_view text) = 0;
  virtual std::size_t do_read(std::span<char>) { return 0; }

  friend struct SinkList;
  Sink* next_ = nullptr;
};

}  // namespace atl::console
