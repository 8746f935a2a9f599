// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>
#include <cstdint>

/// What one may ask of a scheduler for a thread. A scheduler may keep it in its
/// ProviderThread: this header needs no other of `sched`.
namespace atl::sched {

/// By which rule a thread gets a CPU; the numbers of Linux (sched(7)). A scheduler that
/// knows no difference between two treats them alike.
enum class Policy : std::uint8_t {
  kNormal = 0,
  kFifo = 1,
  kRoundRobin = 2,
  kDeadline = 6,  ///< kNotSupported where the scheduler has no rule of that kind
};

/// What a scheduler may be told of a thread: pthread_setschedparam()'s and
/// sched_setattr()'s attributes.
struct Scheduling {
  Policy policy = Policy::kNormal;
  std::uint8_t priority = 16;
  Nanoseconds runtime{};   ///< of kDeadline: at most so much of each period
  Nanoseconds deadline{};  ///< of kDeadline: so long after a period's begin at the latest
  Nanoseconds period{};    ///< of kDeadline; 0: as `deadline`
};

}  // namespace atl::sched
