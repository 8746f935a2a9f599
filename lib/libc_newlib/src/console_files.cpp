// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Descriptors 0, 1 and 2 on the console, for an image without the library of
// files: read(2), write(2), close(2), lseek(2), fstat(2), isatty(3), fcntl(2).

#include "abi.h"
#include "errors.hpp"

#include <atoll/arch.hpp>
#include <atoll/console.hpp>
#include <span>
#include <string_view>

namespace {

using atl::Errc;
using atl::libc::fail_with;
using atl::libc::fail_with_number;

constexpr unsigned kDescriptors = 3;
constinit unsigned open_descriptors = 0b111;

bool is_open(int fd) {
  return fd >= 0 && static_cast<unsigned>(fd) < kDescriptors &&
         (open_descriptors & (1U << fd)) != 0;
}

// Linux's device number of /dev/console: major 5, minor 1.
constexpr std::uint64_t kConsoleDevice = 5U << 8 | 1U;
constexpr int kConsoleBuffer = 1024;

}  // namespace

extern "C" {

long write(int fd, const void* bytes, std::size_t count) {
  if (!is_open(fd)) return fail_with(Errc::kBadDescriptor);
  atl::console::write({static_cast<const char*>(bytes), count});
  return static_cast<long>(count);
}

// Waits for the first byte. No interrupt announces it, so this asks again and
// again; the CPU is told that it spins.
long read(int fd, void* bytes, std::size_t count) {
  if (!is_open(fd)) return fail_with(Errc::kBadDescriptor);
  if (count == 0) return 0;
  std::size_t got = 0;
  while ((got = atl::console::read({static_cast<char*>(bytes), count})) == 0) {
    atl::arch::Cpu::relax();
  }
  return static_cast<long>(got);
}

int close(int fd) {
  if (!is_open(fd)) return fail_with(Errc::kBadDescriptor);
  open_descriptors &= ~(1U << fd);
  return 0;
}

long lseek(int fd, long, int) {
  if (!is_open(fd)) return fail_with(Errc::kBadDescriptor);
  return fail_with_number(kErrorIllegalSeek);
}

int fstat(int fd, AtollStat* out) {
  if (!is_open(fd)) return fail_with(Errc::kBadDescriptor);
  *out = {};
  out->mode = kModeCharacterDevice | 0620;
  out->links = 1;
  out->special_device = kConsoleDevice;
  out->block_size = kConsoleBuffer;
  return 0;
}

int isatty(int fd) {
  if (is_open(fd)) return 1;
  return fail_with(Errc::kBadDescriptor), 0;
}

// Enough for fdopen(3).
int fcntl(int fd, int command, ...) {
  if (!is_open(fd)) return fail_with(Errc::kBadDescriptor);
  if (command == kGetStatusFlags) return kStatusReadWrite;
  if (command == kGetDescriptorFlags || command == kSetDescriptorFlags) return 0;
  return fail_with(Errc::kInvalidArgument);
}

}  // extern "C"
