// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/arch.hpp>
#include <atoll/arch/registers.hpp>
#include <atoll/format.hpp>
#include <cstddef>
#include <string_view>

namespace atl::arch {

namespace {

constexpr std::size_t kPerLine = 3;
constexpr std::size_t kNameWidth = 6;

/// The words of a TrapFrame in its order, kNameWidth characters each; blanks
/// where a word is not shown.
constexpr std::string_view kNames =
    "r15   r14   r13   r12   r11   r10   r9    r8    rbp   rdi   rsi   rdx   rcx   rbx   rax   "
    "vectorerror rip   cs    rflagsrsp   ss    ";

constexpr std::size_t kWords = sizeof(TrapFrame) / sizeof(std::uint64_t);
static_assert(kNames.size() == kWords * kNameWidth);

}  // namespace

void describe_registers(const TrapFrame& frame, void (*emit)(const char* line)) {
  std::array<char, 96> room;
  TextWriter line{room};
  const auto* words = reinterpret_cast<const std::uint64_t*>(&frame);
  for (std::size_t shown = 0; shown <= kWords; ++shown) {
    // rip and what belongs to it first, then the general registers downwards.
    const std::size_t i = kWords - 1 - shown;
    const bool is_cr2 = shown == kWords;
    line.text(is_cr2 ? "cr2   " : kNames.substr(i * kNameWidth, kNameWidth))
        .character(' ')
        .hex(is_cr2 ? read_cr2() : words[i], 16);
    if (shown % kPerLine == kPerLine - 1 || is_cr2) {
      emit(line.c_str());
      line.clear();
    } else {
      line.text("  ");
    }
  }
}

}  // namespace atl::arch
