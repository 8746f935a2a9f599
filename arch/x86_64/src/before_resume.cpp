// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>

extern "C" void atoll_x86_before_resume();

namespace atl::arch {
namespace {

// What the interrupted code may use below its stack pointer (System V ABI, AMD64
// supplement §3.2.2).
constexpr std::uint64_t kRedZone = 128;

constexpr std::uint64_t kInterruptAndDirectionFlags = 1 << 9 | 1 << 10;

}  // namespace

void call_before_resume(TrapFrame& frame, void (*function)()) {
  static_assert(sizeof(TrapFrame) % 16 == 0);
  const VirtAddr room{(frame.rsp - kRedZone - sizeof(TrapFrame)) & ~std::uint64_t{15}};
  *room.as<TrapFrame>() = frame;
  frame.rsp = room.value();
  frame.rip = reinterpret_cast<std::uint64_t>(&atoll_x86_before_resume);
  frame.rbx = reinterpret_cast<std::uint64_t>(function);
  frame.rflags &= ~kInterruptAndDirectionFlags;
}

}  // namespace atl::arch
