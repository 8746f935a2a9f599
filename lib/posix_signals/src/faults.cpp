// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/trap.hpp>

#include "machine.hpp"
#include "state.hpp"

// What a thread's own instruction causes. Where the program has a handler for it that is
// not masked it runs in the thread, below what was interrupted or on the alternate stack;
// elsewhere the exception is what it is without this library: a panic.
namespace atl::posix {
namespace {

constexpr auto kKinds = std::to_array(
    {arch::TrapKind::kPageFault, arch::TrapKind::kUndefinedInstruction,
     arch::TrapKind::kDivideError, arch::TrapKind::kAlignment, arch::TrapKind::kBreakpoint,
     arch::TrapKind::kProtection, arch::TrapKind::kStackOverflow, arch::TrapKind::kOther});

constinit std::array<trap::Handler, static_cast<std::size_t>(arch::TrapKind::kOther) + 1> before{};

// What the interrupted code may use below its stack pointer (System V ABI, AMD64
// supplement §3.2.2).
constexpr std::uint64_t kRedZone = 128;
// That a handler needs at least below the interrupted code.
constexpr std::uint64_t kRoom = 2048;

bool pass_on(const arch::Trap& trap) {
  const trap::Handler handler = before[static_cast<std::size_t>(trap.kind)];
  return handler != nullptr && handler(trap);
}

bool is_in_thread(const arch::Trap& trap) {
  const CpuLocal& local = arch::Cpu::cpu_local();
  return local.current_thread != nullptr && local.interrupt_depth == 0 &&
         had_interrupts(*trap.frame) && !sched::Provider::preemption_disabled();
}

// What on_fault() leaves on the handler's stack, above the frame of call_before_resume().
struct Kept {
  Delivery delivery;
  arch::TrapFrame interrupted;
};
static_assert(sizeof(arch::TrapFrame) % 16 == 0);

// Runs where call_before_resume() says.
void deliver_fault() {
  arch::TrapFrame& frame = frame_of_caller(__builtin_frame_address(0));
  Kept& kept = *reinterpret_cast<Kept*>(spare_word(frame));
  arch::Cpu::enable_interrupts();
  UserContext context;
  to_context(kept.interrupted, context);
  run_handler(kept.delivery, context);
  from_context(context, kept.interrupted);
  static_cast<void>(arch::Cpu::disable_interrupts());
  resume_elsewhere(frame, kept.interrupted);
}

// The handler of the fault, if it runs.
bool take_action(const SignalInfo& info, Delivery& delivery) {
  if (has(mask(), info.signal)) return false;
  return signals().with([&](SharedSignals& shared) {
    SignalAction& action = shared.action(info.signal);
    if (action.handler == kDefaultAction || action.handler == kIgnoreAction) return false;
    delivery = {info, action};
    if ((action.flags & kResetHandler) != 0) action.handler = kDefaultAction;
    return true;
  });
}

// Where the handler's frames begin; 0 where there is no room for them.
std::uint64_t place_for(const arch::Trap& trap, const SignalAction& action) {
  const ThreadSignals* const own = signals_of(sched::current());
  const std::uint64_t sp = trap.sp.value();
  if ((action.flags & kOnStack) != 0 && own != nullptr && !is_on_stack(own->stack, sp) &&
      (own->stack.flags & kStackDisabled) == 0) {
    return own->stack.bottom + own->stack.size;
  }
  if (trap.kind == arch::TrapKind::kStackOverflow || sp < kRoom) return 0;
  const bool mapped =
      arch::Cpu::readable(VirtAddr{sp - kRoom}) && arch::Cpu::readable(VirtAddr{sp - 1});
  return mapped ? sp - kRedZone : 0;
}

bool on_fault(const arch::Trap& trap) {
  if (is_resumption(trap)) {
    *trap.frame = trap.sp.as<const Kept>()->interrupted;
    return true;
  }
  SignalInfo info;
  Delivery delivery;
  if (!is_in_thread(trap) || !describe_fault(trap, info) || !take_action(info, delivery)) {
    return pass_on(trap);
  }
  const std::uint64_t top = place_for(trap, delivery.action);
  if (top == 0) return pass_on(trap);
  auto* const kept = reinterpret_cast<Kept*>((top - sizeof(Kept)) & ~std::uint64_t{15});
  *kept = {delivery, *trap.frame};
  stack_pointer(*trap.frame) = reinterpret_cast<std::uint64_t>(kept);
  arch::call_before_resume(*trap.frame, deliver_fault);
  auto& saved = *reinterpret_cast<arch::TrapFrame*>(stack_pointer(*trap.frame));
  spare_word(saved) = reinterpret_cast<std::uint64_t>(kept);
  return true;
}

}  // namespace

void catch_faults() {
  for (const arch::TrapKind kind : kKinds) {
    before[static_cast<std::size_t>(kind)] = trap::set_handler(kind, on_fault);
  }
}

}  // namespace atl::posix
