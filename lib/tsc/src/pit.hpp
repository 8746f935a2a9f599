// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <cstdint>

namespace atl::tsc {

/// Measures a counter against channel 2 of the 8254 (Intel 8254 data sheet;
/// port 61H as in the ICH9 data sheet §13.7.1): counts a second. It takes 10 ms.
/// kNoDevice where no timer counts.
///
/// `Io` reads and writes ports; `read_counter` is the counter in question.
template <typename Io, typename ReadCounter>
Result<std::uint64_t> measure_with_pit(const Io& io, ReadCounter read_counter) {
  constexpr std::uint64_t kHz = 1'193'182;
  constexpr std::uint16_t kSpan = kHz / 100;
  constexpr std::uint16_t kData = 0x42, kCommand = 0x43, kGate = 0x61;
  constexpr std::uint8_t kGateOn = 1, kSpeaker = 2;
  constexpr std::uint8_t kCountDown = 0xb0,
                         kLatch = 0x80;  // channel 2; low byte, then high; mode 0
  // Far more looks than one tick of 838 ns takes.
  constexpr int kPatience = 1'000;

  const auto elapsed = [&io] {
    io.template write<std::uint8_t>(kCommand, kLatch);
    const std::uint8_t low = io.template read<std::uint8_t>(kData);
    const std::uint8_t high = io.template read<std::uint8_t>(kData);
    return static_cast<std::uint16_t>(0xffff - (low | high << 8));
  };

  const std::uint8_t gate = io.template read<std::uint8_t>(kGate);
  io.template write<std::uint8_t>(kGate, static_cast<std::uint8_t>((gate & ~kSpeaker) | kGateOn));
  io.template write<std::uint8_t>(kCommand, kCountDown);
  io.template write<std::uint8_t>(kData, 0xff);
  io.template write<std::uint8_t>(kData, 0xff);

  std::uint16_t first = elapsed();
  std::uint64_t start = read_counter();
  std::uint16_t last = first;
  std::uint64_t end = start;
  bool started = false;
  for (int same = 0; same < kPatience && static_cast<std::uint16_t>(last - first) < kSpan;) {
    const std::uint16_t now = elapsed();
    const std::uint64_t reading = read_counter();
    if (now == last) {
      ++same;
      continue;
    }
    same = 0;
    // Both ends are taken where a tick begins.
    if (!started) {
      started = true;
      first = now;
      start = reading;
    }
    last = now;
    end = reading;
  }
  io.template write<std::uint8_t>(kGate, gate);
  const auto ticks = static_cast<std::uint16_t>(last - first);
  if (ticks < kSpan || end <= start) return fail(Errc::kNoDevice);
  return (end - start) * kHz / ticks;
}

}  // namespace atl::tsc
