// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// The page by which Xen tells a domain of events and time: `struct shared_info`
/// (xen/include/public/xen.h). Written again because it holds an empty structure,
/// which has no size in C and one in C++; src/layout.c compares the two.
namespace atl::xen {

struct SharedCpu {
  std::uint8_t event_pending;  ///< set by Xen with the first bit of the words below
  std::uint8_t event_mask;     ///< of paravirtual guests only
  std::array<std::byte, 6> padding;
  std::uint64_t pending_words;  ///< which words of SharedPage::pending have news
#if defined(__x86_64__)
  std::array<std::byte, 16> architecture;
#endif
  std::array<std::byte, 32> time;  ///< pvclock::TimeInfo, x86_64
};

struct SharedPage {
#if defined(__x86_64__)
  static constexpr std::size_t kCpus = 32;
#else
  static constexpr std::size_t kCpus = 1;
#endif
  static constexpr std::size_t kWords = 64;

  std::array<SharedCpu, kCpus> cpus;
  std::array<std::uint64_t, kWords> pending;  ///< a bit for each port
  std::array<std::uint64_t, kWords> masked;
  std::uint32_t wall_version;  ///< odd while Xen writes what follows
  std::uint32_t wall_seconds;
  std::uint32_t wall_nanoseconds;
  std::uint32_t wall_seconds_high;
};

}  // namespace atl::xen
