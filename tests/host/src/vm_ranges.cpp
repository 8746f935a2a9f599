// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <sys/mman.h>
#include <atoll/assert.hpp>
#include <atoll/vm.hpp>

// Address space of the process, with memory of its own behind what is mapped: the frames
// are only counted, by whoever has them.
namespace atl::vm {

Result<VirtAddr> reserve(PageCount pages) {
  if (pages == PageCount{}) return fail(Errc::kInvalidArgument);
  void* const memory =
      mmap(nullptr, pages.bytes(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return fail(Errc::kNoMemory);
  return VirtAddr::of(memory);
}

void release(VirtAddr start, PageCount pages) { munmap(start.as<void>(), pages.bytes()); }

Result<void> map(VirtAddr start, PhysAddr, PageCount pages, Access, Memory) {
  ATOLL_ASSERT(mprotect(start.as<void>(), pages.bytes(), PROT_READ | PROT_WRITE) == 0);
  return {};
}

void unmap(VirtAddr start, PageCount pages) {
  madvise(start.as<void>(), pages.bytes(), MADV_DONTNEED);
  ATOLL_ASSERT(mprotect(start.as<void>(), pages.bytes(), PROT_NONE) == 0);
}

}  // namespace atl::vm
