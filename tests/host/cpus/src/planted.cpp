// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/host/cpus.hpp>
#include <atoll/irq.hpp>
#include <atomic>

#include "host_cpu.hpp"

namespace atl::host {
namespace {

std::uint64_t data = 0;
std::uint64_t seen = 0;
std::atomic<bool> handled = false;

}  // namespace

std::uint64_t plant_race() {
  if (!irq::root()
           .connect(
               kFirstFreeLine, irq::Trigger::kEdgeRising,
               [](void*) {
                 seen = data;
                 handled.store(true, std::memory_order_relaxed);
               },
               nullptr)
           .ok()) {
    give_up("the line is not free");
  }
  irq::root().unmask(kFirstFreeLine);
  data = 1;
  raise_at(1, kFirstFreeLine);
  while (!handled.load(std::memory_order_relaxed)) arch::Cpu::relax();
  return seen;
}

}  // namespace atl::host
