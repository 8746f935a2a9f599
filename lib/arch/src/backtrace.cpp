// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/backtrace.hpp>

#include <atoll/arch.hpp>

namespace atl::arch {

namespace {

// Frame records lie where the stack pointer may: never across a page.
constexpr std::uintptr_t kAlignment = 16;
// Frames of one stack lie this close together, the caller's above.
constexpr std::uintptr_t kFarthest = 1 << 20;
constexpr std::uintptr_t kInterrupted = 1;
// Exceptions inside exceptions, as many as find room: more is a chain that was made up.
constexpr unsigned kMostStacks = 32;

}  // namespace

CallSite Backtrace::next() {
  if (frame_ == 0 || frame_ % kAlignment != 0 || !Cpu::readable(VirtAddr{frame_})) return {};
  const auto* const record = VirtAddr{frame_}.as<const std::uintptr_t>();
  const bool interrupted = (record[0] & kInterrupted) != 0;
  const std::uintptr_t outer = record[0] & ~kInterrupted;
  const bool goes_on =
      interrupted ? ++stacks_ < kMostStacks : outer > frame_ && outer - frame_ <= kFarthest;
  frame_ = goes_on && record[1] != 0 ? outer : 0;
  return {Cpu::without_signature(record[1]), interrupted};
}

}  // namespace atl::arch
