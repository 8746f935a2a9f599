// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "misdeeds.hpp"

#include <atoll/alloc.hpp>
#include <atoll/arch.hpp>
#include <atoll/boot_info.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/panic.hpp>
#include <cstddef>
#include <cstdint>

namespace {

using Code = void (*)();

volatile unsigned char data_byte = 1;
const unsigned char constant_byte = 1;

void do_nothing() {}

void poke(std::uintptr_t address) { *reinterpret_cast<volatile unsigned char*>(address) = 0xc3; }

void write_code() { poke(reinterpret_cast<std::uintptr_t>(&do_nothing)); }

void write_constant() { poke(reinterpret_cast<std::uintptr_t>(&constant_byte)); }

// The same bytes as the code's, through the direct map of RAM.
void write_code_alias() {
  const auto& boot = atl::boot_info();
  const auto offset = reinterpret_cast<std::uintptr_t>(&do_nothing) - boot.image_base.value();
  poke(atl::to_virtual(boot.image.start + offset).value());
}

void run_data() { reinterpret_cast<Code>(reinterpret_cast<std::uintptr_t>(&data_byte))(); }

void run_heap() {
  void* block = atl::default_allocator().allocate(64);
  reinterpret_cast<Code>(block)();
}

void run_stack() {
  volatile unsigned char code[16] = {};
  reinterpret_cast<Code>(reinterpret_cast<std::uintptr_t>(&code[0]))();
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
[[gnu::noinline]] int overflow_stack(int depth) {
  volatile char room[256];
  room[0] = static_cast<char>(depth);
  return overflow_stack(depth + 1) + room[0];
}
#pragma GCC diagnostic pop

[[gnu::noinline]] void smash(volatile char* buffer, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) buffer[i] = 'x';
}

[[gnu::noinline]] void smash_stack() {
  volatile char buffer[16];
  smash(buffer, 64);
}

// The address that the call would return to is not this function's.
[[noreturn, gnu::noinline]] void panic_at_its_end() { atl::panic("the test asked for it"); }

void undefined_instruction() { __builtin_trap(); }

}  // namespace

bool misdeed(std::string_view name) {
  if (name == "write-code")
    write_code();
  else if (name == "write-constant")
    write_constant();
  else if (name == "write-code-alias")
    write_code_alias();
  else if (name == "run-data")
    run_data();
  else if (name == "run-heap")
    run_heap();
  else if (name == "run-stack")
    run_stack();
  else if (name == "read-null")
    read_null();
  else if (name == "write-null")
    write_null();
  else if (name == "read-low-memory")
    read_low_memory();
  else if (name == "overflow-stack")
    static_cast<void>(overflow_stack(0));
  else if (name == "smash-stack")
    smash_stack();
  else if (name == "undefined-instruction")
    undefined_instruction();
  else if (name == "panic")
    panic_at_its_end();
  else if (name == "assert")
    ATOLL_ASSERT(name.empty());
  else
    return false;
  return true;
}
