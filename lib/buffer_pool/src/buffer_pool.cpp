// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/buffer_pool.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <bit>

namespace atl {

namespace {

constexpr std::uint32_t kSmallest = 512;

bool makes_sense(BufferPool::Shape shape) {
  if (shape.buffers == 0 || shape.bytes < kSmallest) return false;
  return shape.bytes < kPageSize ? std::has_single_bit(shape.bytes) : shape.bytes % kPageSize == 0;
}

PageCount pages_of_descriptions(std::uint32_t buffers) {
  return PageCount::holding(std::uint64_t{buffers} * sizeof(Buffer));
}

}  // namespace

Result<Owned<BufferPool>> BufferPool::create(Shape shape) {
  if (!makes_sense(shape)) return fail(Errc::kInvalidArgument);
  auto pool = TRY(make<BufferPool>(shape));
  TRY(pool->add_memory());
  return pool;
}

Result<void> BufferPool::add_memory() {
  descriptions_ = TRY(page_alloc::allocate(pages_of_descriptions(shape_.buffers)));
  const std::uint32_t in_page = std::max<std::uint32_t>(kPageSize / shape_.bytes, 1);
  const PageCount smallest{std::max<std::uint64_t>(shape_.bytes / kPageSize, 1)};
  // In long runs as far as there are such, in short ones where memory is in pieces.
  std::uint64_t units = (shape_.buffers + in_page - 1) / in_page;
  for (std::uint64_t run = units; units > 0;) {
    run = std::min(run, units);
    const auto pages = page_alloc::allocate({run * smallest.count});
    if (pages.ok()) {
      add_run(pages.value(), {run * smallest.count});
      units -= run;
    } else if (run > 1) {
      run /= 2;
    } else {
      return fail(pages.error());
    }
  }
  free_.with([&](Free& free) { free.lowest = free.count; });
  return {};
}

void BufferPool::add_run(PhysAddr start, PageCount pages) {
  for (std::uint64_t at = 0; at < pages.bytes(); at += shape_.bytes) {
    // The last page may have room for more buffers than were asked for.
    if (made_ == shape_.buffers) return;
    Buffer& made = *::new (static_cast<void*>(&buffer(made_))) Buffer;
    made.memory_ = to_virtual(start + at).as<std::byte>();
    made.device_ = DeviceAddr{(start + at).value()};
    made.pool_ = this;
    made.room_ = shape_.bytes;
    made.index_ = made_++;
    take_back(made, made, 1);
  }
}

BufferPool::~BufferPool() {
  const bool all_are_back = free_.with([&](const Free& free) { return free.count == made_; });
  ATOLL_ASSERT(all_are_back);
  if (descriptions_.value() == 0) return;
  const PageCount pages{std::max<std::uint64_t>(shape_.bytes / kPageSize, 1)};
  for (std::uint32_t index = 0; index < made_; ++index) {
    const VirtAddr memory = VirtAddr::of(buffer(index).memory_);
    if (memory.is_aligned(kPageSize)) page_alloc::free(to_physical(memory), pages);
  }
  page_alloc::free(descriptions_, pages_of_descriptions(shape_.buffers));
}

Buffer& BufferPool::buffer(std::uint32_t index) const {
  return to_virtual(descriptions_).as<Buffer>()[index];
}

Packet BufferPool::allocate() {
  Packet one;
  allocate({&one, 1});
  return one;
}

std::size_t BufferPool::allocate(std::span<Packet> into) {
  Buffer* first = nullptr;
  const auto got = static_cast<std::uint32_t>(free_.with([&](Free& free) {
    const auto count = std::min<std::size_t>(into.size(), free.count);
    free.refused += into.size() - count;
    if (count == 0) return count;
    first = free.first;
    Buffer* last = first;
    for (std::size_t left = count; left > 1; --left) last = last->next_;
    free.first = last->next_;
    free.count -= static_cast<std::uint32_t>(count);
    free.lowest = std::min(free.lowest, free.count);
    return count;
  }));
  for (Packet& packet : into.first(got)) {
    Buffer& one = *first;
    first = one.next_;
    one.next_ = nullptr;
    one.offload = {};
    one.clear();
    packet.reset(&one);
  }
  return got;
}

void BufferPool::take_back(Buffer& first, Buffer& last, std::uint32_t count) {
  free_.with([&](Free& free) {
    last.next_ = free.first;
    free.first = &first;
    free.count += count;
  });
}

BufferPool::Statistics BufferPool::statistics() const {
  return free_.with([&](const Free& free) {
    return Statistics{made_, free.count, free.lowest, free.refused};
  });
}

bool Buffer::drop_handle() {
  if (references_.load(std::memory_order_acquire) == 1) return true;
  if (references_.fetch_sub(1, std::memory_order_acq_rel) != 1) return false;
  references_.store(1, std::memory_order_relaxed);
  return true;
}

void Buffer::destroy(Buffer& packet) {
  Buffer* rest = packet.drop_handle() ? &packet : nullptr;
  while (rest != nullptr) {
    // Those of one pool that follow each other go back at once.
    Buffer* const first = rest;
    Buffer* last = first;
    for (std::uint32_t count = 1;; ++count) {
      rest = last->next_;
      if (rest != nullptr && !rest->drop_handle()) rest = nullptr;
      if (rest == nullptr || rest->pool_ != first->pool_) {
        first->pool_->take_back(*first, *last, count);
        break;
      }
      last = rest;
    }
  }
}

}  // namespace atl
