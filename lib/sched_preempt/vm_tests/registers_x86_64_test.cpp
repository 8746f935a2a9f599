// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/deadline.hpp>
#include <atoll/sched.hpp>
#include <atoll/vm_test.hpp>
#include <cstdint>

namespace sched_preempt_registers_test {

using namespace atl;

/// What the code between two points may have in registers, and below its stack
/// pointer.
struct alignas(64) Registers {
  std::array<std::uint64_t, 15> general;  // rax, rcx, rdx, rsi, rdi, r8..r15, rbx, rbp
  std::uint64_t flags;
  std::array<std::uint64_t, 16> red_zone;
  std::array<std::array<std::uint64_t, 4>, 16> vector;  // ymm, where the CPU has them
  std::uint64_t x87;
  std::uint32_t mxcsr;

  bool operator==(const Registers&) const = default;
};

constinit Registers before;
constinit Registers after;
extern "C" {
[[gnu::used]] constinit Registers* atoll_test_before = &before;
[[gnu::used]] constinit Registers* atoll_test_after = &after;
[[gnu::used]] constinit volatile std::uint32_t atoll_test_called = 0;
[[gnu::used]] constinit std::uint64_t atoll_test_saved_rsp = 0;
}

/// Spoils what the interrupted thread had.
void spoil(void*) {
  static_cast<void>(sched::sleep_until(deadline::after(2_ms)));
  const std::uint32_t mxcsr = 0x5f80;
  asm volatile(
      "xorps %%xmm0, %%xmm0\n\txorps %%xmm7, %%xmm7\n\txorps %%xmm15, %%xmm15\n\t"
      "fldz\n\tfldz\n\tldmxcsr %0"
      :
      : "m"(mxcsr));
  atoll_test_called = atoll_test_called + 1;
  asm volatile("fninit");
}

/// CPUID.1:ECX.AVX and OSXSAVE, and XCR0.AVX (Intel SDM 1 §14.3).
bool has_avx() {
  std::uint32_t features = 0;
  asm("cpuid" : "=c"(features) : "a"(1), "c"(0) : "ebx", "edx");
  constexpr std::uint32_t kBoth = 1u << 28 | 1u << 27;
  if ((features & kBoth) != kBoth) return false;
  std::uint32_t enabled = 0;
  asm("xgetbv" : "=a"(enabled) : "c"(0) : "edx");
  return (enabled & 4) != 0;
}

/// Loads `before`, is preempted, stores `after`.
[[gnu::naked]] void run_interrupted(bool /*has_avx*/) {
  asm(R"(
	push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15
	push %rdi
	mov	%rsp, atoll_test_saved_rsp(%rip)
	mov	atoll_test_before(%rip), %rbx
	# the red zone
	mov	$-16, %rcx
1:	mov	256(%rbx,%rcx,8), %rax
	mov	%rax, (%rsp,%rcx,8)
	inc	%rcx
	jnz	1b
	test	%dil, %dil
	jz	2f
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vmovdqu	256 + 32 * \n(%rbx), %ymm\n
	.endr
	jmp	3f
2:	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movdqu	256 + 32 * \n(%rbx), %xmm\n
	.endr
3:	fldl	768(%rbx)
	ldmxcsr	776(%rbx)
	mov	0(%rbx), %rax
	mov	8(%rbx), %rcx
	mov	16(%rbx), %rdx
	mov	24(%rbx), %rsi
	mov	32(%rbx), %rdi
	mov	40(%rbx), %r8
	mov	48(%rbx), %r9
	mov	56(%rbx), %r10
	mov	64(%rbx), %r11
	mov	72(%rbx), %r12
	mov	80(%rbx), %r13
	mov	88(%rbx), %r14
	mov	96(%rbx), %r15
	mov	112(%rbx), %rbp
	mov	104(%rbx), %rbx
4:	cmpl	$1, atoll_test_called(%rip)
	jb	4b
	lea	-128(%rsp), %rsp
	push	%rax
	pushf
	mov	atoll_test_after(%rip), %rax
	mov	%rcx, 8(%rax)
	mov	%rdx, 16(%rax)
	mov	%rsi, 24(%rax)
	mov	%rdi, 32(%rax)
	mov	%r8, 40(%rax)
	mov	%r9, 48(%rax)
	mov	%r10, 56(%rax)
	mov	%r11, 64(%rax)
	mov	%r12, 72(%rax)
	mov	%r13, 80(%rax)
	mov	%r14, 88(%rax)
	mov	%r15, 96(%rax)
	mov	%rbx, 104(%rax)
	mov	%rbp, 112(%rax)
	pop	%rcx
	mov	%rcx, 120(%rax)
	pop	%rcx
	mov	%rcx, 0(%rax)
	lea	128(%rsp), %rsp
	mov	$-16, %rcx
5:	mov	(%rsp,%rcx,8), %rdx
	mov	%rdx, 256(%rax,%rcx,8)
	inc	%rcx
	jnz	5b
	mov	(%rsp), %rdi
	test	%dil, %dil
	jz	6f
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vmovdqu	%ymm\n, 256 + 32 * \n(%rax)
	.endr
	vzeroupper
	jmp	7f
6:	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movdqu	%xmm\n, 256 + 32 * \n(%rax)
	.endr
7:	fstpl	768(%rax)
	stmxcsr	776(%rax)
	cmp	%rsp, atoll_test_saved_rsp(%rip)
	je	8f
	ud2
8:	pop %rdi
	pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx
	ret
)");
}

VM_TEST(SchedPreempt, keeps_every_register) {
  std::uint64_t value = 0x0123'4567'89ab'cdef;
  const auto next = [&value] {
    return value = value * 6364136223846793005u + 1442695040888963407u;
  };
  for (auto& word : before.general) word = next();
  for (auto& word : before.red_zone) word = next();
  for (auto& line : before.vector) {
    for (auto& word : line) word = next();
  }
  before.x87 = 0x4009'21fb'5444'2d18;  // pi
  before.mxcsr = 0x7f80;

  sched::ThreadOptions options;
  options.stack_bytes = 32 * 1024;
  options.priority = sched::ThreadOptions::kDefaultPriority + 1;
  Thread* const other = sched::create(options, spoil, nullptr).value();
  run_interrupted(has_avx());
  const std::uint32_t mxcsr = 0x1f80;
  asm volatile("ldmxcsr %0" ::"m"(mxcsr));
  VM_EXPECT(sched::join(*other).ok());

  // The flags of the comparison: equal.
  VM_EXPECT_EQ(after.flags & 0x8d5, 0x44u);
  after.flags = before.flags;
  for (std::size_t i = 0; i < 16 && !has_avx(); ++i) {
    after.vector[i][2] = before.vector[i][2];
    after.vector[i][3] = before.vector[i][3];
  }
  VM_EXPECT(after == before);
}

}  // namespace sched_preempt_registers_test
