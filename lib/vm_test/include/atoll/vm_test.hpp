// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>
#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

/// Tests that run inside an image, written and reported like GoogleTest's.
///
///     VM_TEST(Suite, does_something) {
///       VM_ASSERT(pointer != nullptr);
///       VM_EXPECT_EQ(pointer->size, 4u);
///     }
///
/// The build finds the VM_TEST lines of every chosen library's VM_TESTS files
/// and generates the list; a test stands at file scope or in a named
/// namespace. Tests run one after another on the main thread.
namespace atl::vm_test {

struct Case {
  const char* suite;
  const char* name;
  void (*run)();
};

/// Runs what `vm_test.filter=` selects of generated::vm_test_cases() (patterns with
/// `*` and `?`, separated by colons; default everything) and reports on the
/// console. 0 when all passed and at least one ran, else 1.
int run_all();

/// Ends the current test as not applicable here; `reason` is printed.
#define VM_SKIP(reason)           \
  do {                            \
    ::atl::vm_test::skip(reason); \
    return;                       \
  } while (false)

void skip(const char* reason);

/// Whether the running test has failed so far.
[[nodiscard]] bool failed();

/// Runs `statement(argument)` on a stack of its own, with interrupts masked;
/// whether it raised an exception of `kind`, which ends it. Objects that it
/// made are not destroyed then. An exception of another kind panics.
bool traps(arch::TrapKind kind, void (*statement)(void*), void* argument);

/// A value as a failure shows it; what has no better form is "?".
struct Shown {
  enum class Kind : std::uint8_t { kSigned, kUnsigned, kBoolean, kPointer, kText, kOther };
  Kind kind = Kind::kOther;
  std::uint64_t number = 0;
  std::string_view text;
};

template <typename T>
Shown show(const T& value) {
  using Kind = Shown::Kind;
  if constexpr (std::is_null_pointer_v<T>) {
    return {Kind::kPointer, 0, {}};
  } else if constexpr (std::is_same_v<T, bool>) {
    return {Kind::kBoolean, value ? 1u : 0u, {}};
  } else if constexpr (std::is_enum_v<T>) {
    return show(static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (std::signed_integral<T>) {
    return {Kind::kSigned, static_cast<std::uint64_t>(value), {}};
  } else if constexpr (std::unsigned_integral<T>) {
    return {Kind::kUnsigned, value, {}};
  } else if constexpr (std::is_convertible_v<T, std::string_view>) {
    return {Kind::kText, 0, std::string_view{value}};
  } else if constexpr (std::is_pointer_v<T>) {
    return {Kind::kPointer, reinterpret_cast<std::uintptr_t>(value), {}};
  } else if constexpr (requires {
                         { value.count } -> std::convertible_to<std::uint64_t>;
                       }) {
    return {Kind::kUnsigned, static_cast<std::uint64_t>(value.count), {}};
  } else if constexpr (requires {
                         { value.value() } -> std::convertible_to<std::uint64_t>;
                       }) {
    return {Kind::kPointer, static_cast<std::uint64_t>(value.value()), {}};
  } else {
    return {};
  }
}

struct Place {
  const char* file;
  unsigned line;
};

/// Marks the current test as failed and prints why.
void fail(Place place, const char* expression);
void fail_comparison(Place place, const char* expression, const Shown& left, const Shown& right);

template <typename Left, typename Right>
constexpr bool equal(const Left& left, const Right& right) {
  if constexpr (std::signed_integral<Left> && std::unsigned_integral<Right>) {
    return left >= 0 && static_cast<std::make_unsigned_t<Left>>(left) == right;
  } else if constexpr (std::unsigned_integral<Left> && std::signed_integral<Right>) {
    return right >= 0 && static_cast<std::make_unsigned_t<Right>>(right) == left;
  } else {
    return left == right;
  }
}

template <typename Left, typename Right, typename Compare>
bool check(const Left& left, const Right& right, Compare compare, const char* expression,
           Place place) {
  if (compare(left, right)) [[likely]]
    return true;
  fail_comparison(place, expression, show(left), show(right));
  return false;
}

}  // namespace atl::vm_test

namespace atl::generated {
/// In build/<cell>/generated/vm_tests.cpp: the VM_TESTS of the chosen libraries.
std::span<const vm_test::Case* const> vm_test_cases();
}  // namespace atl::generated

/// Defines the test and the symbol atoll_vm_test_<suite>_<name> (of type `const
/// atl::vm_test::Case`, C linkage) that the generated list refers to.
#define VM_TEST(suite, name)                                              \
  static void atoll_vm_test_body_##suite##_##name();                      \
  extern "C" const ::atl::vm_test::Case atoll_vm_test_##suite##_##name;   \
  constinit const ::atl::vm_test::Case atoll_vm_test_##suite##_##name = { \
      #suite, #name, &atoll_vm_test_body_##suite##_##name};               \
  static void atoll_vm_test_body_##suite##_##name()

#define VM_TEST_HERE (::atl::vm_test::Place{__FILE_NAME__, __LINE__})

/// EXPECT goes on after a failure, ASSERT returns from the function it is in.
#define VM_EXPECT(...)                                   \
  (static_cast<bool>(__VA_ARGS__) ? static_cast<void>(0) \
                                  : ::atl::vm_test::fail(VM_TEST_HERE, #__VA_ARGS__))
#define VM_ASSERT(...)                                  \
  do {                                                  \
    if (!static_cast<bool>(__VA_ARGS__)) {              \
      ::atl::vm_test::fail(VM_TEST_HERE, #__VA_ARGS__); \
      return;                                           \
    }                                                   \
  } while (false)

/// `VM_EXPECT_TRAP(kPageFault, *pointer = 1);`: the statement raises an exception
/// of that arch::TrapKind. It sees the test's variables by reference.
#define VM_EXPECT_TRAP(kind, ...)                                                          \
  do {                                                                                     \
    auto atoll_statement = [&]() { __VA_ARGS__; };                                         \
    const bool atoll_trapped = ::atl::vm_test::traps(                                      \
        ::atl::arch::TrapKind::kind,                                                       \
        [](void* statement) { (*static_cast<decltype(atoll_statement)*>(statement))(); },  \
        &atoll_statement);                                                                 \
    if (!atoll_trapped) ::atl::vm_test::fail(VM_TEST_HERE, "no " #kind ": " #__VA_ARGS__); \
  } while (false)

#define VM_TEST_COMPARE(compare, text, left, right)                                             \
  ::atl::vm_test::check((left), (right),                                                        \
                        [](const auto& atoll_l, const auto& atoll_r) { return compare; }, text, \
                        VM_TEST_HERE)
#define VM_TEST_EQ(left, right) \
  VM_TEST_COMPARE(::atl::vm_test::equal(atoll_l, atoll_r), #left " == " #right, left, right)
#define VM_TEST_NE(left, right) \
  VM_TEST_COMPARE(!::atl::vm_test::equal(atoll_l, atoll_r), #left " != " #right, left, right)
#define VM_TEST_LT(left, right) VM_TEST_COMPARE(atoll_l < atoll_r, #left " < " #right, left, right)
#define VM_TEST_LE(left, right) \
  VM_TEST_COMPARE(atoll_l <= atoll_r, #left " <= " #right, left, right)
#define VM_TEST_GT(left, right) VM_TEST_COMPARE(atoll_l > atoll_r, #left " > " #right, left, right)
#define VM_TEST_GE(left, right) \
  VM_TEST_COMPARE(atoll_l >= atoll_r, #left " >= " #right, left, right)

#define VM_EXPECT_EQ(left, right) static_cast<void>(VM_TEST_EQ(left, right))
#define VM_EXPECT_NE(left, right) static_cast<void>(VM_TEST_NE(left, right))
#define VM_EXPECT_LT(left, right) static_cast<void>(VM_TEST_LT(left, right))
#define VM_EXPECT_LE(left, right) static_cast<void>(VM_TEST_LE(left, right))
#define VM_EXPECT_GT(left, right) static_cast<void>(VM_TEST_GT(left, right))
#define VM_EXPECT_GE(left, right) static_cast<void>(VM_TEST_GE(left, right))

#define VM_TEST_OR_RETURN(check) \
  do {                           \
    if (!(check)) return;        \
  } while (false)
#define VM_ASSERT_EQ(left, right) VM_TEST_OR_RETURN(VM_TEST_EQ(left, right))
#define VM_ASSERT_NE(left, right) VM_TEST_OR_RETURN(VM_TEST_NE(left, right))
#define VM_ASSERT_LT(left, right) VM_TEST_OR_RETURN(VM_TEST_LT(left, right))
#define VM_ASSERT_LE(left, right) VM_TEST_OR_RETURN(VM_TEST_LE(left, right))
#define VM_ASSERT_GT(left, right) VM_TEST_OR_RETURN(VM_TEST_GT(left, right))
#define VM_ASSERT_GE(left, right) VM_TEST_OR_RETURN(VM_TEST_GE(left, right))
