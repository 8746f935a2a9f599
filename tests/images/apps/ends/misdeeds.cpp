// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "misdeeds.hpp"

#include <array>
#include <atoll/alloc.hpp>
#include <atoll/arch.hpp>
#include <atoll/boot_info.hpp>
#include <atoll/console.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/irq.hpp>
#include <atoll/panic.hpp>
#include <atoll/trap.hpp>
#include <cstddef>
#include <cstdint>

#include "free_line.hpp"

namespace {

using Code = void (*)();

volatile unsigned char data_byte = 1;
const unsigned char constant_byte = 1;

// More than one instruction, the last of which returns.
[[gnu::noinline]] void do_nothing() { asm volatile("nop\n\tnop"); }

void poke(std::uintptr_t address) { *reinterpret_cast<volatile unsigned char*>(address) = 0xc3; }

void write_code() { poke(reinterpret_cast<std::uintptr_t>(&do_nothing)); }

void write_constant() { poke(reinterpret_cast<std::uintptr_t>(&constant_byte)); }

// The same bytes as the code's, through the direct map of RAM.
void write_code_alias() {
  const auto& boot = atl::boot_info();
  const auto offset = reinterpret_cast<std::uintptr_t>(&do_nothing) - boot.image_base.value();
  poke(atl::to_virtual(boot.image.start + offset).value());
}

// No tail call: the caller is what a backtrace has to show.
[[gnu::always_inline]] inline void call(std::uintptr_t address) {
  reinterpret_cast<Code>(address)();
  asm volatile("");
}

void run_data() { call(reinterpret_cast<std::uintptr_t>(&data_byte)); }

void run_heap() { call(reinterpret_cast<std::uintptr_t>(atl::default_allocator().allocate(64))); }

void run_stack() {
  volatile unsigned char code[16] = {};
  call(reinterpret_cast<std::uintptr_t>(&code[0]));
}

void read_null() {
  volatile std::uintptr_t null = 0;
  static_cast<void>(*reinterpret_cast<volatile unsigned char*>(null));
}

void write_null() {
  volatile std::uintptr_t null = 0;
  *reinterpret_cast<volatile unsigned char*>(null) = 1;
}

// Identity-mapped boot code would be readable here.
void read_low_memory() {
  volatile std::uintptr_t low = atl::boot_info().image.start.value();
  static_cast<void>(*reinterpret_cast<volatile unsigned char*>(low));
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winfinite-recursion"
[[gnu::noinline]] int recurse(int depth) {
  volatile char room[256];
  room[0] = static_cast<char>(depth);
  return recurse(depth + 1) + room[0];
}
#pragma GCC diagnostic pop

void overflow_stack() { static_cast<void>(recurse(0)); }

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winfinite-recursion"
// Frames of more than a page: the guard page may lie in the middle of one.
[[gnu::noinline]] int recurse_in_strides(int depth) {
  volatile char room[3 * 4096 + 100];
  room[0] = static_cast<char>(depth);
  return recurse_in_strides(depth + 1) + room[0];
}
#pragma GCC diagnostic pop

void jump_over_guard() { static_cast<void>(recurse_in_strides(0)); }

void undefined_instruction() {
#ifdef __x86_64__
  asm volatile("ud2");
#else
  asm volatile("udf #0");
#endif
}

bool recurse_on(const atl::arch::Trap&) { return recurse(0) != 0; }

void overflow_exception_stack() {
  atl::trap::set_handler(atl::arch::TrapKind::kUndefinedInstruction, recurse_on);
  undefined_instruction();
}

// More than a slot of the stack of exceptions on x86_64, without reaching its end.
bool need_much_and_fault(const atl::arch::Trap&) {
  volatile char room[5000];
  room[0] = 0;
  poke(reinterpret_cast<std::uintptr_t>(&constant_byte));
  return room[0] != 0;
}

void fault_in_a_large_handler() {
  atl::trap::set_handler(atl::arch::TrapKind::kUndefinedInstruction, need_much_and_fault);
  undefined_instruction();
}

bool undefined_too(const atl::arch::Trap&) {
  undefined_instruction();
  return true;
}

// An exception in its own handler, and so on, until there is no room for more.
void fault_for_ever() {
  atl::trap::set_handler(atl::arch::TrapKind::kUndefinedInstruction, undefined_too);
  undefined_instruction();
}

void call_null() {
  volatile std::uintptr_t null = 0;
  call(null);
}

void divide_by_zero() {
#ifdef __x86_64__
  asm volatile("xor %%ecx, %%ecx\n\tdivl %%ecx" ::: "eax", "ecx", "edx");
#endif
}

void failed_assertion() { ATOLL_ASSERT(data_byte == 0); }

[[gnu::noinline]] void smash(volatile char* buffer, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) buffer[i] = 'x';
}

[[gnu::noinline]] void smash_stack() {
  volatile char buffer[16];
  smash(buffer, 64);
}

// The address that the call would return to is not this function's.
[[noreturn, gnu::noinline]] void panic_at_its_end() { atl::panic("the test asked for it"); }

void fail_in_interrupt(void*) { failed_assertion(); }

[[gnu::noinline]] void assert_in_an_interrupt() {
  const auto line = connect_free_line(fail_in_interrupt);
  // So that it comes in this function, and not at the end of raise(), where no frame
  // pointer says who called it.
  const auto state = atl::arch::Cpu::disable_interrupts();
  if (line) atl::irq::raise(*line);
  atl::arch::Cpu::restore_interrupts(state);
  for (int i = 0; i < 1'000'000; ++i) atl::arch::Cpu::relax();
}

// By the gate of spurious interrupts, which is always open (Intel SDM 3A §11.9).
[[gnu::noinline]] void interrupt_while_masked() {
#ifdef __x86_64__
  asm volatile("cli\n\tint $0xff\n\tsti");
#endif
}

// Past its first instruction, where no landing pad is.
void jump_into_a_function() { call(reinterpret_cast<std::uintptr_t>(&do_nothing) + 4); }

// Where this function returns to: the frame record's second word.
[[gnu::noinline]] void forge_return_address() {
  auto* const record = static_cast<std::uintptr_t*>(__builtin_frame_address(0));
  *static_cast<volatile std::uintptr_t*>(record + 1) =
      reinterpret_cast<std::uintptr_t>(&do_nothing);
  // A call: the function has to save its return address.
  atl::console::write("");
}

struct Misdeed {
  char name[24];
  Code commit;
};

constexpr auto kMisdeeds = std::to_array<Misdeed>({
    {"assert", failed_assertion},
    {"assert-in-interrupt", assert_in_an_interrupt},
    {"call-null", call_null},
    {"divide-by-zero", divide_by_zero},
    {"fault-for-ever", fault_for_ever},
    {"fault-in-large-handler", fault_in_a_large_handler},
    {"forge-return", forge_return_address},
    {"interrupt-while-masked", interrupt_while_masked},
    {"jump-over-guard", jump_over_guard},
    {"jump-into-function", jump_into_a_function},
    {"overflow-exceptions", overflow_exception_stack},
    {"overflow-stack", overflow_stack},
    {"panic", panic_at_its_end},
    {"read-low-memory", read_low_memory},
    {"read-null", read_null},
    {"run-data", run_data},
    {"run-heap", run_heap},
    {"run-stack", run_stack},
    {"smash-stack", smash_stack},
    {"undefined-instruction", undefined_instruction},
    {"write-code", write_code},
    {"write-code-alias", write_code_alias},
    {"write-constant", write_constant},
    {"write-null", write_null},
});

}  // namespace

bool misdeed(std::string_view name) {
  for (const Misdeed& known : kMisdeeds) {
    if (name != known.name) continue;
    known.commit();
    return true;
  }
  return false;
}
