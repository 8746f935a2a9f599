// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <sys/mman.h>
#include <algorithm>
#include <atoll/host/memory.hpp>
#include <atoll/vm.hpp>
#include <atomic>

namespace atl {
namespace {

// Relaxed: see allocator.cpp.
constexpr auto kRelaxed = std::memory_order_relaxed;
std::atomic<std::size_t> live{0};
std::atomic<std::size_t> allowed{host::kNever};

// Code with sanitizers needs more stack than the same code in an image.
constexpr std::size_t kSmallestStack = 131072;

}  // namespace

namespace vm {

Result<Stack> allocate_stack(std::size_t bytes) {
  if (allowed.load(kRelaxed) == 0) return fail(Errc::kNoMemory);
  allowed.fetch_sub(1, kRelaxed);
  if (bytes > (std::size_t{1} << 30)) return fail(Errc::kNoMemory);
  const std::size_t size = std::max<std::size_t>(PageCount::holding(bytes).bytes(), kSmallestStack);
  void* const memory = mmap(nullptr, size + kPageSize, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return fail(Errc::kNoMemory);
  mprotect(memory, kPageSize, PROT_NONE);
  live.fetch_add(1, kRelaxed);
  return Stack{.bottom = VirtAddr::of(memory) + kPageSize, .size = size};
}

void free_stack(Stack stack) {
  live.fetch_sub(1, kRelaxed);
  munmap(VirtAddr{stack.bottom - kPageSize}.as<void>(), stack.size + kPageSize);
}

}  // namespace vm

namespace host {

std::size_t live_stacks() { return live; }
void fail_stacks_after(std::size_t count) { allowed = count; }

}  // namespace host
}  // namespace atl
