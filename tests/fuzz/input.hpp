// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

/// An input in a block of just its size, so that a read behind it shows. Values
/// are taken from its front; what is left is text or bytes.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size)
      : block_(std::make_unique<std::byte[]>(size)), left_(block_.get(), size) {
    if (size != 0) std::memcpy(block_.get(), data, size);
  }

  /// The next value; its bytes are 0 from the input's end on.
  template <typename T>
  T take() {
    T value{};
    const std::size_t size = left_.size() < sizeof value ? left_.size() : sizeof value;
    if (size != 0) std::memcpy(&value, left_.data(), size);
    left_ = left_.subspan(size);
    return value;
  }

  [[nodiscard]] bool empty() const { return left_.empty(); }
  [[nodiscard]] std::span<std::byte> bytes() const { return left_; }
  [[nodiscard]] std::string_view text() const {
    return {reinterpret_cast<const char*>(left_.data()), left_.size()};
  }

 private:
  std::unique_ptr<std::byte[]> block_;
  std::span<std::byte> left_;
};
