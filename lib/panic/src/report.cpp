// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "report.hpp"

#include <array>
#include <atoll/arch.hpp>
#include <atoll/boot_info.hpp>
#include <atoll/config/panic.hpp>
#include <atoll/console.hpp>
#include <atoll/shutdown.hpp>
#include <utility>

namespace atl::report {
namespace {

/// Lines of a backtrace, and the call sites that one looks at.
constexpr std::size_t kMostLines = 64;
constexpr std::size_t kMostSites = 10'000;
constexpr std::size_t kLineBytes = 144;

constexpr std::size_t kWordsPerLine = 4;

void append_place(TextWriter& line, std::uintptr_t address, bool is_return_address) {
  const std::uint64_t base = boot_info().image_base.value();
  const bool in_image = address >= base && address - base < boot_info().image.size;
  if (in_image) line.text(" image+0x").hex(address - base);
  line.text(" (0x").hex(address).character(')');
  if (in_image) append_name(line, address - base, is_return_address);
}

void emit_repeats(std::size_t count) {
  if (count == 0) return;
  std::array<char, 40> room;
  TextWriter line{room};
  emit(line.text("   and ").decimal(count).text(" times more").c_str());
}

}  // namespace

void emit(const char* line) {
  console::write("  ");
  console::write(line);
  console::write("\n");
}

void emit_identity() {
  std::array<char, kLineBytes> room;
  TextWriter line{room};
  line.text("cpu ").decimal(arch::Cpu::cpu_local().index);
  line.text(", image base 0x").hex(boot_info().image_base.value());
  emit(line.text(" build ").text(shutdown::build_id()).c_str());
}

void emit_frame(std::size_t number, arch::CallSite site) {
  std::array<char, kLineBytes> room;
  TextWriter line{room};
  append_place(line.character('#').decimal(number), site.address, !site.interrupted);
  emit(line.text(site.interrupted ? " interrupted" : "").c_str());
}

void emit_link(std::uintptr_t address) {
  std::array<char, kLineBytes> room;
  TextWriter line{room};
  append_place(line.text("lr"), address, true);
  emit(line.c_str());
}

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
    emit_frame(number, site);
    last = site.address;
    ++lines;
  }
}

void emit_stack(VirtAddr from) {
  constexpr std::size_t kLine = kWordsPerLine * sizeof(std::uint64_t);
  // No line crosses a page.
  VirtAddr at{from.value() & ~(kLine - 1)};
  for (std::size_t words = 0; words < config::panic::kStackWords; words += kWordsPerLine) {
    if (!arch::Cpu::readable(at)) return;
    std::array<char, kLineBytes> room;
    TextWriter line{room};
    line.text("stack ").hex(at.value(), 16).character(':');
    for (std::size_t i = 0; i < kWordsPerLine; ++i) {
      line.character(' ').hex(at.as<const volatile std::uint64_t>()[i], 16);
    }
    emit(line.c_str());
    at = at + kLine;
  }
}

}  // namespace atl::report
