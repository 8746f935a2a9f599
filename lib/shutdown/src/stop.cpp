// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "record.hpp"

#include <atoll/arch.hpp>
#include <atoll/parse.hpp>
#include <atoll/shutdown.hpp>
#include <atomic>

namespace atl {
namespace shutdown {
namespace {

/// 128 + SIGTERM, as a shell reports a program that SIGTERM ended.
constexpr int kStoppedStatus = 143;
/// As timeout(1) reports a program that it had to end.
constexpr std::uint8_t kTimedOutStatus = 124;

constinit std::atomic<bool> requested{false};
constinit std::atomic<void (*)()> stop_handler{nullptr};
constinit std::uint32_t timeout_seconds = 10;
constinit StopServices services;

void stop_now() { exit(kStoppedStatus); }

void give_up() {
  static_cast<void>(arch::Cpu::disable_interrupts());
  end(Ending::kExit, kTimedOutStatus);
}

}  // namespace

StopServices& stop_services() { return services; }

void set_stop_handler(void (*handler)()) { stop_handler.store(handler); }

bool stop_requested() { return requested.load(); }

void request_stop() {
  if (requested.exchange(true)) return;
  if (services.call_after != nullptr) services.call_after(timeout_seconds, give_up);
  if (auto* const handler = stop_handler.load(); handler != nullptr) {
    handler();
  } else if (services.call_on_thread != nullptr) {
    services.call_on_thread(stop_now);
  } else {
    stop_now();
  }
  if (services.interrupt_waits != nullptr) services.interrupt_waits();
}

}  // namespace shutdown

/// Boot option `shutdown.timeout=`: seconds, at most a day. kInvalidArgument,
/// kOutOfRange.
Result<void> shutdown_timeout_option(std::string_view value) {
  constexpr std::uint64_t kDay = 24 * 60 * 60;
  shutdown::timeout_seconds = static_cast<std::uint32_t>(TRY(parse_number(value, kDay)));
  return {};
}

}  // namespace atl
