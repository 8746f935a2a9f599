// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <cstdint>

extern "C" void atoll_x86_thread_start();

namespace atl::arch {

namespace {

/// What switch_context() takes from a stack, lowest address first.
struct SavedContext {
  std::uint32_t mxcsr;
  std::uint32_t x87_control;
  std::uint64_t fs_base;
  std::uint64_t r15, r14, r13, r12, rbx, rbp;
  std::uint64_t return_address;
};

// Their values after reset and FNINIT (Intel SDM 1 §10.2.3, §8.1.5): every
// exception masked, round to nearest.
constexpr std::uint32_t kMxcsr = 0x1f80;
constexpr std::uint32_t kX87Control = 0x037f;

}  // namespace

void prepare_context(Context& context, VirtAddr stack_top, void (*entry)(void*), void* argument) {
  auto* saved = VirtAddr{stack_top - sizeof(SavedContext)}.as<SavedContext>();
  *saved = {.mxcsr = kMxcsr,
            .x87_control = kX87Control,
            .fs_base = 0,
            .r15 = 0,
            .r14 = 0,
            .r13 = 0,
            .r12 = reinterpret_cast<std::uint64_t>(argument),
            .rbx = reinterpret_cast<std::uint64_t>(entry),
            .rbp = 0,
            .return_address = reinterpret_cast<std::uint64_t>(&atoll_x86_thread_start)};
  context.sp = reinterpret_cast<std::uintptr_t>(saved);
}

}  // namespace atl::arch
