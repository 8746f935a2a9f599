// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>

extern "C" void atoll_arm64_switch(std::uintptr_t* save_sp, std::uintptr_t sp);
extern "C" void atoll_arm64_start_context();

namespace atl::arch {
namespace {

// What atoll_arm64_switch() stores, in the order in which it does.
struct SavedRegisters {
  std::uintptr_t x19;
  std::uintptr_t x20;
  std::uintptr_t x21_to_x28[8];
  std::uintptr_t x29;
  std::uintptr_t x30;
  std::uint64_t d8_to_d15[8];
  std::uint64_t fpcr;
  std::uint64_t fpsr;
  std::uint64_t thread_pointer;
  std::uint64_t padding;
};
static_assert(sizeof(SavedRegisters) == 192 && sizeof(SavedRegisters) % 16 == 0);

}  // namespace

void prepare_context(Context& context, VirtAddr stack_top, void (*entry)(void*), void* argument) {
  auto* saved = stack_top.as<SavedRegisters>() - 1;
  *saved = {};
  saved->x19 = reinterpret_cast<std::uintptr_t>(entry);
  saved->x20 = reinterpret_cast<std::uintptr_t>(argument);
  // x29 stays 0: a backtrace ends here.
  saved->x30 = reinterpret_cast<std::uintptr_t>(&atoll_arm64_start_context);
  context.sp = reinterpret_cast<std::uintptr_t>(saved);
}

void switch_context(Context& from, Context& to) { atoll_arm64_switch(&from.sp, to.sp); }

}  // namespace atl::arch
