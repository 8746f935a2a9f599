// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>
#include <span>

namespace atl::random_virtio {

/// Bits that a byte of a device counts for. The device says that all of them are entropy, and
/// only its word stands for it.
inline constexpr std::size_t kBitsPerByte = 4;

/// The repetition count test (NIST SP 800-90B §4.4.1) on bytes: a device that gives one value
/// again and again has failed.
class RepetitionTest {
 public:
  /// Whether no value stands in a row too often. What came before counts, too.
  bool accept(std::span<const std::byte> bytes) {
    bool good = true;
    for (const std::byte byte : bytes) {
      run_ = byte == last_ && run_ != 0 ? run_ + 1 : 1;
      last_ = byte;
      if (run_ >= kCutoff) good = false;
    }
    return good;
  }

 private:
  // 1 + 20 / kBitsPerByte: a good source fails once in 2^20 bytes at most.
  static constexpr std::size_t kCutoff = 1 + 20 / kBitsPerByte;

  std::byte last_{};
  std::size_t run_ = 0;
};

}  // namespace atl::random_virtio
