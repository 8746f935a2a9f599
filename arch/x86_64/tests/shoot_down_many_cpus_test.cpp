// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/shoot_down.hpp"

#include <array>
#include <atoll/arch/shoot_down.hpp>
#include <atoll/host/cpus.hpp>
#include <atoll/host/crew.hpp>
#include <atoll/interrupt_mask.hpp>
#include <atoll/irq.hpp>
#include <atoll/lock.hpp>
#include <atoll/smp.hpp>
#include <atomic>
#include <bit>
#include <optional>

/// CPUs that forget translations together, with translations and caches of the test's own.
namespace shoot_down_many_cpus_test {

using namespace atl;

/// A frame of memory: reused as soon as no CPU can reach it by what it has cached.
struct Frame {
  std::uint64_t page = 0;
};

/// Two pages that lie in three frames, one of which is free; a cache in each CPU.
struct Machine {
  static constexpr std::size_t kPages = 2;
  std::array<Frame, kPages + 1> frames;
  std::array<std::atomic<std::size_t>, kPages> table;  // a page's frame
  std::size_t free = kPages;                           // under `changes`
  IrqSpinLock changes;
  std::array<std::array<std::optional<std::size_t>, kPages>, kMaxCpus> cached;

  auto& cache() { return cached[arch::Cpu::cpu_local().index]; }

  // As a load instruction does, at the caller's CPU.
  std::uint64_t read(std::size_t page) {
    auto& own = cache()[page];
    if (!own) own = table[page].load(std::memory_order_acquire);
    return frames[*own].page;
  }

  void move(std::size_t page) {
    Guard guard{changes};
    frames[free].page = page;
    free = table[page].exchange(free, std::memory_order_release);
    arch::forget_translations_here(VirtAddr{page * kPageSize}, PageCount{1});
    arch::forget_translations_elsewhere(VirtAddr{page * kPageSize}, PageCount{1});
    frames[free].page = ~std::uint64_t{0};
  }
};

constinit Machine* machine = nullptr;

constexpr std::uint32_t kLine = host::kFirstFreeLine;

void connect() {
  VM_ASSERT(
      irq::root()
          .connect(
              kLine, irq::Trigger::kEdgeRising, [](void*) { arch::answer_shoot_down(); }, nullptr)
          .ok());
  irq::root().unmask(kLine);
  arch::set_shoot_down_interrupt([](std::uint64_t cpus) {
    for (; cpus != 0; cpus &= cpus - 1) {
      host::raise_at(static_cast<std::uint32_t>(std::countr_zero(cpus)), kLine);
    }
  });
  host::set_relax_hook(arch::answer_shoot_down);
}

VM_TEST(ShootDown, a_frame_is_free_once_every_cpu_has_forgotten_it) {
  Machine own;
  for (std::size_t page = 0; page < Machine::kPages; ++page) {
    own.table[page] = page;
    own.frames[page].page = page;
  }
  machine = &own;
  connect();
  smp::call(
      kEveryCpu, [](void*) { arch::join_shoot_downs(); }, nullptr);
  {
    host::Crew crew{8, [&](std::size_t member) {
                      for (unsigned i = 0; i < 150; ++i) {
                        const std::size_t page = (member + i) % Machine::kPages;
                        if (member < 3) {
                          own.move(page);
                          sched::yield();
                          continue;
                        }
                        // A thread that loses its CPU takes no translation along.
                        const InterruptMask masked;
                        for (unsigned n = 0; n < 10; ++n) VM_EXPECT_EQ(own.read(page), page);
                      }
                    }};
  }
  smp::call(
      kEveryCpu, [](void*) { arch::leave_shoot_downs(); }, nullptr);
  host::set_relax_hook(nullptr);
  irq::root().disconnect(kLine);
  machine = nullptr;
}

}  // namespace shoot_down_many_cpus_test

namespace atl::arch {

void forget_translations_here(VirtAddr address, PageCount pages) {
  using shoot_down_many_cpus_test::machine;
  auto& cache = machine->cache();
  for (std::size_t page = 0; page < cache.size(); ++page) {
    const VirtAddr start{page * kPageSize};
    if (start >= address && (start - address) / kPageSize < pages.count) cache[page].reset();
  }
}

}  // namespace atl::arch
