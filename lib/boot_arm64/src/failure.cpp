// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "failure.hpp"

#include <array>
#include <atoll/arch.hpp>
#include <atoll/arch/exception_stack.hpp>
#include <atoll/boot_arm64/platform.hpp>
#include <atoll/format.hpp>
#include <atoll/pl011.hpp>

#include <atoll/boot_arm64/image.hpp>
#include "identity_map.hpp"

namespace atl::boot_arm64 {
namespace {

// An ELF note: sizes and type, then the name "GNU\0", then the identifier.
constexpr std::size_t kNoteHeader = 16;

void write(const char* text) {
  const std::uint64_t uart = failure_context.uart;
  if (uart == 0) return write_without_uart(text);
  Pl011<Mmio>{Mmio{VirtAddr{uart}}}.write(text);
}

[[noreturn]] void stop() {
  stop_failed(failure_context.conduit);
  arch::Cpu::halt();
}

// The UART is mapped when it is needed, which on most boots is never. Without
// it nothing can be said, and the machine is stopped all the same.
void begin() {
  const std::uint64_t uart = failure_context.uart;
  if (uart != 0 && !reach(PhysAddr{uart}, sizeof(std::uint32_t), arch::Memory::kDevice)) stop();
  write("atoll: cannot boot: ");
}

[[noreturn]] void write_record_and_stop() {
  write("atoll: panic ");
  for (const std::byte* at = __build_id_start + kNoteHeader; at < __build_id_end; ++at) {
    std::array<char, 3> room;
    write(TextWriter{room}.hex(std::to_integer<std::uint64_t>(*at), 2).c_str());
  }
  write("\r\n");
  stop();
}

void report_trap(const arch::TrapFrame& frame, const char* name) {
  // The report may trap, where no UART is; so may the call that ends the machine,
  // where no firmware is: nothing is left to do then.
  static constinit unsigned char traps = 0;
  if (traps == 2) arch::Cpu::halt();
  if (++traps == 2) stop();
  begin();
  write(name);
  write("\r\n");
  arch::describe_registers(frame, [](const char* line) {
    write(line);
    write("\r\n");
  });
  write_record_and_stop();
}

}  // namespace

constinit FailureContext failure_context{};

bool reach(PhysAddr start, std::uint64_t size, arch::Memory memory) {
  IdentityMap map{failure_context.identity_root, failure_context.identity_top,
                  failure_context.tables_bottom};
  const bool mapped = map.map(start.value(), (start + size).value(), memory);
  failure_context.identity_top = map.top();
  asm volatile("dsb ishst\n\tisb" ::: "memory");
  return mapped;
}

void fail(const char* reason) {
  begin();
  write(reason);
  write("\r\n");
  write_record_and_stop();
}

void catch_entry_traps() { arch::entry_trap = report_trap; }

}  // namespace atl::boot_arm64
