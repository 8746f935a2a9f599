// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "shoot_down.hpp"

#include <atoll/arch.hpp>
#include <atomic>

namespace atl::arch {
namespace {

/// What is to be forgotten: of the one CPU that has `busy`, read by those in `waiting`.
struct Request {
  VirtAddr address;
  PageCount pages;
};

constinit Request request{};
constinit std::atomic<bool> busy = false;
constinit std::atomic<std::uint64_t> waiting = 0;  ///< CPUs that have not answered yet
constinit std::atomic<std::uint64_t> members = 1;
constinit std::atomic<void (*)(std::uint64_t)> interrupt_cpus = nullptr;

std::uint64_t own_bit() { return std::uint64_t{1} << Cpu::cpu_local().index; }

}  // namespace

void join_shoot_downs() {
  members.fetch_or(own_bit(), std::memory_order_seq_cst);
  forget_translations_here(VirtAddr{}, PageCount{~std::uint64_t{0}});
}

void leave_shoot_downs() { members.fetch_and(~own_bit(), std::memory_order_seq_cst); }

void set_shoot_down_interrupt(void (*interrupt)(std::uint64_t cpus)) {
  interrupt_cpus.store(interrupt, std::memory_order_release);
}

void answer_shoot_down() {
  if (waiting.load(std::memory_order_relaxed) == 0) return;
  // Masked: the handler answers, too, and the request may be another one afterwards.
  const auto state = Cpu::disable_interrupts();
  if ((waiting.load(std::memory_order_acquire) & own_bit()) != 0) {
    forget_translations_here(request.address, request.pages);
    waiting.fetch_and(~own_bit(), std::memory_order_release);
  }
  Cpu::restore_interrupts(state);
}

void forget_translations_elsewhere(VirtAddr address, PageCount pages) {
  const auto state = Cpu::disable_interrupts();
  // Who joins after this reads the changed entry.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  const std::uint64_t others = members.load(std::memory_order_seq_cst) & ~own_bit();
  if (others != 0) {
    while (busy.exchange(true, std::memory_order_acquire)) Cpu::relax();
    request = {address, pages};
    waiting.store(others, std::memory_order_release);
    interrupt_cpus.load(std::memory_order_acquire)(others);
    while ((waiting.load(std::memory_order_acquire) & members.load()) != 0) Cpu::relax();
    waiting.store(0, std::memory_order_relaxed);
    busy.store(false, std::memory_order_release);
  }
  Cpu::restore_interrupts(state);
}

}  // namespace atl::arch
