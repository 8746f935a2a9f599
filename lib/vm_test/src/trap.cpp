// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/assert.hpp>
#include <atoll/trap.hpp>
#include <atoll/vm.hpp>
#include <atoll/vm_test.hpp>

namespace atl::vm_test {
namespace {

constexpr std::size_t kStackBytes = 16 * 1024;

/// A statement that is expected to trap. It runs on a stack of its own, which
/// is given up as it is when the exception comes: nothing has to be unwound.
struct Attempt {
  void (*statement)(void*);
  void* argument;
  arch::Context caller;
  arch::Context own;
  vm::Stack stack;
  bool trapped = false;
};

constinit Attempt* attempt = nullptr;

[[noreturn]] void leave() {
  arch::Context abandoned;
  static_cast<void>(arch::Cpu::disable_interrupts());
  arch::switch_context(abandoned, attempt->caller);
  for (;;) arch::Cpu::halt();
}

void enter(void* argument) {
  auto& current = *static_cast<Attempt*>(argument);
  current.statement(current.argument);
  leave();
}

bool on_trap(const arch::Trap& trap) {
  attempt->trapped = true;
  arch::redirect(*trap.frame, attempt->stack.top(), leave);
  return true;
}

}  // namespace

bool traps(arch::TrapKind kind, void (*statement)(void*), void* argument) {
  ATOLL_ASSERT(attempt == nullptr);
  auto stack = vm::allocate_stack(kStackBytes);
  if (!stack) {
    skip("no memory for the stack of an expected trap");
    return true;
  }
  Attempt current{statement, argument, {}, {}, stack.value()};
  attempt = &current;
  arch::prepare_context(current.own, current.stack.top(), enter, &current);
  const trap::Handler before = trap::set_handler(kind, on_trap);
  const auto interrupts = arch::Cpu::disable_interrupts();
  arch::switch_context(current.caller, current.own);
  arch::Cpu::restore_interrupts(interrupts);
  trap::set_handler(kind, before);
  attempt = nullptr;
  vm::free_stack(current.stack);
  return current.trapped;
}

}  // namespace atl::vm_test
