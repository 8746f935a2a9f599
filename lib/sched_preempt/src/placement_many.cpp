// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/irq.hpp>
#include <bit>

#include "placement.hpp"

/// Several CPUs, each with its own queue.
///
/// Whoever makes a thread ready and whoever begins to idle look at what the other writes
/// first, in one order for all CPUs (seq_cst): so one of the two sees the other. A thread
/// whose stack a CPU still uses can only be put into that CPU's queue; it cannot be
/// stolen before leave_behind(), which therefore looks for idle CPUs once more.
///
/// Whoever changes a thread's affinity looks where the thread is then; whoever puts it into a
/// queue looks at its affinity then, in one order, too: so it does not stay where it may not
/// be.
namespace atl::sched {
namespace {

using Place = ProviderThread::Place;

constexpr int kIdle = RunQueue::kNone;

constinit std::atomic<CpuMask> online_cpus = 0;
/// Those that have found nothing to run and that nobody has chosen since.
constinit std::atomic<CpuMask> idle_cpus = 0;

constexpr CpuMask bit(std::uint32_t cpu) { return CpuMask{1} << cpu; }

// std::has_single_bit() counts them all, by a call where the CPU may have no such instruction.
constexpr bool is_one(CpuMask cpus) { return cpus != 0 && (cpus & (cpus - 1)) == 0; }

constexpr std::uint32_t first_of(CpuMask cpus) {
  return static_cast<std::uint32_t>(std::countr_zero(cpus));
}

bool may_be_at(const CpuState& cpu, const Thread& thread) {
  return (thread.affinity() & bit(cpu.index)) != 0;
}

// Of several who want the CPU one gets it.
bool claim(std::uint32_t cpu) {
  return (idle_cpus.fetch_and(~bit(cpu), std::memory_order_seq_cst) & bit(cpu)) != 0;
}

// `preferred` where it idles, else any; null where none does.
CpuState* claim_idle(CpuMask allowed, std::uint32_t preferred) {
  for (;;) {
    const CpuMask idle = idle_cpus.load(std::memory_order_seq_cst) & allowed;
    if (idle == 0) return nullptr;
    const std::uint32_t cpu = (idle & bit(preferred)) != 0 ? preferred : first_of(idle);
    if (claim(cpu)) return &at(cpu);
  }
}

void kick(const CpuState& cpu) { irq::send(irq::Message::kReschedule, cpu.index); }

// Has an idle CPU look for something to run.
inline void wake_idle(CpuMask allowed) {
  if ((idle_cpus.load(std::memory_order_seq_cst) & allowed) == 0) return;
  if (const CpuState* const cpu = claim_idle(allowed, 0)) kick(*cpu);
}

struct Load {
  int running;
  std::uint32_t queued;
  static Load of(const CpuState& cpu) {
    return {cpu.running.load(std::memory_order_relaxed), cpu.queue.size()};
  }
  auto operator<=>(const Load&) const = default;
};

// What runs there is the least important, and of those the fewest wait.
CpuState& least_loaded(CpuMask allowed, std::uint32_t preferred) {
  if ((allowed & bit(preferred)) == 0) preferred = first_of(allowed);
  CpuState* best = &at(preferred);
  Load lowest = Load::of(*best);
  for (CpuMask left = allowed; left != 0; left &= left - 1) {
    CpuState& cpu = at(first_of(left));
    const Load load = Load::of(cpu);
    if (load >= lowest) continue;
    lowest = load;
    best = &cpu;
  }
  return *best;
}

CpuState& cpu_for(const Thread& thread) {
  const bool on_cpu = thread.on_cpu.load(std::memory_order_seq_cst);
  const std::uint32_t last = thread.cpu.load(std::memory_order_relaxed);
  if (on_cpu) return at(last);
  const CpuMask allowed = thread.affinity() & online();
  if (is_one(allowed)) return at(first_of(allowed));
  CpuState* const idle = claim_idle(allowed, last);
  return idle != nullptr ? *idle : least_loaded(allowed, last);
}

inline int highest_elsewhere(const CpuState& cpu) {
  int highest = RunQueue::kNone;
  for (CpuMask left = online() & ~bit(cpu.index); left != 0; left &= left - 1) {
    const int other = at(first_of(left)).queue.highest();
    if (other > highest) highest = other;
  }
  return highest;
}

// From the queue of another CPU, the most important first.
Thread* steal(const CpuState& cpu, int at_least) {
  for (int wanted = highest_elsewhere(cpu); wanted >= at_least; --wanted) {
    for (CpuMask left = online() & ~bit(cpu.index); left != 0; left &= left - 1) {
      CpuState& other = at(first_of(left));
      if (other.queue.highest() < wanted) continue;
      MaskedGuard guard{other.lock};
      if (Thread* const thread = other.queue.steal(cpu.index, wanted)) return thread;
    }
  }
  return nullptr;
}

// What came for this CPU while it stole, others may have.
void runs_stolen(CpuState& cpu, const Thread& thread) {
  bool more = false;
  {
    MaskedGuard guard{cpu.lock};
    cpu.running.store(thread.priority(), std::memory_order_relaxed);
    more = cpu.queue.highest() != RunQueue::kNone;
  }
  while (more && idle_cpus.load(std::memory_order_seq_cst) != 0) wake_idle(online());
}

// What is more important elsewhere, as what runs here from now on; null where nothing is.
[[gnu::noinline]] Thread* take_over(CpuState& cpu) {
  Thread* const thread = steal(cpu, cpu.queue.highest() + 1);
  if (thread != nullptr) runs_stolen(cpu, *thread);
  return thread;
}

[[gnu::always_inline]] inline Thread* find(CpuState& cpu) {
  if (highest_elsewhere(cpu) > cpu.queue.highest()) {
    if (Thread* const thread = take_over(cpu)) return thread;
  }
  MaskedGuard guard{cpu.lock};
  Thread* const thread = cpu.queue.pop();
  cpu.running.store(thread != nullptr ? thread->priority() : kIdle, std::memory_order_relaxed);
  return thread;
}

[[gnu::noinline]] Thread* find_again(CpuState& cpu) { return find(cpu); }

// What runs here may have got another priority, or company.
void look_again(CpuState& cpu) {
  if (&current() != cpu.idle) {
    MaskedGuard guard{cpu.lock};
    cpu.running.store(current().priority(), std::memory_order_relaxed);
    if (!may_be_at(cpu, current())) want_reschedule();
  }
  consider(cpu);
}

void on_kick(void*) { look_again(here()); }

// Where it is in the queue of a CPU: that CPU; null where it is in none.
CpuState* move_in_queue(Thread& thread) {
  while (true) {
    const std::uint32_t index = thread.queued_on.load(std::memory_order_seq_cst);
    if (index == ProviderThread::kNowhere) return nullptr;
    CpuState& cpu = at(index);
    MaskedGuard guard{cpu.lock};
    if (thread.queued_on.load(std::memory_order_relaxed) != index) continue;
    cpu.queue.move(thread);
    return &cpu;
  }
}

// False where it may not be there any more: it is in no queue then.
[[gnu::always_inline]] inline bool enqueue_at(CpuState& cpu, Thread& thread) {
  const int priority = thread.priority();
  CpuMask allowed = 0;
  int running = kIdle;
  bool stays = true;
  thread.set_state(State::kReady);
  {
    MaskedGuard guard{cpu.lock};
    cpu.queue.push_back(thread);
    allowed = thread.affinity(std::memory_order_seq_cst);
    stays = (allowed & bit(cpu.index)) != 0;
    if (stays) {
      running = cpu.running.load(std::memory_order_relaxed);
      // So that the next one goes elsewhere.
      if (running == kIdle) cpu.running.store(priority, std::memory_order_relaxed);
    } else {
      cpu.queue.remove(thread);
    }
  }
  if (!stays) [[unlikely]] {
    kick(cpu);  // it may have been chosen as one that idles
    return false;
  }
  if (&cpu == &here()) {
    consider(cpu);
  } else if (running <= priority) {
    kick(cpu);
  }
  if (running != kIdle) wake_idle(allowed);
  return true;
}

// Out of line, as what is rare must not cost registers where it is not.
[[gnu::noinline]] void send_on(CpuState& cpu, Thread& left) {
  cpu.evicted = false;
  enqueue(left);
}

// A running thread that may not be where it runs. The CPU may run another by now.
void leave_cpu(CpuState& cpu, const Thread& thread) {
  if (may_be_at(cpu, thread)) return;
  if (&thread != &current()) {
    kick(cpu);
  } else if (Provider::preemption_disabled()) {
    want_reschedule();
  } else {
    give_way(cpu, false);
  }
}

// Whether it was found in a queue, and is in one where it may be.
bool leave_queue(Thread& thread) {
  const std::uint32_t index = thread.queued_on.load(std::memory_order_seq_cst);
  if (index == ProviderThread::kNowhere) return false;
  CpuState& cpu = at(index);
  {
    MaskedGuard guard{cpu.lock};
    if (thread.queued_on.load(std::memory_order_relaxed) != index) return false;
    if (may_be_at(cpu, thread)) return true;
    cpu.queue.remove(thread);
  }
  enqueue(thread);
  return true;
}

}  // namespace

void enqueue(Thread& thread) {
  // Again where another CPU has its stack, until that has left it.
  while (!enqueue_at(cpu_for(thread), thread)) arch::Cpu::relax();
}

void reconsider(Thread& thread) {
  CpuState* cpu = move_in_queue(thread);
  if (cpu == nullptr) {
    if (!thread.on_cpu.load(std::memory_order_seq_cst)) return;
    cpu = &at(thread.cpu.load(std::memory_order_relaxed));
  }
  if (cpu == &here()) {
    look_again(*cpu);
  } else {
    kick(*cpu);
  }
}

void relocate(Thread& thread) {
  // Between two of these it is for a few instructions, interrupts masked.
  while (thread.state() != State::kExited) {
    const Place place = thread.place.load(std::memory_order_seq_cst);
    const bool queued =
        thread.queued_on.load(std::memory_order_seq_cst) != ProviderThread::kNowhere;
    const bool runs = !queued && (place == Place::kRunning || place == Place::kWoken);
    const bool on_cpu = thread.on_cpu.load(std::memory_order_seq_cst);
    if (runs && on_cpu) return leave_cpu(at(thread.cpu.load(std::memory_order_relaxed)), thread);
    if (place == Place::kParked && !on_cpu) return;
    if (place == Place::kReady && !on_cpu && leave_queue(thread)) return;
    arch::Cpu::relax();
  }
}

void share(CpuState& cpu) {
  CpuState& other = least_loaded(online(), cpu.index);
  if (cpu.queue.size() < other.queue.size() + 2) return;
  Thread* moved = nullptr;
  {
    MaskedGuard guard{cpu.lock};
    moved = cpu.queue.steal(other.index, 0);
  }
  if (moved != nullptr && !enqueue_at(other, *moved)) enqueue(*moved);
}

Thread& choose(CpuState& cpu) {
  Thread* next = find(cpu);
  if (next != nullptr) {
    if (cpu.announced) static_cast<void>(claim(cpu.index));
    cpu.announced = false;
    return *next;
  }
  idle_cpus.fetch_or(bit(cpu.index), std::memory_order_seq_cst);
  cpu.announced = true;
  next = find_again(cpu);
  if (next == nullptr) return *cpu.idle;
  static_cast<void>(claim(cpu.index));
  cpu.announced = false;
  return *next;
}

Thread& choose_in_place_of(Thread& self, CpuState& cpu, bool slice_used) {
  const int elsewhere = highest_elsewhere(cpu);
  {
    MaskedGuard guard{cpu.lock};
    put_back(cpu, self, slice_used);
    // After it is in the queue, as in enqueue_at().
    if ((self.affinity(std::memory_order_seq_cst) & bit(cpu.index)) == 0) [[unlikely]] {
      cpu.queue.remove(self);
      cpu.evicted = true;
    } else if (elsewhere <= cpu.queue.highest()) {
      Thread* const next = cpu.queue.pop();
      cpu.running.store(next->priority(), std::memory_order_relaxed);
      return *next;
    }
  }
  return choose(cpu);
}

void leave_behind(CpuState& cpu, Thread& left) {
  const CpuMask allowed = left.affinity() & ~bit(cpu.index);
  left.on_cpu.store(false, std::memory_order_seq_cst);
  if (cpu.evicted) [[unlikely]]
    send_on(cpu, left);
  // In this order: a CPU that could not take a thread from the queue, as this stack was in
  // use, is among those that idle by now.
  if ((idle_cpus.load(std::memory_order_seq_cst) & allowed) == 0) return;
  if (cpu.queue.highest() != RunQueue::kNone) wake_idle(allowed);
}

CpuMask online() { return online_cpus.load(std::memory_order_relaxed); }

void go_online(CpuState& cpu) { online_cpus.fetch_or(bit(cpu.index), std::memory_order_seq_cst); }

Result<void> connect_placement() {
  const std::uint32_t line = irq::line_of(irq::Message::kReschedule);
  TRY(irq::root().connect(line, irq::Trigger::kEdgeRising, on_kick, nullptr));
  irq::root().unmask(line);
  return {};
}

}  // namespace atl::sched
