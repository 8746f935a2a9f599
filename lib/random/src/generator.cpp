// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "generator.hpp"

namespace atl::random {
namespace {

// One nonce for each use of the block function, so that equal keys in different
// roles give different blocks.
constexpr chacha20::Nonce kAbsorb{1, 0, 0};
constexpr chacha20::Nonce kExtract{2, 0, 0};
constexpr chacha20::Nonce kAdvance{3, 0, 0};

/// Replaces `state` by one half of its block, and gives the other half.
chacha20::Key advance(chacha20::Key& state, const chacha20::Nonce& use) {
  chacha20::Block block;
  chacha20::block(state, 0, use, block);
  chacha20::Key handed_on;
  for (std::size_t i = 0; i < state.size(); ++i) {
    state[i] = block[i];
    handed_on[i] = block[i + state.size()];
  }
  wipe(block);
  return handed_on;
}

}  // namespace

void wipe(std::span<std::uint32_t> words) {
  volatile std::uint32_t* const first = words.data();
  for (std::size_t i = 0; i < words.size(); ++i) first[i] = 0;
}

void Generator::add(std::span<const std::byte> bytes, std::size_t entropy_bits) {
  // At most a seed's worth, which also keeps the sum from overflowing.
  std::size_t most = bytes.size() < chacha20::kKeySize ? bytes.size() * 8 : kSeedBits;
  if (entropy_bits < most) most = entropy_bits;

  while (!bytes.empty()) {
    const std::size_t size = bytes.size() < chacha20::kKeySize ? bytes.size() : chacha20::kKeySize;
    for (std::size_t i = 0; i < size; ++i) {
      pool_[i / 4] ^= static_cast<std::uint32_t>(bytes[i]) << (i % 4 * 8);
    }
    // A one-way step between two chunks, or the second could undo the first.
    chacha20::Key unused = advance(pool_, kAbsorb);
    wipe(unused);
    bytes = bytes.subspan(size);
  }

  pool_bits_ += most;
  if (pool_bits_ < kSeedBits) return;
  pool_bits_ = 0;
  chacha20::Key seed = advance(pool_, kExtract);
  for (std::size_t i = 0; i < key_.size(); ++i) key_[i] ^= seed[i];
  wipe(seed);
  chacha20::Key unused = advance(key_, kAdvance);
  wipe(unused);
  seeded_ = true;
}

std::optional<chacha20::Key> Generator::next_key() {
  if (!seeded_) return std::nullopt;
  return advance(key_, kAdvance);
}

void Generator::forget() {
  seeded_ = false;
  pool_bits_ = 0;
}

}  // namespace atl::random
