// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/arch.hpp>
#include <atoll/backtrace.hpp>
#include <atoll/vm_test.hpp>

/// What atoll/arch.hpp promises of every architecture, as far as a running image
/// can see it.
namespace arch_conformance {

using namespace atl;
using arch::Context;
using arch::Cpu;

alignas(16) std::array<std::byte, 8192> other_stack;
constinit Context tester;
constinit Context other;

VirtAddr other_top() { return VirtAddr::of(other_stack.data() + other_stack.size()); }

/// Switches to the other context `times` times, with interrupts masked.
void visit_other(int times = 1) {
  const auto state = Cpu::disable_interrupts();
  for (int i = 0; i < times; ++i) arch::switch_context(tester, other);
  Cpu::restore_interrupts(state);
}

struct Visits {
  int count = 0;
  std::uintptr_t frame = 0;
  bool interrupts = false;
};

void count_visits(void* argument) {
  auto& visits = *static_cast<Visits*>(argument);
  for (;;) {
    ++visits.count;
    visits.frame = Cpu::frame_pointer();
    visits.interrupts = Cpu::interrupts_enabled();
    Cpu::set_thread_pointer(0x5a5a'5a50);
    arch::switch_context(other, tester);
  }
}

VM_TEST(ArchConformance, context_starts_on_its_stack_with_its_argument) {
  Visits visits;
  arch::prepare_context(other, other_top(), count_visits, &visits);
  visit_other(2);
  VM_EXPECT_EQ(visits.count, 2);
  VM_EXPECT_LE(visits.frame, other_top().value());
  VM_EXPECT_GT(visits.frame, other_top().value() - 256);
}

VM_TEST(ArchConformance, context_starts_with_interrupts_as_they_were) {
  Visits visits{.interrupts = true};
  arch::prepare_context(other, other_top(), count_visits, &visits);
  visit_other();
  VM_EXPECT_EQ(visits.count, 1);
  VM_EXPECT(!visits.interrupts);
}

VM_TEST(ArchConformance, switch_keeps_the_thread_pointer) {
  Visits visits;
  arch::prepare_context(other, other_top(), count_visits, &visits);
  const std::uint64_t before = Cpu::thread_pointer();
  Cpu::set_thread_pointer(0x1234'5670);
  visit_other();
  const std::uint64_t after = Cpu::thread_pointer();
  Cpu::set_thread_pointer(before);
  VM_EXPECT_EQ(after, 0x1234'5670u);
}

VM_TEST(ArchConformance, interrupts_are_as_before_after_nested_masking) {
  const bool before = Cpu::interrupts_enabled();  // not where nothing takes interrupts
  const auto outer = Cpu::disable_interrupts();
  VM_EXPECT(!Cpu::interrupts_enabled());
  const auto inner = Cpu::disable_interrupts();
  Cpu::restore_interrupts(inner);
  VM_EXPECT(!Cpu::interrupts_enabled());
  Cpu::restore_interrupts(outer);
  VM_EXPECT_EQ(Cpu::interrupts_enabled(), before);
}

// The other context's own chain: from a function into its entry, and no further.
std::uintptr_t seen_outwards[8];

[[gnu::noinline]] void look_outwards() {
  arch::Backtrace backtrace{Cpu::frame_pointer()};
  for (auto& address : seen_outwards) address = backtrace.next().address;
}

void look_and_return(void*) {
  for (;;) {
    look_outwards();
    arch::switch_context(other, tester);
  }
}

VM_TEST(ArchConformance, backtrace_ends_at_the_entry_of_a_context) {
  arch::prepare_context(other, other_top(), look_and_return, nullptr);
  visit_other();
  const auto begin = reinterpret_cast<std::uintptr_t>(&look_and_return);
  VM_EXPECT(seen_outwards[0] > begin && seen_outwards[0] < begin + 256);
  VM_EXPECT_EQ(seen_outwards[7], 0u);
}

VM_TEST(ArchConformance, readable_tells_what_is_mapped) {
  VM_EXPECT(Cpu::readable(VirtAddr::of(&tester)));
  VM_EXPECT(Cpu::readable(VirtAddr{Cpu::frame_pointer()}));
  for (const std::uint64_t address : {std::uint64_t{0}, std::uint64_t{3}, std::uint64_t{1} << 47,
                                      std::uint64_t{1} << 63, ~std::uint64_t{15}})
    VM_EXPECT(!Cpu::readable(VirtAddr{address}));
}

VM_TEST(ArchConformance, cycle_counter_runs) {
  const std::uint64_t start = Cpu::cycle_counter();
  for (int i = 0; i < 1000; ++i) Cpu::relax();
  VM_EXPECT_GT(Cpu::cycle_counter(), start);
}

}  // namespace arch_conformance
