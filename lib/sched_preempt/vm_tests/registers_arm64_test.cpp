// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/deadline.hpp>
#include <atoll/sched.hpp>
#include <atoll/vm_test.hpp>
#include <cstdint>

namespace sched_preempt_registers_test {

using namespace atl;

/// What the code between two points may have in registers.
struct alignas(16) Registers {
  std::array<std::uint64_t, 32> general;  // x0..x30; the last one is not used
  std::array<std::array<std::uint64_t, 2>, 32> simd;
  std::uint64_t control;
  std::uint64_t flags;

  bool operator==(const Registers&) const = default;
};

constinit Registers before;
constinit Registers after;
extern "C" {
[[gnu::used]] constinit volatile std::uint32_t atoll_test_called = 0;
}

/// Spoils what the interrupted thread had.
void spoil(void*) {
  static_cast<void>(sched::sleep_until(deadline::after(2_ms)));
  asm volatile(
      ".arch_extension fp\n\tfmov d0, xzr\n\tfmov d9, xzr\n\tfmov d31, xzr\n\tmsr fpcr, xzr\n\t"
      "msr fpsr, xzr");
  atoll_test_called = atoll_test_called + 1;
}

/// Loads `from`, is preempted, stores `to`.
extern "C" void atoll_test_run_interrupted(const Registers& from, Registers& to);
asm(R"(
	.text
	.arch_extension simd
	.global	atoll_test_run_interrupted
	.hidden	atoll_test_run_interrupted
	.type	atoll_test_run_interrupted, %function
atoll_test_run_interrupted:
	hint	#34
	sub	sp, sp, #192
	stp	x19, x20, [sp, #0]
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	stp	x29, x30, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	str	x1, [sp, #160]
	ldr	x1, [x0, #768]
	msr	fpcr, x1
	add	x1, x0, #256
	ldp	q0, q1, [x1, #0]
	ldp	q2, q3, [x1, #32]
	ldp	q4, q5, [x1, #64]
	ldp	q6, q7, [x1, #96]
	ldp	q8, q9, [x1, #128]
	ldp	q10, q11, [x1, #160]
	ldp	q12, q13, [x1, #192]
	ldp	q14, q15, [x1, #224]
	ldp	q16, q17, [x1, #256]
	ldp	q18, q19, [x1, #288]
	ldp	q20, q21, [x1, #320]
	ldp	q22, q23, [x1, #352]
	ldp	q24, q25, [x1, #384]
	ldp	q26, q27, [x1, #416]
	ldp	q28, q29, [x1, #448]
	ldp	q30, q31, [x1, #480]
	ldp	x2, x3, [x0, #16]
	ldp	x4, x5, [x0, #32]
	ldp	x6, x7, [x0, #48]
	ldp	x8, x9, [x0, #64]
	ldp	x10, x11, [x0, #80]
	ldp	x12, x13, [x0, #96]
	ldp	x14, x15, [x0, #112]
	ldp	x16, x17, [x0, #128]
	ldp	x18, x19, [x0, #144]
	ldp	x20, x21, [x0, #160]
	ldp	x22, x23, [x0, #176]
	ldp	x24, x25, [x0, #192]
	ldp	x26, x27, [x0, #208]
	ldp	x28, x29, [x0, #224]
	ldr	x30, [x0, #240]
	ldp	x0, x1, [x0]
	/* x0 and x1 tell when it is over. */
1:	adrp	x0, atoll_test_called
	ldr	w0, [x0, #:lo12:atoll_test_called]
	cmp	w0, #1
	b.ne	1b
	ldr	x0, [sp, #160]
	stp	x2, x3, [x0, #16]
	stp	x4, x5, [x0, #32]
	stp	x6, x7, [x0, #48]
	stp	x8, x9, [x0, #64]
	stp	x10, x11, [x0, #80]
	stp	x12, x13, [x0, #96]
	stp	x14, x15, [x0, #112]
	stp	x16, x17, [x0, #128]
	stp	x18, x19, [x0, #144]
	stp	x20, x21, [x0, #160]
	stp	x22, x23, [x0, #176]
	stp	x24, x25, [x0, #192]
	stp	x26, x27, [x0, #208]
	stp	x28, x29, [x0, #224]
	str	x30, [x0, #240]
	str	x1, [x0, #8]
	mrs	x1, nzcv
	str	x1, [x0, #776]
	mrs	x1, fpcr
	str	x1, [x0, #768]
	add	x1, x0, #256
	stp	q0, q1, [x1, #0]
	stp	q2, q3, [x1, #32]
	stp	q4, q5, [x1, #64]
	stp	q6, q7, [x1, #96]
	stp	q8, q9, [x1, #128]
	stp	q10, q11, [x1, #160]
	stp	q12, q13, [x1, #192]
	stp	q14, q15, [x1, #224]
	stp	q16, q17, [x1, #256]
	stp	q18, q19, [x1, #288]
	stp	q20, q21, [x1, #320]
	stp	q22, q23, [x1, #352]
	stp	q24, q25, [x1, #384]
	stp	q26, q27, [x1, #416]
	stp	q28, q29, [x1, #448]
	stp	q30, q31, [x1, #480]
	msr	fpcr, xzr
	ldp	x19, x20, [sp, #0]
	ldp	x21, x22, [sp, #16]
	ldp	x23, x24, [sp, #32]
	ldp	x25, x26, [sp, #48]
	ldp	x27, x28, [sp, #64]
	ldp	x29, x30, [sp, #80]
	ldp	d8, d9, [sp, #96]
	ldp	d10, d11, [sp, #112]
	ldp	d12, d13, [sp, #128]
	ldp	d14, d15, [sp, #144]
	add	sp, sp, #192
	ret
	.size	atoll_test_run_interrupted, . - atoll_test_run_interrupted
)");

VM_TEST(SchedPreempt, keeps_every_register) {
  std::uint64_t value = 0x0123'4567'89ab'cdef;
  const auto next = [&value] {
    return value = value * 6364136223846793005u + 1442695040888963407u;
  };
  for (auto& word : before.general) word = next();
  for (auto& line : before.simd) {
    for (auto& word : line) word = next();
  }
  before.control = 1u << 24;

  sched::ThreadOptions options;
  options.stack_bytes = 32 * 1024;
  options.priority = sched::ThreadOptions::kDefaultPriority + 1;
  Thread* const other = sched::create(options, spoil, nullptr).value();
  atoll_test_run_interrupted(before, after);
  VM_EXPECT(sched::join(*other).ok());

  VM_EXPECT_EQ(after.flags, 0x6000'0000u);  // of the comparison: equal
  after.flags = before.flags;
  after.general[0] = before.general[0];
  after.general[31] = before.general[31];
  VM_EXPECT(after == before);
}

}  // namespace sched_preempt_registers_test
