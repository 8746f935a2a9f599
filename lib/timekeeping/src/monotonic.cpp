// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/timekeeping.hpp>
#include <atomic>
#include <cstdint>

namespace atl::timekeeping {
namespace {

constinit std::atomic<std::uint64_t> latest{0};

}  // namespace

Nanoseconds never_back(Nanoseconds reading) {
  std::uint64_t seen = latest.load(std::memory_order_relaxed);
  while (reading.count > seen) {
    if (latest.compare_exchange_weak(seen, reading.count, std::memory_order_relaxed))
      return reading;
  }
  return {seen};
}

}  // namespace atl::timekeeping
