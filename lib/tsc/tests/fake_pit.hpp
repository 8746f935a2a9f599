// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>
#include <vector>

namespace atl::tsc::test {

/// An 8254 in a world whose time moves with every port access.
struct Pit {
  double counter_hz = 2.5e9;
  double seconds_per_access = 400e-9;
  bool present = true;
  bool stuck = false;  ///< answers, but does not count

  double now = 0;
  double started = 0;
  std::uint8_t gate = 0x31;
  std::uint16_t initial = 0;
  std::uint16_t latched = 0;
  int bytes_written = 0;
  int bytes_read = 0;
  std::uint64_t accesses = 0;

  std::uint8_t in(std::uint16_t port);
  void out(std::uint16_t port, std::uint8_t value);
  std::uint64_t counter() const { return static_cast<std::uint64_t>(now * counter_hz); }
};

struct PitIo {
  Pit* pit;

  template <typename T>
  T read(std::uint64_t port) const {
    return pit->in(static_cast<std::uint16_t>(port));
  }
  template <typename T>
  void write(std::uint64_t port, T value) const {
    pit->out(static_cast<std::uint16_t>(port), value);
  }
};

}  // namespace atl::tsc::test
