// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/arch.hpp>
#include <atoll/arch/cpu_tables.hpp>
#include <atoll/arch/shoot_down.hpp>
#include <atoll/cpu_start.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/lapic.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/temporary_table.hpp>
#include <atoll/vm.hpp>
#include <cstring>

#include "trampoline.hpp"

namespace atl {
namespace cpu_start {
namespace {

// §11.6.1: delivery modes, and the level that an INIT wants.
constexpr std::uint32_t kInit = 5u << 8 | 1u << 14;
constexpr std::uint32_t kStartup = 6u << 8 | 1u << 14;

constexpr std::uint64_t kStartupLimit = 1 << 20;
constexpr std::uint64_t kRootLimit = std::uint64_t{1} << 32;

constinit std::array<arch::CpuTables, kMaxCpus> tables{};
constinit std::array<arch::ExceptionStacks, kMaxCpus> stacks{};
constinit TemporaryTable temporary;
constinit PhysAddr page;         // of the trampoline, kept; 0: none was free
constinit PhysAddr kernel_root;  // where the CPU goes on

Result<VirtAddr> stack(PageCount pages) { return TRY(vm::allocate_stack(pages.bytes())).top(); }

// As large as the boot CPU's.
Result<void> make_stacks(arch::ExceptionStacks& made) {
  if (made.interrupt != VirtAddr{}) return {};  // of an attempt that failed later
  const VirtAddr exception = TRY(stack(arch::kExceptionStackPages));
  const VirtAddr double_fault = TRY(stack(PageCount{1}));
  const VirtAddr non_maskable = TRY(stack(PageCount{1}));
  made = {.interrupt = TRY(stack(arch::kInterruptStackPages)),
          .exception = exception,
          .double_fault = double_fault,
          .non_maskable = non_maskable};
  return {};
}

// The temporary table has the kernel's half, too.
Result<void> make_temporary_table(PhysAddr code) {
  constexpr std::size_t kHalf = kPageSize / 2;
  TRY(temporary.build({code, kPageSize}));
  if (temporary.root().value() >= kRootLimit) {
    temporary.free();
    return fail(Errc::kNoMemory);
  }
  std::memcpy(to_virtual(temporary.root() + kHalf).as(), to_virtual(kernel_root + kHalf).as(),
              kHalf);
  return {};
}

// The first code of a CPU at its final address, still on the temporary table.
void arrive(void* argument) {
  Start& start = *static_cast<Start*>(argument);
  const std::uint32_t cpu = start.local.index;
  static_cast<void>(arch::enable_cpu_features());  // what the boot CPU has, all have
  arch::Cpu::set_kernel_page_table(kernel_root);
  arch::init_cpu(start.local, tables[cpu], stacks[cpu]);
  arch::join_shoot_downs();
  start.entry(start);
}

}  // namespace

Result<void> start(std::uint64_t name, Start& start) {
  if (name >= 0xff && !lapic::is_x2apic()) return fail(Errc::kNoDevice);
  if (page == PhysAddr{}) return fail(Errc::kNoMemory);
  kernel_root = arch::Cpu::kernel_page_table();
  TRY(make_stacks(stacks[start.local.index]));
  TRY(make_temporary_table(page));
  auto* const code = to_virtual(page).as<std::byte>();
  std::memcpy(code, atoll_cpu_trampoline,
              static_cast<std::size_t>(atoll_cpu_trampoline_end - atoll_cpu_trampoline));
  auto& trampoline = *reinterpret_cast<Trampoline*>(code);
  trampoline.root = temporary.root().value();
  trampoline.stack_top = start.stack_top.value();
  trampoline.entry = arrive;
  trampoline.argument = &start;

  // §8.4.4.1, but for its pauses, which no virtual CPU needs; a second startup message
  // finds the CPU running.
  const auto destination = static_cast<std::uint32_t>(name);
  const auto first_page = static_cast<std::uint32_t>(page.value() >> kPageShift);
  lapic::send(destination, kInit);
  lapic::send(destination, kStartup | first_page);
  lapic::send(destination, kStartup | first_page);
  return {};
}

void finish(std::uint64_t name, bool arrived) {
  // Where it is given up it waits for a startup message again, which does not come.
  if (!arrived) lapic::send(static_cast<std::uint32_t>(name), kInit);
  temporary.free();
}

}  // namespace cpu_start

/// Boot step, before the heap takes what memory lies lowest. Without a free page no
/// further CPU starts.
Result<void> cpu_start_lapic_init() {
  using namespace cpu_start;
  for (std::uint64_t at = kStartupLimit - kPageSize; at != 0 && page == PhysAddr{};
       at -= kPageSize) {
    if (page_alloc::allocate_at(PhysAddr{at}, PageCount{1}).ok()) page = PhysAddr{at};
  }
  return {};
}

}  // namespace atl
