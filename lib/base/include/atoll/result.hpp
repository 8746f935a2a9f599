// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/errc.hpp>
#include <optional>  // construct_at, without all of <memory>
#include <type_traits>
#include <utility>

namespace atl {

/// An error on its way out of a function that returns `Result<T>`.
struct [[nodiscard]] Error {
  Errc code;
};

/// Makes an error: `return fail(Errc::kNoMemory);`.
constexpr Error fail(Errc code) { return Error{code}; }

namespace detail {

/// Room for a T and its error. What is trivial to copy stays so, and a small one then
/// travels in registers.
template <typename T, bool = std::is_trivially_copyable_v<T>>
struct ResultRoom {
  constexpr explicit ResultRoom(Errc code) : none{}, error(code) {}
  union {
    char none;
    T value;
  };
  Errc error;
};

template <typename T>
struct ResultRoom<T, false> {
  constexpr explicit ResultRoom(Errc code) : none{}, error(code) {}
  constexpr ResultRoom(ResultRoom&& other) noexcept : none{}, error(other.error) {
    if (error == Errc{}) std::construct_at(&value, std::move(other.value));
  }
  constexpr ~ResultRoom() {
    if (error == Errc{}) std::destroy_at(&value);
  }
  union {
    char none;
    T value;
  };
  Errc error;
};

}  // namespace detail

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

  constexpr Result(Error error) : room_(error.code) {}  // NOLINT: implicit by intent
  constexpr Result(T value) : room_(Errc{}) {           // NOLINT: implicit by intent
    std::construct_at(&room_.value, std::move(value));
  }
  constexpr Result(Result&& other) noexcept = default;
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;
  Result& operator=(Result&&) = delete;
  constexpr ~Result() = default;

  [[nodiscard]] constexpr bool ok() const { return room_.error == Errc{}; }
  constexpr explicit operator bool() const { return ok(); }
  [[nodiscard]] constexpr Errc error() const { return room_.error; }
  [[nodiscard]] constexpr T& value() & { return room_.value; }
  [[nodiscard]] constexpr const T& value() const& { return room_.value; }
  [[nodiscard]] constexpr T&& value() && { return std::move(room_.value); }
  [[nodiscard]] constexpr T value_or(T other) && {
    return ok() ? std::move(room_.value) : std::move(other);
  }

 private:
  detail::ResultRoom<T> room_;
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

}  // namespace atl

#define ATOLL_TRY_AS(name, ...)         \
  ({                                    \
    auto name = (__VA_ARGS__);          \
    if (!name.ok()) [[unlikely]]        \
      return ::atl::fail(name.error()); \
    std::move(name).value();            \
  })
#define ATOLL_TRY_JOIN(number, ...) ATOLL_TRY_AS(atoll_try_##number, __VA_ARGS__)
#define ATOLL_TRY_NUMBERED(number, ...) ATOLL_TRY_JOIN(number, __VA_ARGS__)

/// `auto page = TRY(page_alloc::allocate(PageCount{1}));`: the value, or
/// return of the error from the enclosing function. May stand inside another.
/// A GNU statement expression, as GCC and Clang both have it.
#define TRY(...) ATOLL_TRY_NUMBERED(__COUNTER__, __VA_ARGS__)
