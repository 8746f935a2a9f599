// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "stack.hpp"

#include "state.hpp"

namespace atl::posix {
namespace {

// A context that nobody schedules: the thread leaves its own for it and comes back.
struct Excursion {
  void (*function)(void* argument);
  void* argument;
  std::uint64_t thread_pointer;
  arch::Cpu::InterruptState interrupts;
  arch::Context home;
  arch::Context away;
};

void enter(void* argument) {
  auto& trip = *static_cast<Excursion*>(argument);
  arch::Cpu::set_thread_pointer(trip.thread_pointer);
  arch::Cpu::restore_interrupts(trip.interrupts);
  trip.function(trip.argument);
  static_cast<void>(arch::Cpu::disable_interrupts());
  arch::switch_context(trip.away, trip.home);
  __builtin_unreachable();
}

}  // namespace

void call_on_stack(std::uint64_t top, void (*function)(void* argument), void* argument) {
  Excursion trip{.function = function,
                 .argument = argument,
                 .thread_pointer = arch::Cpu::thread_pointer(),
                 .interrupts = arch::Cpu::disable_interrupts(),
                 .home = {},
                 .away = {}};
  arch::prepare_context(trip.away, VirtAddr{top & ~std::uint64_t{15}}, enter, &trip);
  arch::switch_context(trip.home, trip.away);
  arch::Cpu::restore_interrupts(trip.interrupts);
}

bool is_on_stack(const SignalStack& stack, std::uint64_t address) {
  return (stack.flags & kStackDisabled) == 0 && address - stack.bottom < stack.size;
}

Result<SignalStack> set_stack(const SignalStack* wanted) {
  ThreadSignals* const own = own_signals();
  if (own == nullptr) return fail(Errc::kNoMemory);
  SignalStack before = own->stack;
  const auto here = reinterpret_cast<std::uint64_t>(__builtin_frame_address(0));
  const bool in_use = is_on_stack(own->stack, here);
  if (in_use) before.flags |= kStackInUse;
  if (wanted == nullptr) return before;
  if (in_use) return fail(Errc::kNotPermitted);
  // Linux takes SS_ONSTACK for 0, too (sigaltstack(2)).
  if ((wanted->flags & ~(kStackDisabled | kStackInUse)) != 0) return fail(Errc::kInvalidArgument);
  if ((wanted->flags & kStackDisabled) != 0) {
    own->stack = {.flags = kStackDisabled};
    return before;
  }
  if (wanted->size < kSmallestStack) return fail(Errc::kNoMemory);
  own->stack = {.bottom = wanted->bottom, .flags = 0, .size = wanted->size};
  return before;
}

}  // namespace atl::posix
