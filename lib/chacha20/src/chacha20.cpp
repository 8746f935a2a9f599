// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/chacha20.hpp>
#include <bit>

namespace atl::chacha20 {
namespace {

/// RFC 8439 §2.1, on the words a, b, c, d of `state`.
void quarter_round(Block& state, unsigned a, unsigned b, unsigned c, unsigned d) {
  const auto step = [&state](unsigned sum, unsigned addend, unsigned mixed, int bits) {
    state[sum] += state[addend];
    state[mixed] = std::rotl(state[mixed] ^ state[sum], bits);
  };
  step(a, b, d, 16);
  step(c, d, b, 12);
  step(a, b, d, 8);
  step(c, d, b, 7);
}

}  // namespace

void block(const Key& key, std::uint32_t counter, const Nonce& nonce, Block& out) {
  // §2.3: the words of "expand 32-byte k", key, counter, nonce.
  const Block start{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, key[0], key[1],
                    key[2],     key[3],     key[4],     key[5],     key[6], key[7],
                    counter,    nonce[0],   nonce[1],   nonce[2]};
  out = start;
  for (int round = 0; round < 10; ++round) {
    // Columns, then diagonals.
    for (unsigned i = 0; i < 4; ++i) quarter_round(out, i, 4 + i, 8 + i, 12 + i);
    for (unsigned i = 0; i < 4; ++i) {
      quarter_round(out, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
    }
  }
  for (std::size_t i = 0; i < out.size(); ++i) out[i] += start[i];
}

}  // namespace atl::chacha20
