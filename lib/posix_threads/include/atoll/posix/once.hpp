// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/once.hpp>

namespace atl::posix {

/// POSIX.1-2017, XSH pthread_once(). All zero is one that has not run.
class Once {
 public:
  constexpr Once() = default;
  Once(const Once&) = delete;
  Once& operator=(const Once&) = delete;

  /// Returns when `function` has returned, whoever called it; another call gets its turn
  /// where a thread ends inside it. No cancellation point by itself. kInvalidArgument: was
  /// never initialised. By a thread.
  Result<void> call(void (*function)());

  /// The same in parts, for a caller whose function may be left by an exception: whether it
  /// is to call the function, and then to say how that ended. kInvalidArgument as above.
  Result<bool> begin();
  /// After begin() gave true: the next caller is to call the function, unless `is_done`.
  void end(bool is_done);

 private:
  atl::Once core_;
};

}  // namespace atl::posix
