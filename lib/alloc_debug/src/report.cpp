// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "report.hpp"

#include <array>
#include <atoll/boot_info.hpp>
#include <atoll/console.hpp>
#include <atoll/format.hpp>
#include <atoll/panic.hpp>
#include <atoll/shutdown.hpp>

namespace atl::alloc_debug {
namespace {

class Line : public TextWriter {
 public:
  Line() : TextWriter(room_) {}
  ~Line() {
    console::write(view());
    console::write("\n");
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

 private:
  std::array<char, 144> room_;
};

/// As a panic writes them, so that `make symbolize` knows them.
void write_places(const char* what, const CallPlaces& places) {
  Line{}.text("  ").text(what);
  const std::uint64_t base = boot_info().image_base.value();
  std::size_t number = 0;
  for (const std::uintptr_t place : places) {
    if (place == 0) return;
    Line line;
    line.text("  #").decimal(number++);
    if (place >= base && place - base < boot_info().image.size)
      line.text(" image+0x").hex(place - base);
    line.text(" (0x").hex(place).character(')');
  }
}

const char* name_of(Misuse misuse) {
  switch (misuse) {
    case Misuse::kDoubleFree:
      return "a block is freed twice";
    case Misuse::kForeign:
      return "what is no block is freed";
    case Misuse::kInside:
      return "the inside of a block is freed";
    case Misuse::kOverflow:
      return "a block was written to beyond its end";
    case Misuse::kUnderflow:
      return "a block was written to before its start";
    case Misuse::kWriteAfterFree:
      return "a block was written to after it was freed";
  }
  return "";
}

TextWriter& describe(TextWriter& line, const DebugBlock& block) {
  return line.text("block 0x").hex(block.start()).text(" of ").decimal(block.size).text(" bytes");
}

}  // namespace

void report(Misuse misuse, std::uintptr_t address, const DebugBlock* block) {
  console::fresh_line();
  {
    Line line;
    line.text("alloc_debug: ").text(name_of(misuse)).text(": ");
    if (block != nullptr)
      describe(line, *block);
    else
      line.text("0x").hex(address);
    if (misuse == Misuse::kInside) line.text(", at 0x").hex(address);
  }
  if (block != nullptr) {
    write_places("allocated:", block->allocated);
    if (block->freed[0] != 0) write_places("freed:", block->freed);
  }
  panic(name_of(misuse));
}

void write_lost(const DebugBlock& block) {
  {
    Line line;
    describe(line.text("alloc_debug: lost: "), block);
  }
  write_places("allocated:", block.allocated);
}

void write_sum(std::size_t blocks, std::size_t bytes) {
  console::fresh_line();
  Line line;
  line.text("alloc_debug: ").decimal(blocks).text(" blocks lost, ").decimal(bytes);
  line.text(" bytes, in build ").text(shutdown::build_id());
}

}  // namespace atl::alloc_debug
