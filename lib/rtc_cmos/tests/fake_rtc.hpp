// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <cstdint>
#include <functional>

namespace atl::rtc_cmos::test {

/// The memory behind ports 70H and 71H.
struct Rtc {
  std::array<std::uint8_t, 128> memory{};
  std::uint8_t index = 0;
  std::uint64_t reads = 0;
  std::function<void(Rtc&)> before_read;

  void set(std::initializer_list<std::pair<std::uint8_t, std::uint8_t>> values) {
    for (const auto& [at, value] : values) memory.at(at) = value;
  }
};

struct RtcIo {
  Rtc* rtc;

  template <typename T>
  T read(std::uint64_t port) const;
  template <typename T>
  void write(std::uint64_t port, T value) const;
};

template <>
std::uint8_t RtcIo::read<std::uint8_t>(std::uint64_t port) const;
template <>
void RtcIo::write<std::uint8_t>(std::uint64_t port, std::uint8_t value) const;

}  // namespace atl::rtc_cmos::test
