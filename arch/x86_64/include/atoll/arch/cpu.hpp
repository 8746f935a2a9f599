// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch/shoot_down.hpp>
#include <atoll/cpu_local.hpp>
#include <atoll/types.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace atl::arch {

/// The running CPU in 64-bit mode, ring 0; fulfils CpuContract of
/// <atoll/arch.hpp>, which says what each function owes.
class Cpu {
 public:
  /// RFLAGS, as read.
  using InterruptState = std::uint64_t;

  static InterruptState disable_interrupts() {
    const InterruptState state = flags();
    asm volatile("cli" ::: "memory");
    return state;
  }
  static void restore_interrupts(InterruptState state) {
    if (allows_interrupts(state)) asm volatile("sti" ::: "memory");
  }
  static void enable_interrupts() { asm volatile("sti" ::: "memory"); }
  static bool interrupts_enabled() { return allows_interrupts(flags()); }
  static constexpr bool allows_interrupts(InterruptState state) {
    return (state & kInterruptFlag) != 0;
  }

  /// STI takes effect after the next instruction (Intel SDM 2B, STI), so an
  /// interrupt that is pending ends the HLT.
  static void wait_for_interrupt() asm("atoll_x86_wait_for_interrupt");
  static void relax() {
    asm volatile("pause" ::: "memory");
    if constexpr (kMaxCpus > 1) answer_shoot_down();
  }
  [[noreturn]] static void halt() {
    if constexpr (kMaxCpus > 1) leave_shoot_downs();
    for (;;) asm volatile("cli\n\thlt" ::: "memory");
  }

  static CpuLocal& cpu_local() {
    CpuLocal* local;
    asm volatile("mov %%gs:0, %0" : "=r"(local));
    return *local;
  }
  static void set_cpu_local(CpuLocal& local);
  static Thread* current_thread() {
    Thread* thread;
    asm volatile("mov %%gs:8, %0" : "=r"(thread));
    return thread;
  }
  static void set_current_thread(Thread* thread) {
    asm volatile("mov %0, %%gs:8" ::"r"(thread) : "memory");
  }

  /// The TSC. LFENCE keeps it from being read early (Intel SDM 2B, RDTSC).
  static std::uint64_t cycle_counter() {
    std::uint32_t low;
    std::uint32_t high;
    asm volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high)::"memory");
    return low | std::uint64_t{high} << 32;
  }
  static std::optional<std::uint64_t> hardware_random();

  static void invalidate_translations(VirtAddr address, PageCount pages);
  /// Absent entries are never cached (Intel SDM 3A §4.10.2.3).
  static void publish_translations() { asm volatile("" ::: "memory"); }
  static PhysAddr kernel_page_table();
  static void set_kernel_page_table(PhysAddr root);
  static void synchronize_code(VirtAddr address, PageCount pages);

  [[gnu::always_inline]] static inline std::uintptr_t frame_pointer() {
    return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  }

  /// The program's thread pointer, FS base; nothing of the kernel uses it.
  static std::uint64_t thread_pointer();
  static void set_thread_pointer(std::uint64_t value);

  static bool readable(VirtAddr address);
  static constexpr std::uintptr_t without_signature(std::uintptr_t address) { return address; }

 private:
  static constexpr std::uint64_t kInterruptFlag = 1 << 9;

  static std::uint64_t flags() {
    std::uint64_t value;
    asm volatile("pushfq\n\tpopq %0" : "=r"(value)::"memory");
    return value;
  }
};

}  // namespace atl::arch
