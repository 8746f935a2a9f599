// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/host/machine.hpp>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <thread>

namespace atl::host {
namespace {

struct PendingInterrupt {
  Interrupt handler;
  void* context;
};

struct Machine {
  CpuLocal own_local;
  CpuLocal* local = nullptr;
  bool interrupts_enabled = true;
  std::deque<PendingInterrupt> pending;
  std::optional<PendingInterrupt> at_point;
  std::uint64_t points_left = 0;
  bool (*idle)() = nullptr;
  std::optional<std::uint64_t> (*random)() = nullptr;
  std::uint64_t thread_pointer = 0;
  std::uint64_t cycles = 0;
  std::uint64_t invalidations = 0;
  std::uint64_t publications = 0;
  std::uint64_t code_synchronizations = 0;
  PhysAddr page_table;
};

Machine& machine() {
  thread_local Machine the_machine;
  if (the_machine.local == nullptr) {
    the_machine.local = &the_machine.own_local;
    the_machine.own_local.self = &the_machine.own_local;
  }
  return the_machine;
}

void leave_interrupt(Machine& m) {
  if (m.local->interrupt_depth != 0 || m.local->reschedule == nullptr) return;
  arch::TrapFrame frame;
  m.local->reschedule(&frame);
  if (frame.before_resume != nullptr) frame.before_resume();
}

void deliver(Machine& m) {
  while (m.interrupts_enabled && !m.pending.empty()) {
    const PendingInterrupt next = m.pending.front();
    m.pending.pop_front();
    m.interrupts_enabled = false;
    ++m.local->interrupt_depth;
    next.handler(next.context);
    --m.local->interrupt_depth;
    leave_interrupt(m);
    m.interrupts_enabled = true;
  }
}

// Interrupts are enabled here: the place where an asynchronous one may land.
void interrupt_point(Machine& m) {
  if (m.at_point && m.points_left-- == 0) {
    m.pending.push_back(*m.at_point);
    m.at_point.reset();
  }
  deliver(m);
}

}  // namespace

void reset_machine() {
  Machine& m = machine();
  m = Machine{};
  machine();
}

void raise_interrupt(Interrupt handler, void* context) {
  Machine& m = machine();
  m.pending.push_back({handler, context});
  deliver(m);
}

std::size_t pending_interrupts() { return machine().pending.size(); }

void interrupt_at_point(std::uint64_t point, Interrupt handler, void* context) {
  Machine& m = machine();
  m.at_point = PendingInterrupt{handler, context};
  m.points_left = point;
}

bool interrupt_point_reached() { return !machine().at_point; }

void set_idle_handler(bool (*handler)()) { machine().idle = handler; }
void set_hardware_random(std::optional<std::uint64_t> (*source)()) { machine().random = source; }
void set_cycle_counter(std::uint64_t value) { machine().cycles = value; }
std::uint64_t invalidations() { return machine().invalidations; }
std::uint64_t publications() { return machine().publications; }
std::uint64_t code_synchronizations() { return machine().code_synchronizations; }

}  // namespace atl::host

namespace atl::arch {

using host::machine;

bool Cpu::disable_interrupts() {
  host::Machine& m = machine();
  if (m.interrupts_enabled) host::interrupt_point(m);
  const bool before = m.interrupts_enabled;
  m.interrupts_enabled = false;
  return before;
}

void Cpu::restore_interrupts(bool state) {
  if (state) {
    enable_interrupts();
  } else {
    machine().interrupts_enabled = false;
  }
}

void Cpu::enable_interrupts() {
  host::Machine& m = machine();
  m.interrupts_enabled = true;
  host::interrupt_point(m);
}

bool Cpu::interrupts_enabled() { return machine().interrupts_enabled; }

void Cpu::wait_for_interrupt() {
  host::Machine& m = machine();
  if (m.interrupts_enabled) {
    std::fprintf(stderr, "host cpu: wait_for_interrupt() with interrupts enabled loses wake-ups\n");
    std::abort();
  }
  if (m.pending.empty() && m.at_point) {
    m.pending.push_back(*m.at_point);
    m.at_point.reset();
  }
  if (m.pending.empty() && (m.idle == nullptr || !m.idle())) {
    std::fprintf(stderr, "host cpu: waits for ever: no interrupt is pending or can come\n");
    std::abort();
  }
  m.interrupts_enabled = true;
  host::deliver(m);
  m.interrupts_enabled = false;
}

void Cpu::relax() { std::this_thread::yield(); }

void Cpu::halt() {
  std::fprintf(stderr, "host cpu: halted\n");
  std::abort();
}

CpuLocal& Cpu::cpu_local() { return *machine().local; }
void Cpu::set_cpu_local(CpuLocal& local) { machine().local = &local; }
std::uint64_t Cpu::thread_pointer() { return machine().thread_pointer; }
void Cpu::set_thread_pointer(std::uint64_t value) { machine().thread_pointer = value; }
std::uint64_t Cpu::cycle_counter() { return machine().cycles++; }

std::optional<std::uint64_t> Cpu::hardware_random() {
  host::Machine& m = machine();
  return m.random == nullptr ? std::nullopt : m.random();
}

void Cpu::invalidate_translations(VirtAddr, PageCount) { ++machine().invalidations; }
void Cpu::publish_translations() { ++machine().publications; }
PhysAddr Cpu::kernel_page_table() { return machine().page_table; }
void Cpu::set_kernel_page_table(PhysAddr root) { machine().page_table = root; }
void Cpu::synchronize_code(VirtAddr, PageCount) { ++machine().code_synchronizations; }

std::uintptr_t Cpu::frame_pointer() {
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

// The host's own frames mean nothing to the code under test.
bool Cpu::readable(VirtAddr address) {
  return address.value() >= kPageSize && address.value() >> 47 == 0;
}

void describe_registers(const TrapFrame& frame, void (*emit)(const char* line)) {
  char line[96];
  std::snprintf(line, sizeof line, "pc %016" PRIx64 "  sp %016" PRIx64 "  fp %016" PRIx64, frame.pc,
                frame.sp, frame.fp);
  emit(line);
}

VirtAddr program_counter(const TrapFrame& frame) { return VirtAddr{frame.pc}; }

}  // namespace atl::arch
