// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/boot_info.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/vm.hpp>
#include <atoll/vm_test.hpp>

#include <array>
#include <cstring>

// What the MMU does about it; lib/vm/tests checks the tables.
namespace {

using namespace atl;

/// A page of RAM mapped at an address of its own for the time of a test.
class MappedPage {
 public:
  MappedPage() : frame_(page_alloc::allocate(PageCount{1}).value_or(PhysAddr{})) {
    at_ = vm::reserve(PageCount{1}).value_or(VirtAddr{});
    VM_EXPECT(vm::map(at_, frame_, PageCount{1}, vm::Access::kReadWrite).ok());
  }
  ~MappedPage() {
    vm::release(at_, PageCount{1});
    page_alloc::free(frame_, PageCount{1});
  }
  MappedPage(const MappedPage&) = delete;
  MappedPage& operator=(const MappedPage&) = delete;

  [[nodiscard]] VirtAddr address() const { return at_; }
  [[nodiscard]] PhysAddr frame() const { return frame_; }

 private:
  PhysAddr frame_;
  VirtAddr at_;
};

/// Code that runs wherever it is copied to.
[[gnu::noinline, gnu::used]] int answer() { return 42; }
constexpr std::size_t kAnswerBytes = 32;

VM_TEST(Vm, a_stack_ends_at_its_guard_pages) {
  const auto made = vm::allocate_stack(3 * kPageSize);
  VM_ASSERT(made.ok());
  const vm::Stack stack = made.value();
  auto* const bytes = stack.bottom.as<char>();
  std::memset(bytes, 0x5a, stack.size);
  VM_EXPECT_EQ(bytes[stack.size - 1], 0x5a);
  auto* const below = VirtAddr{stack.bottom - 1}.as<volatile char>();
  auto* const above = stack.top().as<volatile char>();
  VM_EXPECT_TRAP(kStackOverflow, *below = 1);
  VM_EXPECT_TRAP(kStackOverflow, *above = 1);
  vm::free_stack(stack);
}

[[gnu::noinline]] std::uint64_t recurse(std::uint64_t depth) {
  volatile std::uint64_t room[32];
  room[0] = depth;
  if (depth == ~std::uint64_t{0}) return 0;
  return recurse(depth + 1) + room[0];
}

VM_TEST(Vm, endless_recursion_is_a_stack_overflow) {
  VM_EXPECT_TRAP(kStackOverflow, static_cast<void>(recurse(0)));
}

VM_TEST(Vm, a_reserved_range_traps_until_it_is_mapped) {
  const auto start = vm::reserve(PageCount{2});
  VM_ASSERT(start.ok());
  auto* const at = start.value().as<volatile char>();
  VM_EXPECT_TRAP(kPageFault, *at = 1);
  vm::release(start.value(), PageCount{2});
}

VM_TEST(Vm, a_mapping_shows_the_frame_and_then_no_more) {
  const MappedPage page;
  auto* const at = page.address().as<volatile char>();
  *at = 17;
  VM_EXPECT_EQ(*to_virtual(page.frame()).as<volatile char>(), 17);
  *to_virtual(page.frame()).as<volatile char>() = 18;
  VM_EXPECT_EQ(*at, 18);
  vm::unmap(page.address(), PageCount{1});
  VM_EXPECT_TRAP(kPageFault, *at = 1);
}

VM_TEST(Vm, constants_cannot_be_written) {
  const MappedPage page;
  auto* const at = page.address().as<volatile char>();
  *at = 3;
  VM_ASSERT(vm::protect(page.address(), PageCount{1}, vm::Access::kReadOnly).ok());
  VM_EXPECT_TRAP(kPageFault, *at = 4);
  VM_EXPECT_EQ(*at, 3);
  VM_ASSERT(vm::protect(page.address(), PageCount{1}, vm::Access::kReadWrite).ok());
  *at = 5;
  VM_EXPECT_EQ(*at, 5);
}

VM_TEST(Vm, memory_is_writable_or_executable_never_both) {
  const MappedPage page;
  auto* const code = page.address().as<int()>();
  auto* const bytes = page.address().as<volatile char>();
  auto* const alias = to_virtual(page.frame()).as<volatile char>();
  std::memcpy(page.address().as(), reinterpret_cast<const void*>(&answer), kAnswerBytes);
  VM_EXPECT_TRAP(kPageFault, static_cast<void>(code()));

  VM_ASSERT(vm::protect(page.address(), PageCount{1}, vm::Access::kReadExecute).ok());
  arch::Cpu::synchronize_code(page.address(), PageCount{1});
  VM_EXPECT_EQ(code(), 42);
  VM_EXPECT_TRAP(kPageFault, *bytes = 0);
  VM_EXPECT_TRAP(kPageFault, *alias = 0);
  auto* const code_alias = to_virtual(page.frame()).as<int()>();
  VM_EXPECT_TRAP(kPageFault, static_cast<void>(code_alias()));

  VM_ASSERT(vm::protect(page.address(), PageCount{1}, vm::Access::kReadWrite).ok());
  *bytes = 0;
  *alias = 0;
  VM_EXPECT_TRAP(kPageFault, static_cast<void>(code()));
}

VM_TEST(Vm, ram_is_no_device) {
  const MappedPage page;
  VM_EXPECT_EQ(vm::map_device({page.frame(), 16}).error(), Errc::kInvalidArgument);
}

VM_TEST(Vm, many_stacks_come_and_go) {
  for (int round = 0; round < 40; ++round) {
    std::array<vm::Stack, 6> stacks;
    for (vm::Stack& stack : stacks) {
      const auto made = vm::allocate_stack(16 * 1024);
      VM_ASSERT(made.ok());
      stack = made.value();
      *stack.bottom.as<volatile int>() = round;
    }
    for (const vm::Stack& stack : stacks) vm::free_stack(stack);
  }
}

// Who follows pointers that may be corrupt must not touch a device by that.
VM_TEST(Vm, device_registers_are_not_readable_memory) {
  // Behind the RAM of the machines that tests use, and never touched.
  auto registers = vm::map_device({PhysAddr{0xfeed'0000}, kPageSize});
  VM_ASSERT(registers.ok());
  VM_EXPECT(!arch::Cpu::readable(registers.value()));
  vm::release(registers.value(), PageCount{1});
}

}  // namespace
