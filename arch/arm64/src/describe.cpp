// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/arch.hpp>
#include <atoll/format.hpp>

namespace atl::arch {
namespace {

constexpr std::size_t kRegistersPerLine = 3;

void add(TextWriter& line, std::string_view name, std::uint64_t value) {
  line.text(name).character(' ').hex(value, 16).character(' ');
}

}  // namespace

void describe_registers(const TrapFrame& frame, void (*emit)(const char* line)) {
  std::array<char, kRegistersPerLine * 24> room;
  TextWriter line{room};
  add(line, "pc ", frame.pc);
  add(line, "sp ", frame.sp);
  add(line, "psr", frame.pstate);
  emit(line.c_str());
  line.clear();
  add(line, "esr", frame.esr);
  add(line, "far", frame.far);
  for (std::size_t i = 0; i < frame.x.size(); ++i) {
    if (i % kRegistersPerLine == 0) {
      emit(line.c_str());
      line.clear();
    }
    line.character('x').decimal(i);
    add(line, i < 10 ? " " : "", frame.x[i]);
  }
  emit(line.c_str());
}

}  // namespace atl::arch
