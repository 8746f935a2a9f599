// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

namespace atl {

/// Ends the image over a broken assertion; `text` names place and expression.
/// Declared here, below everything, and defined by lib/panic. Any context.
[[noreturn]] void assertion_failed(const char* text);

}  // namespace atl

#define ATOLL_ASSERT_TEXT(number) #number
#define ATOLL_ASSERT_LINE(number) ATOLL_ASSERT_TEXT(number)

/// The programmer's fault, checked in every build: panics with the place and
/// the expression. Errors of the environment are Results, not assertions.
///
/// The place is part of one string, so that an assertion costs a compare, a
/// jump and one address, and no relocation.
#define ATOLL_ASSERT(...)                                                                        \
  (static_cast<bool>(__VA_ARGS__) ? static_cast<void>(0)                                         \
                                  : ::atl::assertion_failed(__FILE_NAME__ ":" ATOLL_ASSERT_LINE( \
                                        __LINE__) ": assertion failed: " #__VA_ARGS__))
