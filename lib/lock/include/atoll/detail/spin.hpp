// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>
#include <atomic>
#include <cstdint>
#include <type_traits>

namespace atl::detail {

/// One CPU: whoever holds a lock runs alone anyway.
struct NoSpin {
  void acquire() {}
  void release() {}
};

/// Several CPUs: tickets, so that each waits its turn. Wraps around after 2^32
/// tickets, which is harmless as only equality counts.
class TicketSpin {
 public:
  constexpr TicketSpin() = default;

  void acquire() {
    const std::uint32_t mine = next_.fetch_add(1, std::memory_order_relaxed);
    while (serving_.load(std::memory_order_acquire) != mine) arch::Cpu::relax();
  }
  void release() {
    // Only the holder writes it: no read-modify-write is needed.
    serving_.store(serving_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

 private:
  std::atomic<std::uint32_t> next_{0};
  std::atomic<std::uint32_t> serving_{0};
};

using Spin = std::conditional_t<(kMaxCpus > 1), TicketSpin, NoSpin>;

}  // namespace atl::detail
