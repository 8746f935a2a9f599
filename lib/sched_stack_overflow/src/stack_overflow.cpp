// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/format.hpp>
#include <atoll/panic.hpp>
#include <atoll/sched.hpp>
#include <atoll/trap.hpp>

namespace atl {
namespace {

// Main's stack is the boot's, whose bounds are not known here; nor are those of a
// scheduler that keeps its stacks otherwise.
template <typename T>
bool is_under_stack(const T& thread, VirtAddr address) {
  if constexpr (requires { thread.stack.bottom; }) {
    const auto& stack = thread.stack;
    return stack.size == 0 || (address < stack.bottom && stack.bottom - address <= kPageSize);
  }
  return true;
}

// A panic that names the thread; false, and trap's own panic, for another stack.
bool name_the_thread(const arch::Trap& trap) {
  const Thread* const thread = arch::Cpu::current_thread();
  if (thread == nullptr || !is_under_stack(*thread, trap.address)) return false;
  std::array<char, 96> room;
  TextWriter text{room};
  text.text("stack overflow: guard page touched at 0x").hex(trap.address.value());
  text.text(" in thread \"").text(thread->name()).character('"');
  panic(text.c_str(), trap);
}

}  // namespace

Result<void> sched_stack_overflow_init() {
  trap::set_handler(arch::TrapKind::kStackOverflow, name_the_thread);
  return {};
}

}  // namespace atl
