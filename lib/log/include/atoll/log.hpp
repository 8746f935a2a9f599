// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/config/log.hpp>
#include <atoll/format.hpp>
#include <atoll/types.hpp>
#include <cstdint>
#include <string_view>

/// Leveled messages to the console: `sched: text`, with a timestamp source
/// `[    0.001234] sched: text`.
///
/// Formatting is small on purpose: `log::info("vm", "mapped {} pages at {:x}",
/// pages, address)` with integers, addresses, characters, text and Errc
/// (atoll/format.hpp). The pattern is checked when it is compiled.
///
/// Messages above the compiled level (option LOG_LEVEL) cost no bytes; those
/// above the run-time level (`log.level=error|warning|info|debug`) cost a compare.
/// Any context but a non-maskable interrupt; a line is cut at 200 bytes.
namespace atl::log {

enum class Level : std::uint8_t { kError = 0, kWarning = 1, kInfo = 2, kDebug = 3 };

/// Whether a message of `level` would be shown. A constant false above the
/// compiled level.
[[nodiscard]] bool shows(Level level);

/// Sets the run-time level; above the compiled one nothing is shown.
void set_level(Level level);

/// Where timestamps come from; null: none. It must be cheap and need no
/// calibration. Set by a boot step.
void set_timestamp_source(Nanoseconds (*now)());

namespace detail {
void write(Level level, std::string_view library, std::string_view pattern,
           std::span<const FormatArgument> arguments);

template <Level L, typename... Arguments>
void message(std::string_view library, std::string_view pattern, const Arguments&... arguments) {
  if constexpr (static_cast<std::uint64_t>(L) <= config::log::kLevel) {
    if (!shows(L)) return;
    const std::array<FormatArgument, sizeof...(Arguments)> erased{FormatArgument{arguments}...};
    write(L, library, pattern, erased);
  }
}
}  // namespace detail

/// Something does not work that should.
template <typename... Arguments>
void error(std::string_view library, FormatString<std::type_identity_t<Arguments>...> pattern,
           const Arguments&... arguments) {
  detail::message<Level::kError>(library, pattern.view(), arguments...);
}

/// Something works, but less than it should.
template <typename... Arguments>
void warning(std::string_view library, FormatString<std::type_identity_t<Arguments>...> pattern,
             const Arguments&... arguments) {
  detail::message<Level::kWarning>(library, pattern.view(), arguments...);
}

/// What was found and chosen.
template <typename... Arguments>
void info(std::string_view library, FormatString<std::type_identity_t<Arguments>...> pattern,
          const Arguments&... arguments) {
  detail::message<Level::kInfo>(library, pattern.view(), arguments...);
}

/// For whoever works on the library.
template <typename... Arguments>
void debug(std::string_view library, FormatString<std::type_identity_t<Arguments>...> pattern,
           const Arguments&... arguments) {
  detail::message<Level::kDebug>(library, pattern.view(), arguments...);
}

}  // namespace atl::log
