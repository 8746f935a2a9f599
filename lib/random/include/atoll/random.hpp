// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <cstddef>
#include <span>

/// A ChaCha20 generator (fast key erasure) fed by whatever the machine offers.
namespace atoll::random {

/// Fills `out`. kTryAgain before the generator is seeded: it never gives
/// predictable bytes. Any context but a non-maskable interrupt.
Result<void> fill(std::span<std::byte> out);

/// Mixes bytes in; `entropy_bits` of them (at most 8 per byte) count towards
/// being seeded, which takes 256.
void add_entropy(std::span<const std::byte> bytes, std::size_t entropy_bits);

[[nodiscard]] bool seeded();

/// Forgets the state's future and asks the sources again: after a clone or a
/// restore.
void reseed();

}  // namespace atoll::random
