// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/alloc.hpp>
#include <atoll/assert.hpp>
#include <cstdint>
#include <string_view>

#include "operations.hpp"

namespace operations {
namespace {

using atl::Allocator;

// What a program asked of malloc: see trace/record.py.
constexpr std::string_view kTrace =
#include "trace/addr2line.inc"
    ;

struct Step {
  enum class What : std::uint16_t { kAllocate, kResize, kFree } what;
  std::uint16_t slot;
  std::uint32_t size;
};

constexpr std::size_t kSlots = 16'384;

class Reader {
 public:
  [[nodiscard]] bool at_end() {
    while (left_.starts_with('\n')) left_.remove_prefix(1);
    return left_.empty();
  }
  Step step() {
    const char what = next();
    const auto slot = static_cast<std::uint16_t>(number());
    if (what == 'F') return {Step::What::kFree, slot, 0};
    next();  // the comma
    return {what == 'A' ? Step::What::kAllocate : Step::What::kResize, slot, number()};
  }

 private:
  char next() {
    while (left_.front() == '\n') left_.remove_prefix(1);
    const char first = left_.front();
    left_.remove_prefix(1);
    return first;
  }
  std::uint32_t number() {
    std::uint32_t value = 0;
    while (!at_end() && left_.front() >= '0' && left_.front() != 'A' && left_.front() != 'F' &&
           left_.front() != 'R') {
      const char digit = next();
      value =
          value * 36 + static_cast<std::uint32_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    return value;
  }
  std::string_view left_ = kTrace;
};

void replay(Allocator& allocator, const Step* step, const Step* end, void** slots) {
  for (; step != end; ++step) {
    void*& block = slots[step->slot];
    switch (step->what) {
      case Step::What::kAllocate:
        block = allocator.allocate(step->size);
        break;
      case Step::What::kResize:
        block = allocator.resize(block, step->size);
        break;
      case Step::What::kFree:
        allocator.free(block);
        continue;
    }
    ATOLL_ASSERT(block != nullptr);
  }
}

}  // namespace

void replay_trace(unsigned times) {
  Allocator& allocator = atl::default_allocator();
  // Read before it is counted: each step takes at least three characters.
  void* const room = allocator.allocate(kTrace.size() / 2 * sizeof(Step));
  auto* const slots = static_cast<void**>(allocator.allocate(kSlots * sizeof(void*)));
  ATOLL_ASSERT(room != nullptr && slots != nullptr);
  Step* const steps = static_cast<Step*>(room);
  Step* end = steps;
  for (Reader reader; !reader.at_end(); ++end) {
    *end = reader.step();
    ATOLL_ASSERT(end->slot < kSlots);
  }
  // Passes of the whole: it frees all that it allocates.
  for (; times > 0; --times) replay(allocator, steps, end, slots);
  allocator.free(slots);
  allocator.free(room);
}

}  // namespace operations
