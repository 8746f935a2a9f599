// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <cstddef>
#include <span>

/// A ChaCha20 generator (fast key erasure) fed by whatever the machine offers.
///
/// It seeds itself at the first use, not at boot: from the CPU's instruction
/// (RDSEED, RDRAND, RNDR), the loader's seed, and, where both are not enough,
/// timing jitter. Drivers of entropy devices push with add_entropy(); one that can be
/// asked is an atoll/random_source.hpp.
namespace atl::random {

/// Fills `out`. kTryAgain before the generator is seeded: it never gives
/// predictable bytes. Any context but a non-maskable interrupt; never waits.
///
/// The first call may measure timing jitter for some milliseconds, unless it
/// comes from an interrupt handler, which then gets kTryAgain instead.
Result<void> fill(std::span<std::byte> out);

/// Mixes bytes in; `entropy_bits` of them (at most 8 per byte) count towards
/// being seeded, which takes 256. Once seeded, the generator takes new input
/// in when another 256 bits have come, so that nobody who knows its state can
/// follow it through small additions. Any context but a non-maskable interrupt.
void add_entropy(std::span<const std::byte> bytes, std::size_t entropy_bits);

/// Whether fill() succeeds without asking the sources.
[[nodiscard]] bool seeded();

/// Forgets the state's future and asks the sources again: after a clone or a
/// restore. What comes after it is unrelated in both copies; when the sources
/// have nothing, fill() gives kTryAgain until somebody adds entropy.
void reseed();

}  // namespace atl::random
