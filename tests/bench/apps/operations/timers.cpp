// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/alloc.hpp>
#include <atoll/assert.hpp>
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <new>

#include "operations.hpp"

namespace operations {
namespace {

using namespace atl;

// None of them expires while this runs.
constexpr Nanoseconds kFar = 1'000'000_s;

void nothing(Timer&) {}

}  // namespace

void arm_and_cancel(unsigned times, unsigned pending) {
  void* const room = default_allocator().allocate(pending * sizeof(Timer));
  ATOLL_ASSERT(room != nullptr);
  auto* const timers = static_cast<Timer*>(room);
  const Nanoseconds start = clock::now() + kFar;
  std::uint32_t random = 1;
  for (unsigned i = 0; i < pending; ++i) {
    random = random * 1664525u + 1013904223u;
    ATOLL_ASSERT(deadline::arm(*::new (timers + i) Timer{nothing}, start + Nanoseconds{random}));
  }
  Timer timer{nothing};
  for (; times > 0; --times) {
    random = random * 1664525u + 1013904223u;
    ATOLL_ASSERT(deadline::arm(timer, start + Nanoseconds{random}));
    deadline::cancel(timer);
  }
  for (unsigned i = 0; i < pending; ++i) deadline::cancel(timers[i]);
}

}  // namespace operations
