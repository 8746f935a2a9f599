// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "record.hpp"

#include <atoll/arch.hpp>
#include <atoll/shutdown.hpp>
#include <atomic>

namespace atl::shutdown {
namespace {

/// What a debugging device hears of a crash: the status of a shell's child that
/// SIGABRT ended.
constexpr std::uint8_t kCrashStatus = 134;

using Terminators = void (*)();
constinit Terminators terminators = nullptr;
constinit std::atomic<bool> ending{false};

}  // namespace

void set_terminators(void (*run)()) { terminators = run; }

[[noreturn]] void exit(int status) {
  if (!ending.exchange(true) && terminators != nullptr) terminators();
  static_cast<void>(arch::Cpu::disable_interrupts());
  end(Ending::kExit, static_cast<std::uint8_t>(status));
}

[[noreturn]] void crash() {
  static_cast<void>(arch::Cpu::disable_interrupts());
  end(Ending::kPanic, kCrashStatus);
}

}  // namespace atl::shutdown
