// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "survivals.hpp"

#include <atoll/arch.hpp>
#include <atoll/irq.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/trap.hpp>
#include <atoll/vm.hpp>
#include <atomic>
#include <cstdint>

#include "free_line.hpp"

namespace {

using namespace atl;
using arch::Cpu;

constexpr std::uint64_t kContent = 0x5afe'c0de;

VirtAddr page;
PhysAddr frame;
std::atomic<unsigned> faults{0};
std::atomic<std::uint64_t> seen{0};

bool map(const arch::Trap& trap) {
  if (trap.address != page) return false;
  faults = faults + 1;
  // The interrupted code is known to hold no lock of vm's, whose tables are there.
  return vm::map(page, frame, PageCount{1}, vm::Access::kReadWrite).ok();
}

void look(void*) { seen = *page.as<volatile std::uint64_t>(); }

/// Maps the page for a moment: what lies in it, and the tables around it, stay.
bool prepare() {
  auto reserved = vm::reserve(PageCount{1});
  auto allocated = page_alloc::allocate(PageCount{1});
  if (!reserved.ok() || !allocated.ok()) return false;
  page = reserved.value();
  frame = allocated.value();
  if (!vm::map(page, frame, PageCount{1}, vm::Access::kReadWrite).ok()) return false;
  *page.as<volatile std::uint64_t>() = kContent;
  vm::unmap(page, PageCount{1});
  return true;
}

}  // namespace

bool survive_a_fault_in_an_interrupt() {
  if (!prepare()) return false;
  const auto line = connect_free_line(look);
  if (!line) return false;
  trap::set_handler(arch::TrapKind::kPageFault, map);

  // Interrupted somewhere in here: the sum is wrong if a register was lost.
  std::uint64_t sum = 0;
  std::uint64_t wanted = 0;
  irq::raise(*line);
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    asm volatile("" : "+r"(sum));
    sum += i;
    wanted = i * (i + 1) / 2;
  }
  return faults == 1 && seen == kContent && sum == wanted && Cpu::interrupts_enabled();
}
