// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/trap.hpp>

#include "describe.hpp"

#include <array>
#include <atoll/panic.hpp>
#include <atomic>
#include <cstddef>

namespace atl {
namespace trap {
namespace {

constexpr std::size_t kKinds = static_cast<std::size_t>(arch::TrapKind::kOther) + 1;

constinit std::array<std::atomic<Handler>, kKinds> handlers{};

std::atomic<Handler>& handler_of(arch::TrapKind kind) {
  return handlers[static_cast<std::size_t>(kind)];
}

}  // namespace

Handler set_handler(arch::TrapKind kind, Handler handler) {
  return handler_of(kind).exchange(handler);
}

}  // namespace trap

void arch::handle_trap(const Trap& trap) {
  const trap::Handler handler = trap::handler_of(trap.kind).load(std::memory_order_acquire);
  if (handler != nullptr && handler(trap)) return;
  std::array<char, trap::kDescriptionBytes> room;
  panic(trap::describe(trap, room), trap);
}

}  // namespace atl
