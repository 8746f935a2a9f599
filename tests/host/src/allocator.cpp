// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <malloc.h>
#include <algorithm>
#include <atoll/alloc.hpp>
#include <atoll/host/memory.hpp>
#include <atomic>
#include <cstdlib>
#include <cstring>

namespace atl {
namespace {

// Relaxed: counting orders nothing, as in an image, so that TSan sees what does.
constexpr auto kRelaxed = std::memory_order_relaxed;
std::atomic<std::size_t> live{0};
std::atomic<std::size_t> allowed{host::kNever};

class HostAllocator final : public Allocator {
 public:
  constexpr HostAllocator() = default;

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    if (alignment == 0 || (alignment & (alignment - 1)) != 0) return nullptr;
    if (allowed.load(kRelaxed) == 0) return nullptr;
    allowed.fetch_sub(1, kRelaxed);
    void* block = nullptr;
    if (posix_memalign(&block, std::max(alignment, alignof(std::max_align_t)),
                       std::max<std::size_t>(size, 1)) != 0) {
      return nullptr;
    }
    live.fetch_add(1, kRelaxed);
    return block;
  }
  void do_free(void* block) override {
    live.fetch_sub(1, kRelaxed);
    std::free(block);
  }
  void* do_resize(void* block, std::size_t size) override {
    void* const moved = do_allocate(size, alignof(std::max_align_t));
    if (moved == nullptr) return nullptr;
    std::memcpy(moved, block, std::min(size, do_usable_size(block)));
    do_free(block);
    return moved;
  }
  std::size_t do_usable_size(const void* block) const override {
    return malloc_usable_size(const_cast<void*>(block));
  }
  bool do_reuses_memory() const override { return true; }
  Statistics do_statistics() const override { return {}; }
  void do_destroy() override {}
};

constinit HostAllocator the_allocator;

}  // namespace

Allocator& default_allocator() { return the_allocator; }

namespace host {

std::size_t live_blocks() { return live; }
void fail_allocations_after(std::size_t count) { allowed = count; }

}  // namespace host
}  // namespace atl
