// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/cpu_local.hpp>
#include <atoll/types.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace atl::arch {

/// The running CPU at EL1; fulfils CpuContract of <atoll/arch.hpp>, which says
/// what each function owes. Register names are those of the Arm Architecture
/// Reference Manual (DDI 0487), chapters C5 and D19.
class Cpu {
 public:
  /// PSTATE.DAIF, as read.
  using InterruptState = std::uint64_t;

  static InterruptState disable_interrupts() {
    std::uint64_t state;
    asm volatile("mrs %0, daif\n\tmsr daifset, #2" : "=r"(state)::"memory");
    return state;
  }
  static void restore_interrupts(InterruptState state) {
    asm volatile("msr daif, %0" ::"r"(state) : "memory");
  }
  static void enable_interrupts() { asm volatile("msr daifclr, #2" ::: "memory"); }
  static bool interrupts_enabled() {
    std::uint64_t state;
    asm volatile("mrs %0, daif" : "=r"(state)::"memory");
    return allows_interrupts(state);
  }
  static constexpr bool allows_interrupts(InterruptState state) {
    return (state & kInterruptMask) == 0;
  }

  /// WFI ends for a pending interrupt even while it is masked (Arm ARM
  /// D1.6.2), so nothing can get lost between the test of the caller and the
  /// sleep; the handler runs in the window that follows.
  static void wait_for_interrupt() {
    asm volatile("dsb sy\n\twfi\n\tmsr daifclr, #2\n\tisb\n\tmsr daifset, #2" ::: "memory");
  }
  static void relax() { asm volatile("yield" ::: "memory"); }
  [[noreturn]] static void halt() {
    for (;;) asm volatile("msr daifset, #15\n\twfi" ::: "memory");
  }

  static CpuLocal& cpu_local() { return *cpu_local_or_null(); }
  static void set_cpu_local(CpuLocal& local);
  /// TPIDRRO_EL0, which nobody else uses, where there are several CPUs: a load
  /// through TPIDR_EL1 takes two steps.
  static Thread* current_thread() {
    if constexpr (kMaxCpus == 1) return cpu_local().current_thread;
    Thread* thread;
    asm volatile("mrs %0, tpidrro_el0" : "=r"(thread));
    return thread;
  }
  static void set_current_thread(Thread* thread) {
    cpu_local().current_thread = thread;
    if constexpr (kMaxCpus > 1) asm volatile("msr tpidrro_el0, %0" ::"r"(thread) : "memory");
  }

  /// The virtual counter, which counts at CNTFRQ_EL0. ISB keeps it from being
  /// read early (Arm ARM D11.2.2).
  static std::uint64_t cycle_counter() {
    std::uint64_t count;
    asm volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(count)::"memory");
    return count;
  }
  static std::optional<std::uint64_t> hardware_random();

  static void invalidate_translations(VirtAddr address, PageCount pages);
  /// Entries that give a fault are never cached (Arm ARM D8.13.1), but the walker
  /// must see the store, and later instructions must come after that.
  static void publish_translations() { asm volatile("dsb ishst\n\tisb" ::: "memory"); }
  static PhysAddr kernel_page_table() {
    std::uint64_t root;
    asm volatile("mrs %0, ttbr1_el1" : "=r"(root));
    return PhysAddr{root & kTableAddressMask};
  }
  static void set_kernel_page_table(PhysAddr root);
  static void synchronize_code(VirtAddr address, PageCount pages);

  static std::uintptr_t frame_pointer() {
    return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  }

  /// Bit 55 says which half an address is of; those above it may be a signature
  /// (Arm ARM D8.10.5).
  static constexpr std::uintptr_t without_signature(std::uintptr_t address) {
    constexpr std::uintptr_t kUpper = std::uintptr_t{0xffff} << 48;
    return (address >> 55 & 1) != 0 ? address | kUpper : address & ~kUpper;
  }

  /// The program's thread pointer; nothing of the kernel uses it.
  static std::uint64_t thread_pointer() {
    std::uint64_t value;
    asm volatile("mrs %0, tpidr_el0" : "=r"(value));
    return value;
  }
  static void set_thread_pointer(std::uint64_t value) {
    asm volatile("msr tpidr_el0, %0" ::"r"(value) : "memory");
  }

  /// A load from `address` would not fault. Any context.
  static bool translates(VirtAddr address) {
    return (translate(address) & kTranslationFailed) == 0;
  }
  static bool readable(VirtAddr address) {
    const std::uint64_t result = translate(address);
    return (result & kTranslationFailed) == 0 && (result >> kMemoryTypeShift) != 0;
  }

  /// Null between the entry and set_cpu_local().
  static CpuLocal* cpu_local_or_null() {
    CpuLocal* local;
    asm volatile("mrs %0, tpidr_el1" : "=r"(local));
    return local;
  }

 private:
  /// PAR_EL1 after an attempt to read (Arm ARM D19.2.101).
  static std::uint64_t translate(VirtAddr address);

  static constexpr std::uint64_t kTranslationFailed = 1;    // PAR_EL1.F
  static constexpr unsigned kMemoryTypeShift = 60;          // upper half of ATTR, 0 for devices
  static constexpr std::uint64_t kInterruptMask = 1u << 7;  // DAIF.I
  static constexpr std::uint64_t kTableAddressMask = 0x0000'ffff'ffff'f000;  // TTBRn_EL1.BADDR
};

}  // namespace atl::arch
