// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/arch.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/sched.hpp>
#include <atoll/smp.hpp>
#include <atoll/vm.hpp>
#include <atoll/vm_test.hpp>
#include <atomic>
#include <bit>

namespace smp_test {

using namespace atl;

constexpr std::size_t kStack = 32 * 1024;

unsigned cpu_count() { return static_cast<unsigned>(std::popcount(smp::running())); }

#define NEEDS_CPUS() \
  if (cpu_count() < 2) VM_SKIP("this machine has one CPU")

VM_TEST(Smp, the_boot_cpu_runs) {
  VM_EXPECT((smp::running() & 1) != 0);
  VM_EXPECT_LE(cpu_count(), kMaxCpus);
}

VM_TEST(Smp, a_call_is_made_on_each_cpu_asked_and_on_no_other) {
  static std::array<std::atomic<unsigned>, kMaxCpus> calls;
  for (std::atomic<unsigned>& count : calls) count = 0;
  const auto counts = [](void*) {
    VM_EXPECT(!arch::Cpu::interrupts_enabled());
    ++calls[arch::Cpu::cpu_local().index];
  };
  smp::call(kEveryCpu, counts, nullptr);
  for (std::uint32_t cpu = 0; cpu < kMaxCpus; ++cpu) {
    VM_EXPECT_EQ(calls[cpu].load(), static_cast<unsigned>(smp::running() >> cpu & 1));
  }
  for (CpuMask left = smp::running(); left != 0; left &= left - 1) {
    smp::call(left & ~(left - 1), counts, nullptr);
  }
  for (std::uint32_t cpu = 0; cpu < kMaxCpus; ++cpu) {
    VM_EXPECT_EQ(calls[cpu].load(), 2 * static_cast<unsigned>(smp::running() >> cpu & 1));
  }
}

VM_TEST(Smp, calls_from_all_cpus_at_once_are_all_made) {
  constexpr unsigned kCalls = 20;
  static std::atomic<unsigned> made;
  made = 0;
  const auto calls = [](void*) {
    for (unsigned i = 0; i < kCalls; ++i) {
      smp::call(
          kEveryCpu, [](void*) { ++made; }, nullptr);
    }
  };
  std::array<Thread*, 6> threads{};
  for (Thread*& thread : threads)
    thread = sched::create({.stack_bytes = kStack}, calls, nullptr).value();
  for (Thread* const thread : threads) VM_EXPECT(sched::join(*thread).ok());
  VM_EXPECT_EQ(made.load(), threads.size() * kCalls * cpu_count());
}

/// A page that shows one frame, then another; each holds its number.
class TurningPage {
 public:
  bool make() {
    for (unsigned i = 0; i < frames_.size(); ++i) {
      frames_[i] = page_alloc::allocate(PageCount{1}).value();
      *to_virtual(frames_[i]).as<unsigned>() = i;
    }
    page_ = vm::reserve(PageCount{1}).value();
    return vm::map(page_, frames_[0], PageCount{1}, vm::Access::kReadOnly).ok();
  }
  ~TurningPage() {
    vm::release(page_, PageCount{1});
    for (const PhysAddr frame : frames_) page_alloc::free(frame, PageCount{1});
  }
  bool turn(unsigned i) {
    vm::unmap(page_, PageCount{1});
    return vm::map(page_, frames_[i % 2], PageCount{1}, vm::Access::kReadOnly).ok();
  }
  [[nodiscard]] unsigned read() const { return *page_.as<const volatile unsigned>(); }

 private:
  std::array<PhysAddr, 2> frames_;
  VirtAddr page_;
};

VM_TEST(Smp, no_cpu_keeps_a_translation_that_has_changed) {
  NEEDS_CPUS();
  static TurningPage* page;
  static std::atomic<unsigned> wrong;
  static unsigned expected;
  TurningPage turning;
  VM_ASSERT(turning.make());
  page = &turning;
  wrong = 0;
  for (unsigned i = 0; i < 50; ++i) {
    VM_EXPECT(turning.turn(i));
    expected = i % 2;
    smp::call(
        kEveryCpu, [](void*) { wrong += page->read() != expected ? 1 : 0; }, nullptr);
  }
  VM_EXPECT_EQ(wrong.load(), 0u);
}

// Those who change mappings wait for each other with interrupts masked.
VM_TEST(Smp, stacks_come_and_go_on_all_cpus_at_once) {
  const auto maps = [](void*) {
    for (unsigned i = 0; i < 12; ++i) {
      const auto stack = vm::allocate_stack(16384);
      if (!stack.ok()) return;
      *stack.value().bottom.as<volatile unsigned>() = i;
      vm::free_stack(stack.value());
    }
  };
  std::array<Thread*, 6> threads{};
  for (Thread*& thread : threads)
    thread = sched::create({.stack_bytes = kStack}, maps, nullptr).value();
  for (Thread* const thread : threads) VM_EXPECT(sched::join(*thread).ok());
}

}  // namespace smp_test
