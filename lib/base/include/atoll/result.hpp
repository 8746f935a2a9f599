// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/errc.hpp>
#include <memory>
#include <type_traits>
#include <utility>

namespace atoll {

/// An error on its way out of a function that returns `Result<T>`.
struct [[nodiscard]] Error {
  Errc code;
};

/// Makes an error: `return fail(Errc::kNoMemory);`.
constexpr Error fail(Errc code) { return Error{code}; }

/// A `T`, or the reason why there is none. The environment's faults travel as
/// results; the programmer's are assertions.
///
/// Reading the value of an error, or the error of a value, is undefined:
/// ask `ok()` first, or use TRY.
template <typename T>
class [[nodiscard]] Result {
  static_assert(!std::is_reference_v<T>, "return a pointer or a wrapper");

 public:
  using Value = T;

  constexpr Result(Error error) : error_(error.code) {}  // NOLINT: implicit by intent
  constexpr Result(T value) : error_{} {                 // NOLINT: implicit by intent
    std::construct_at(&storage_.value, std::move(value));
  }
  constexpr Result(Result&& other) noexcept : error_(other.error_) {
    if (ok()) std::construct_at(&storage_.value, std::move(other.storage_.value));
  }
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;
  Result& operator=(Result&&) = delete;
  constexpr ~Result()
    requires std::is_trivially_destructible_v<T>
  = default;
  constexpr ~Result() {
    if (ok()) std::destroy_at(&storage_.value);
  }

  [[nodiscard]] constexpr bool ok() const { return error_ == Errc{}; }
  constexpr explicit operator bool() const { return ok(); }
  [[nodiscard]] constexpr Errc error() const { return error_; }
  [[nodiscard]] constexpr T& value() & { return storage_.value; }
  [[nodiscard]] constexpr const T& value() const& { return storage_.value; }
  [[nodiscard]] constexpr T&& value() && { return std::move(storage_.value); }
  [[nodiscard]] constexpr T value_or(T other) && {
    return ok() ? std::move(storage_.value) : std::move(other);
  }

 private:
  union Storage {
    constexpr Storage() : none{} {}
    constexpr ~Storage()
      requires std::is_trivially_destructible_v<T>
    = default;
    constexpr ~Storage() {}
    char none;
    T value;
  } storage_;
  Errc error_;
};

/// Success, or the reason why not.
template <>
class [[nodiscard]] Result<void> {
 public:
  using Value = void;

  constexpr Result() = default;
  constexpr Result(Error error) : error_(error.code) {}  // NOLINT: implicit by intent

  [[nodiscard]] constexpr bool ok() const { return error_ == Errc{}; }
  constexpr explicit operator bool() const { return ok(); }
  [[nodiscard]] constexpr Errc error() const { return error_; }
  constexpr void value() const {}

 private:
  Errc error_{};
};

}  // namespace atoll

/// `auto page = TRY(page_alloc::allocate(PageCount{1}));`: the value, or
/// return of the error from the enclosing function. A GNU statement
/// expression, as GCC and Clang both have it.
#define TRY(...)                                                     \
  ({                                                                 \
    auto atoll_try_result = (__VA_ARGS__);                           \
    if (!atoll_try_result.ok()) [[unlikely]]                         \
      return ::atoll::fail(atoll_try_result.error());                \
    std::move(atoll_try_result).value();                             \
  })
