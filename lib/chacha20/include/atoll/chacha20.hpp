// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// The ChaCha20 block function (RFC 8439 §2.3). Constant time: no branch and
/// no address depends on the key. Any context; about 1,500 instructions and
/// 200 bytes of stack a block.
namespace atl::chacha20 {

inline constexpr std::size_t kKeySize = 32;
inline constexpr std::size_t kBlockSize = 64;

/// Eight little-endian words.
using Key = std::array<std::uint32_t, 8>;
/// Three little-endian words.
using Nonce = std::array<std::uint32_t, 3>;
/// Sixteen little-endian words.
using Block = std::array<std::uint32_t, 16>;

/// Key stream block number `counter`. The key stream of one key and nonce must
/// be used once.
void block(const Key& key, std::uint32_t counter, const Nonce& nonce, Block& out);

}  // namespace atl::chacha20
