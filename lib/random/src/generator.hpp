// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/chacha20.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace atl::random {

/// Entropy a seed takes: the size of the key, in bits.
inline constexpr std::size_t kSeedBits = 256;

/// Overwrites secrets; the compiler cannot leave it out.
void wipe(std::span<std::uint32_t> words);

/// The generator's state, without lock and sources.
///
/// Input gathers in a pool and reaches the key only kSeedBits at a time. Both
/// pool and key move on by one ChaCha20 block, half of which becomes the new
/// value and half of which is handed on: what was handed on tells nothing about
/// the past or the future (D. J. Bernstein, "Fast-key-erasure random-number
/// generators", 2017).
class Generator {
 public:
  constexpr Generator() = default;

  /// `entropy_bits` beyond 8 per byte are not counted.
  void add(std::span<const std::byte> bytes, std::size_t entropy_bits);
  [[nodiscard]] bool seeded() const { return seeded_; }
  /// A key for one use, independent of all others; nothing before seeded().
  [[nodiscard]] std::optional<chacha20::Key> next_key();
  /// Takes 256 new bits from now on until seeded() is true again; the old state
  /// still counts as input.
  void forget();

 private:
  chacha20::Key key_{};
  chacha20::Key pool_{};
  std::size_t pool_bits_ = 0;
  bool seeded_ = false;
};

}  // namespace atl::random
