// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/console.hpp>
#include <atoll/log.hpp>
#include <atoll/result.hpp>
#include <atomic>

namespace atl {
namespace log {

using namespace std::string_view_literals;

namespace {

constexpr std::size_t kLineBytes = 200;

/// Warnings and errors until the command line says otherwise: a program's
/// console is the program's.
constinit std::atomic<Level> shown_level{Level::kWarning};
constinit std::atomic<Nanoseconds (*)()> timestamp_source{nullptr};

/// `[    0.001234] `: seconds and microseconds.
void put_timestamp(TextWriter& line) {
  const auto now = timestamp_source.load(std::memory_order_relaxed);
  if (now == nullptr) return;
  const std::uint64_t microseconds = now().count / 1'000;
  format_to(line, "[{:5}.{:06}] ", microseconds / 1'000'000, microseconds % 1'000'000);
}

/// The level that `name` names; one above kDebug for none.
unsigned level_of(std::string_view name) {
  if (name == "error"sv) return 0;
  if (name == "warning"sv) return 1;
  if (name == "info"sv) return 2;
  return name == "debug"sv ? 3 : 4;
}

}  // namespace

bool shows(Level level) {
  return static_cast<std::uint64_t>(level) <= config::log::kLevel &&
         level <= shown_level.load(std::memory_order_relaxed);
}

void set_level(Level level) { shown_level.store(level, std::memory_order_relaxed); }

void set_timestamp_source(Nanoseconds (*now)()) {
  timestamp_source.store(now, std::memory_order_relaxed);
}

void detail::write(Level level, std::string_view library, std::string_view pattern,
                   std::span<const FormatArgument> arguments) {
  std::array<char, kLineBytes> room;
  // The last byte stays free for the line's end, however long the text is.
  TextWriter line{std::span{room}.first(kLineBytes - 1)};
  put_timestamp(line);
  line.text(library).text(": ");
  if (level == Level::kError) line.text("error: ");
  if (level == Level::kWarning) line.text("warning: ");
  format(line, pattern, arguments);
  const std::size_t length = line.view().size();
  room[length] = '\n';
  console::write({room.data(), length + 1});
}

}  // namespace log

/// Boot option `log.level=`. kInvalidArgument for a level it does not know.
Result<void> log_level_option(std::string_view value) {
  const unsigned level = log::level_of(value);
  if (level > static_cast<unsigned>(log::Level::kDebug)) return fail(Errc::kInvalidArgument);
  log::set_level(static_cast<log::Level>(level));
  return {};
}

}  // namespace atl
