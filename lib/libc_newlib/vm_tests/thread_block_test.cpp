// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include <atoll/alloc.hpp>
#include <atoll/arch.hpp>
#include <atoll/libc.hpp>
#include <atoll/vm_test.hpp>

extern "C" int* __errno();

namespace libc_thread_block_test {

using namespace atl;

VM_TEST(LibcThreadBlock, errno_is_its_own) {
  void* main = reinterpret_cast<void*>(arch::Cpu::thread_pointer());
  auto made = libc::create_thread_block();
  VM_ASSERT(made.ok());
  void* block = made.value();
  VM_ASSERT(block != nullptr);
  VM_EXPECT(block != main);

  *__errno() = 77;
  int* const mine = __errno();
  libc::enter_thread_block(block);
  int* const other = __errno();
  const int fresh = *other;
  *other = 5;
  libc::leave_thread_block();
  libc::enter_thread_block(main);

  VM_EXPECT_EQ(fresh, 0);
  VM_EXPECT(other != mine);
  VM_EXPECT_EQ(*__errno(), 77);
  libc::destroy_thread_block(block);
}

VM_TEST(LibcThreadBlock, initialized_variables_are_copied_unchanged) {
  // newlib's stdin, stdout and stderr are such variables: equal in each thread.
  auto made = libc::create_thread_block();
  VM_ASSERT(made.ok());
  void* block = made.value();
  const std::uint64_t main = arch::Cpu::thread_pointer();
  const auto distance =
      reinterpret_cast<std::intptr_t>(__errno()) - static_cast<std::intptr_t>(main);
  libc::enter_thread_block(block);
  const auto same =
      reinterpret_cast<std::intptr_t>(__errno()) - reinterpret_cast<std::intptr_t>(block);
  libc::enter_thread_block(reinterpret_cast<void*>(main));
  VM_EXPECT_EQ(distance, same);
  libc::destroy_thread_block(block);
}

VM_TEST(LibcThreadBlock, gives_its_memory_back) {
  const std::size_t before = default_allocator().statistics().in_use;
  for (int i = 0; i < 100; ++i) {
    auto made = libc::create_thread_block();
    VM_ASSERT(made.ok());
    libc::destroy_thread_block(made.value());
  }
  if (default_allocator().reuses_memory()) {
    VM_EXPECT_LE(default_allocator().statistics().in_use, before);
  }
  libc::destroy_thread_block(nullptr);
}

}  // namespace libc_thread_block_test
