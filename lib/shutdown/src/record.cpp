// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "record.hpp"

#include <array>
#include <atoll/arch.hpp>
#include <atoll/console.hpp>
#include <atoll/format.hpp>
#include <atoll/result.hpp>
#include <atoll/shutdown.hpp>

namespace atl {
namespace shutdown {
namespace {

constexpr std::string_view kPrefix = "atoll: ";

/// Longer nonces are refused, so that a record always fits its buffer.
constexpr std::size_t kMaxNonce = 64;

// Both lie in the command line, which lives as long as the image.
constinit std::string_view nonce;
constinit std::string_view debug_device;
using EndHook = void (*)(std::string_view record);
constinit EndHook end_hook = nullptr;

bool is_word(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c > '~') return false;
  }
  return !text.empty();
}

}  // namespace

void set_end_hook(EndHook hook) { end_hook = hook; }

[[noreturn]] void end(Ending ending, std::uint8_t status) {
  // Nobody writes behind the record.
  if constexpr (kMaxCpus > 1) stop_other_cpus();
  std::array<char, 192> room;
  TextWriter record{room};
  record.text(kPrefix);
  if (ending == Ending::kExit) {
    record.text("exit ").decimal(status);
  } else {
    record.text("panic ").text(build_id());
  }
  std::string_view words = record.view();
  words.remove_prefix(kPrefix.size());
  if (!nonce.empty()) record.character(' ').text(nonce);
  console::fresh_line();
  console::write(record.character('\n').view());

  if (end_hook != nullptr) end_hook(words);
  if (!debug_device.empty()) power::debug_exit(debug_device, status);
  if (ending == Ending::kExit) power::off();
  power::crash();
  for (;;) arch::Cpu::halt();
}

}  // namespace shutdown

/// Boot option `shutdown.nonce=`: printable characters, at most 64.
/// kInvalidArgument.
Result<void> shutdown_nonce_option(std::string_view value) {
  if (!shutdown::is_word(value) || value.size() > shutdown::kMaxNonce) {
    return fail(Errc::kInvalidArgument);
  }
  shutdown::nonce = value;
  return {};
}

/// Boot option `shutdown.debug_exit=`: see power::debug_exit().
Result<void> shutdown_debug_exit_option(std::string_view value) {
  if (!shutdown::is_word(value)) return fail(Errc::kInvalidArgument);
  shutdown::debug_device = value;
  return {};
}

}  // namespace atl
