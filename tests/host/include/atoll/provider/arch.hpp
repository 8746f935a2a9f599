// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/cpu_local.hpp>
#include <atoll/host/page_table_entry.hpp>
#include <atoll/types.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

/// The arch interface for host tests: an ordinary Linux process plays the machine.
/// Each host thread is a CPU of its own, with its own interrupt flag and
/// CpuLocal. Two sets of files define it: tests/host/src, one CPU that does what a test
/// says (atoll/host/machine.hpp), and tests/host/cpus, several at the same time.
namespace atl::arch {

/// What an interrupt or exception would have saved.
struct TrapFrame {
  std::uint64_t pc = 0;
  std::uint64_t sp = 0;
  std::uint64_t fp = 0;
  void (*before_resume)() = nullptr;
};

/// A simulated thread, kept by ucontext. Sanitizers must be told of each switch of
/// stacks: that is what most other members are for.
struct Context {
  constexpr ~Context() {
    if (end != nullptr) end(*this);
  }

  static constexpr std::size_t kStorage = 5120;
  alignas(16) std::byte storage[kStorage] = {};  ///< a ucontext_t
  const void* stack_bottom = nullptr;            ///< null: the host thread's own stack
  std::size_t stack_size = 0;
  void* fake_stack = nullptr;       ///< ASan's
  void* fiber = nullptr;            ///< TSan's
  void (*end)(Context&) = nullptr;  ///< what its destructor calls
  bool saved = false;               ///< no CPU uses it: written by who leaves and who enters it
  void (*entry)(void*) = nullptr;
  void* argument = nullptr;
  std::uint64_t thread_pointer = 0;
};

class Cpu {
 public:
  using InterruptState = bool;

  static InterruptState disable_interrupts();
  static void restore_interrupts(InterruptState state);
  static void enable_interrupts();
  static bool interrupts_enabled();
  static constexpr bool allows_interrupts(InterruptState state) { return state; }
  static void wait_for_interrupt();
  static void relax();
  [[noreturn]] static void halt();
  static CpuLocal& cpu_local();
  static void set_cpu_local(CpuLocal& local);
  static Thread* current_thread() { return cpu_local().current_thread; }
  static void set_current_thread(Thread* thread) { cpu_local().current_thread = thread; }
  static std::uint64_t thread_pointer();
  static void set_thread_pointer(std::uint64_t value);
  static std::uint64_t cycle_counter();
  static std::optional<std::uint64_t> hardware_random();
  static void invalidate_translations(VirtAddr address, PageCount pages);
  static void publish_translations();
  static PhysAddr kernel_page_table();
  static void set_kernel_page_table(PhysAddr root);
  static void synchronize_code(VirtAddr address, PageCount pages);
  static std::uintptr_t frame_pointer();
  /// Addresses of the process, but for its first page and the upper half.
  static bool readable(VirtAddr address);
  static constexpr std::uintptr_t without_signature(std::uintptr_t address) { return address; }
};

}  // namespace atl::arch
