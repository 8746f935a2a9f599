// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch/ports.hpp>
#include <atoll/arch/triple_fault.hpp>
#include <atoll/boot_pvh/entry.hpp>
#include <atoll/boot_pvh/failure.hpp>
#include <cstdint>

namespace atl::boot_pvh {

namespace {

constexpr arch::Ports kSerial{0x3f8};
/// xen/include/public/arch-x86/xen.h, XEN_HVM_DEBUGCONS_IOPORT; of Bochs, and so of
/// many emulators.
constexpr arch::Ports kDebugConsole{0xe9};

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
  kDebugConsole.write<std::uint8_t>(0, static_cast<std::uint8_t>(c));
  put_failure(c);
}

void write(const char* text) {
  while (*text != 0) put(*text++);
}

void put_hex_digit(unsigned digit) {
  put(static_cast<char>(digit < 10 ? '0' + digit : 'a' + (digit - 10)));
}

void write_build_id() {
  constexpr std::ptrdiff_t kNoteHeader = 16;  // sizes, type, "GNU"
  for (const std::byte* at = __build_id_start + kNoteHeader; at < __build_id_end; ++at) {
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
  stop_failed();
  arch::triple_fault();
}

}  // namespace atl::boot_pvh
