// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/panic.hpp>

#include <array>
#include <atoll/backtrace.hpp>
#include <atoll/boot_info.hpp>
#include <atoll/console.hpp>
#include <atoll/format.hpp>
#include <atoll/shutdown.hpp>
#include <atomic>
#include <utility>

namespace atl {
namespace {

/// Lines of a backtrace, and the call sites that one looks at.
constexpr std::size_t kMostLines = 64;
constexpr std::size_t kMostSites = 10'000;

/// How many panics have begun: the second may be the first one's own fault.
constinit std::atomic<unsigned> begun{0};
/// 1 + the index of the CPU that panics.
constinit std::atomic<std::uint32_t> panicking_cpu{0};

void emit(const char* line) {
  console::write("  ");
  console::write(line);
  console::write("\n");
}

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

/// `#0 image+0x1234 (0xffffffff80001234)`, which a host script turns into a
/// function and a line.
void emit_frame(std::size_t number, std::uint64_t address, bool interrupted = false) {
  std::array<char, 80> room;
  TextWriter line{room};
  const std::uint64_t base = boot_info().image_base.value();
  line.character('#').decimal(number);
  if (address >= base && address - base < boot_info().image.size) {
    line.text(" image+0x").hex(address - base);
  }
  line.text(" (0x").hex(address).character(')');
  emit(line.text(interrupted ? " interrupted" : "").c_str());
}

void emit_repeats(std::size_t count) {
  if (count == 0) return;
  std::array<char, 40> room;
  TextWriter line{room};
  emit(line.text("   and ").decimal(count).text(" times more").c_str());
}

/// The call sites from `frame_pointer` outwards, those of a recursion once.
void emit_backtrace(std::uintptr_t frame_pointer, std::size_t number) {
  arch::Backtrace backtrace{frame_pointer};
  std::uintptr_t last = 0;
  std::size_t repeats = 0;
  std::size_t lines = 0;
  for (std::size_t i = 0; i < kMostSites && lines < kMostLines; ++i, ++number) {
    const arch::CallSite site = backtrace.next();
    if (site.address != 0 && site.address == last) {
      ++repeats;
      continue;
    }
    emit_repeats(std::exchange(repeats, 0));
    if (site.address == 0) return;
    emit_frame(number, last = site.address, site.interrupted);
    ++lines;
  }
}

void emit_identity() {
  std::array<char, 128> room;
  TextWriter line{room};
  line.text("cpu ").decimal(arch::Cpu::cpu_local().index);
  line.text(", image base 0x").hex(boot_info().image_base.value());
  line.text(" build ").text(shutdown::build_id());
  emit(line.c_str());
}

}  // namespace

[[noreturn]] void panic(const char* message, const char* file, unsigned line) {
  begin(message);
  if (file != nullptr) {
    std::array<char, 160> room;
    TextWriter place{room};
    emit(place.text("at ").text(file).character(':').decimal(line).c_str());
  }
  emit_identity();
  emit_backtrace(arch::Cpu::frame_pointer(), 0);
  shutdown::crash();
}

[[noreturn]] void panic(const char* message, const arch::Trap& trap) {
  begin(message);
  std::array<char, 96> room;
  TextWriter line{room};
  emit(line.text("exception: ").text(trap.name).c_str());
  emit_identity();
  if (trap.frame != nullptr) arch::describe_registers(*trap.frame, emit);
  std::size_t number = 0;
  emit_frame(number++, trap.pc.value());
  // What was called made no frame yet.
  if (trap.caller != VirtAddr{}) emit_frame(number++, trap.caller.value());
  emit_backtrace(trap.frame_pointer, number);
  shutdown::crash();
}

[[noreturn]] void assertion_failed(const char* text) { panic(text, nullptr, 0); }

}  // namespace atl
