// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/clock.hpp>
#include <atoll/irq_handlers.hpp>
#include <atoll/timer_provider.hpp>
#include <bit>

#include "host_cpu.hpp"

/// The providers of irq, timer and clock: lines are the bits of HostCpu::pending.
namespace atl {
namespace {

constinit irq::HandlerTable handlers;

class Root final : public irq::Domain {
 private:
  Result<void> do_connect(std::uint32_t line, irq::Trigger, irq::Handler handler,
                          void* context) override {
    if (line >= 32 || handler == nullptr) return fail(Errc::kInvalidArgument);
    return handlers.add(line, handler, context);
  }
  void do_disconnect(std::uint32_t line) override { handlers.remove(line); }
  void do_unmask(std::uint32_t line) override {
    if (handlers.unmask(line)) irq::raise(line);
  }
  void do_mask(std::uint32_t line) override { handlers.mask(line); }
};

constinit Root the_root;

}  // namespace

namespace host {

Result<void> connect_timer() {
  TRY(irq::root().connect(
      kTimerLine, irq::Trigger::kEdgeRising, [](void*) { timer::expired(); }, nullptr));
  irq::root().unmask(kTimerLine);
  return {};
}

}  // namespace host

namespace irq {

Domain& root() { return the_root; }

void raise(std::uint32_t line) { host::signal(host::here(), 1u << line); }

std::uint32_t line_of(Message message) { return 1 + static_cast<std::uint32_t>(message); }

void send(Message message, std::uint32_t cpu) {
  host::signal(host::at(cpu), 1u << line_of(message));
}

void dispatch(std::uint32_t) {
  for (std::uint32_t left = host::take_pending(); left != 0; left &= left - 1) {
    if (!handlers.run(static_cast<std::uint32_t>(std::countr_zero(left)))) count_stray();
  }
}

}  // namespace irq

namespace timer {

void program(Nanoseconds remaining) {
  host::here().alarm.store(host::ticks() + remaining.count, std::memory_order_relaxed);
}

void cancel() { host::here().alarm.store(host::kNotArmed, std::memory_order_relaxed); }

}  // namespace timer

namespace clock {

// A thread that computes until a moment comes reads the clock, and could be interrupted
// there as anywhere.
Nanoseconds now() {
  host::interrupt_point();
  return Nanoseconds{host::ticks()};
}

}  // namespace clock
}  // namespace atl
