// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "failure.hpp"

#include <atoll/arch/ports.hpp>
#include <atoll/arch/triple_fault.hpp>
#include <atoll/boot_pvh/entry.hpp>
#include <cstdint>

namespace atl::kvm_x86_64 {

namespace {

constexpr arch::Ports kSerial{0x3f8};
constexpr arch::Ports kKeyboard{0x60};

/// 16550 registers (National Semiconductor PC16550D, §8).
constexpr std::uint64_t kTransmit = 0;
constexpr std::uint64_t kLineStatus = 5;
constexpr std::uint8_t kTransmitEmpty = 1 << 5;
/// Far longer than a byte takes at 300 baud.
constexpr unsigned kMostPolls = 100'000;

void put(char c) {
  for (unsigned i = 0; i < kMostPolls; ++i) {
    if ((kSerial.read<std::uint8_t>(kLineStatus) & kTransmitEmpty) != 0) break;
  }
  kSerial.write<std::uint8_t>(kTransmit, static_cast<std::uint8_t>(c));
}

void write(const char* text) {
  while (*text != 0) put(*text++);
}

void put_hex_digit(unsigned digit) {
  put(static_cast<char>(digit < 10 ? '0' + digit : 'a' + (digit - 10)));
}

void write_build_id() {
  constexpr std::ptrdiff_t kNoteHeader = 16;  // sizes, type, "GNU"
  for (const std::byte* at = boot_pvh::__build_id_start + kNoteHeader;
       at < boot_pvh::__build_id_end; ++at) {
    put_hex_digit(std::to_integer<unsigned>(*at) >> 4);
    put_hex_digit(std::to_integer<unsigned>(*at) & 15);
  }
}

}  // namespace

void fail(const char* reason) {
  write("\r\natoll: cannot boot: ");
  write(reason);
  write("\r\natoll: panic ");
  write_build_id();
  write("\r\n");
  // The keyboard controller's reset line, where there is one.
  constexpr std::uint64_t kCommand = 4;
  constexpr std::uint8_t kPulseReset = 0xfe;
  kKeyboard.write<std::uint8_t>(kCommand, kPulseReset);
  arch::triple_fault();
}

}  // namespace atl::kvm_x86_64
