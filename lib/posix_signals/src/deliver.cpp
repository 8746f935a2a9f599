// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/console.hpp>
#include <atoll/shutdown.hpp>

#include "stack.hpp"
#include "state.hpp"

// POSIX.1-2017, XSH 2.4.3: what a signal does to the thread that takes it.
namespace atl::posix {
namespace {

struct Call {
  const SignalAction& action;
  SignalInfo info;
  UserContext& context;
};

void call(void* argument) {
  auto& call = *static_cast<Call*>(argument);
  if ((call.action.flags & kWithInfo) != 0) {
    reinterpret_cast<InfoHandler>(call.action.handler)(call.info.signal, &call.info, &call.context);
  } else {
    reinterpret_cast<PlainHandler>(call.action.handler)(call.info.signal);
  }
}

// Where the handler is to run; 0 for the stack in use.
std::uint64_t other_stack(const SignalAction& action, UserContext& context) {
  const ThreadSignals* const own = signals_of(sched::current());
  if (own == nullptr) return 0;
  context.stack = own->stack;
  if ((own->stack.flags & kStackDisabled) != 0) return 0;
  const auto here = reinterpret_cast<std::uint64_t>(__builtin_frame_address(0));
  if (is_on_stack(own->stack, here)) {
    context.stack.flags |= kStackInUse;
    return 0;
  }
  return (action.flags & kOnStack) != 0 ? own->stack.bottom + own->stack.size : 0;
}

}  // namespace

[[noreturn]] void end_by(int signal) {
  char text[] = "program ended by signal 00\n";
  text[sizeof text - 4] = static_cast<char>('0' + signal / 10);
  text[sizeof text - 3] = static_cast<char>('0' + signal % 10);
  console::write({text, sizeof text - 1});
  shutdown::exit(128 + signal);
}

bool next_delivery(Delivery& delivery) {
  const Thread& self = sched::current();
  return signals().with([&](SharedSignals& shared) {
    ThreadSignals* const own = signals_of(self);
    const SignalSet wanted = ~mask_of(self);
    SignalInfo& info = delivery.info;
    while ((own != nullptr && own->pending.take(wanted, shared.pool, info)) ||
           shared.pending.take(wanted, shared.pool, info)) {
      SignalAction& action = shared.action(info.signal);
      if (is_ignored(action, info.signal)) continue;
      delivery.action = action;
      if ((action.flags & kResetHandler) != 0) action.handler = kDefaultAction;
      return true;
    }
    return false;
  });
}

void run_handler(const Delivery& delivery, UserContext& context) {
  const SignalAction& action = delivery.action;
  const int signal = delivery.info.signal;
  if (action.handler == kDefaultAction) end_by(signal);
  context.mask = mask();
  SignalSet during = context.mask | action.mask;
  if ((action.flags & kNoDefer) == 0) during |= set_of(signal);
  set_mask(during);
  Call what{action, delivery.info, context};
  const std::uint64_t top = other_stack(action, context);
  if (top == 0) {
    call(&what);
  } else {
    call_on_stack(top, call, &what);
  }
  set_mask(context.mask);
}

Acted deliver_signals() {
  static_cast<void>(sched::take_interruptions(Interruptions::kSignal));
  Acted acted = Acted::kNothing;
  Delivery delivery;
  while (next_delivery(delivery)) {
    UserContext context;
    run_handler(delivery, context);
    const bool restarts = (delivery.action.flags & kRestart) != 0;
    if (!restarts) acted = Acted::kFail;
    if (acted == Acted::kNothing) acted = Acted::kRestart;
  }
  return acted;
}

}  // namespace atl::posix

// For the libc's functions that do not wait: where a program comes back from the kernel with
// nothing of it held.
extern "C" void atoll_take_signals();
void atoll_take_signals() {
  using namespace atl;
  if (!any(sched::pending_interruptions() & Interruptions::kSignal)) return;
  if (arch::Cpu::cpu_local().interrupt_depth > 0 || sched::Provider::preemption_disabled()) return;
  static_cast<void>(posix::deliver_signals());
}
