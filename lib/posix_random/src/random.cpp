// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Linux man-pages getrandom(2), getentropy(3).

#include <atoll/libc.hpp>
#include <atoll/random.hpp>

namespace {

using atl::Errc;
using atl::libc::fail_with;

constexpr unsigned kKnownFlags = 1 | 2 | 4;  // GRND_NONBLOCK, GRND_RANDOM, GRND_INSECURE
constexpr std::size_t kMostEntropy = 256;
constexpr std::size_t kMostRandom = 0x1ffffff;  // what Linux gives at once

}  // namespace

extern "C" {

long getrandom(void* out, std::size_t count, unsigned flags) {
  if ((flags & ~kKnownFlags) != 0) return fail_with(Errc::kInvalidArgument);
  if (count > kMostRandom) count = kMostRandom;
  const auto done = atl::random::fill({static_cast<std::byte*>(out), count});
  return done.ok() ? static_cast<long>(count) : fail_with(done.error());
}

int getentropy(void* out, std::size_t count) {
  if (count > kMostEntropy) return fail_with(Errc::kInputOutput);
  const auto done = atl::random::fill({static_cast<std::byte*>(out), count});
  return done.ok() ? 0 : fail_with(Errc::kInputOutput);
}

}  // extern "C"
