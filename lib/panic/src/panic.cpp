// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/panic.hpp>

#include <array>
#include <atoll/console.hpp>
#include <atoll/shutdown.hpp>
#include <atomic>

#include "report.hpp"

namespace atl {
namespace {

/// How many panics have begun: the second may be the first one's own fault.
constinit std::atomic<unsigned> begun{0};
/// 1 + the index of the CPU that panics.
constinit std::atomic<std::uint32_t> panicking_cpu{0};

/// Makes sure that one CPU reports, once. Returns on that CPU for its first
/// panic; ends the image for a panic inside it, which a broken console can repeat
/// once more, and halts any other CPU.
void begin(const char* message) {
  static_cast<void>(arch::Cpu::disable_interrupts());
  const std::uint32_t cpu = arch::Cpu::cpu_local().index;
  std::uint32_t nobody = 0;
  if (!panicking_cpu.compare_exchange_strong(nobody, cpu + 1) && nobody != cpu + 1) {
    for (;;) arch::Cpu::halt();
  }
  const unsigned earlier = begun.fetch_add(1);
  if constexpr (kMaxCpus > 1) {
    if (earlier == 0) shutdown::stop_other_cpus();
  }
  if (earlier > 1) {
    power::crash();
    for (;;) arch::Cpu::halt();
  }
  console::break_locks();
  console::fresh_line();
  console::write(earlier == 0 ? "panic: " : "panic inside a panic: ");
  console::write(message);
  console::write("\n");
  if (earlier == 1) shutdown::crash();
}

}  // namespace

[[noreturn]] void panic(const char* message, const char* file, unsigned line) {
  begin(message);
  if (file != nullptr) {
    std::array<char, 160> room;
    TextWriter place{room};
    report::emit(place.text("at ").text(file).character(':').decimal(line).c_str());
  }
  report::emit_identity();
  const std::uintptr_t frame_pointer = arch::Cpu::frame_pointer();
  report::emit_backtrace(frame_pointer, 0);
  report::emit_stack(VirtAddr{frame_pointer});
  shutdown::crash();
}

[[noreturn]] void panic(const char* message, const arch::Trap& trap) {
  begin(message);
  std::array<char, 96> room;
  TextWriter line{room};
  report::emit(line.text("exception: ").text(trap.name).c_str());
  report::emit_identity();
  if (trap.frame != nullptr) arch::describe_registers(*trap.frame, report::emit);
  std::size_t number = 0;
  report::emit_frame(number++, {trap.pc.value(), true});
  // What was called, or has called nothing yet, has no frame record.
  if (trap.caller != VirtAddr{}) {
    report::emit_frame(number++, {trap.caller.value(), false});
  } else if (trap.link != VirtAddr{}) {
    report::emit_link(trap.link.value());
  }
  report::emit_backtrace(trap.frame_pointer, number);
  report::emit_stack(trap.sp);
  shutdown::crash();
}

[[noreturn]] void assertion_failed(const char* text) { panic(text, nullptr, 0); }

}  // namespace atl
