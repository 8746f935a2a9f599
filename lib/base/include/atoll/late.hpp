// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/assert.hpp>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace atl {

/// Static room for one T that is made at a boot step and lives as long as the
/// image: `constinit Late<Driver> driver;` then `driver.create(...)`. Never
/// destroyed, so it needs neither a static constructor nor an exit handler.
template <typename T>
class Late {
 public:
  constexpr Late() = default;
  Late(const Late&) = delete;
  Late& operator=(const Late&) = delete;

  /// Makes the object; once.
  template <typename... Arguments>
  T& create(Arguments&&... arguments) {
    ATOLL_ASSERT(!created_);
    created_ = true;
    return *::new (static_cast<void*>(room_)) T(std::forward<Arguments>(arguments)...);
  }

  [[nodiscard]] bool created() const { return created_; }
  /// The object, which exists.
  [[nodiscard]] T& get() { return *std::launder(reinterpret_cast<T*>(room_)); }
  [[nodiscard]] T* operator->() { return &get(); }
  [[nodiscard]] T& operator*() { return get(); }

 private:
  alignas(T) std::byte room_[sizeof(T)] = {};
  bool created_ = false;
};

}  // namespace atl
