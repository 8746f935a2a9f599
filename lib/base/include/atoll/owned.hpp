// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>
#include <utility>

namespace atl {

/// The only owner of a T, or of nothing; ends it when it goes. How a T is
/// given back is its own matter, so that nobody has to remember an allocator:
/// T has `static void destroy(T&)`.
template <typename T>
class [[nodiscard]] Owned {
 public:
  constexpr Owned() = default;
  constexpr Owned(std::nullptr_t) {}  // NOLINT: implicit by intent
  /// Takes over `object`, which nobody else owns.
  constexpr explicit Owned(T* object) : object_(object) {}
  constexpr Owned(Owned&& other) noexcept : object_(other.release()) {}
  Owned& operator=(Owned&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() { reset(); }

  [[nodiscard]] constexpr T* get() const { return object_; }
  constexpr T* operator->() const { return object_; }
  constexpr T& operator*() const { return *object_; }
  constexpr explicit operator bool() const { return object_ != nullptr; }

  /// Gives the object and the duty to end it to the caller.
  [[nodiscard]] constexpr T* release() { return std::exchange(object_, nullptr); }

  /// Ends the object owned so far and takes over `object`.
  void reset(T* object = nullptr) {
    T* const old = std::exchange(object_, object);
    if (old != nullptr) T::destroy(*old);
  }

 private:
  T* object_ = nullptr;
};

}  // namespace atl
