// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/trap.hpp>

/// What the tests of exceptions count: those that a handler of theirs has taken.
inline constinit int handled = 0;

/// Counts exceptions of `kind` from 0 on, and resumes behind them, for its lifetime.
class Counted {
 public:
  explicit Counted(atl::arch::TrapKind kind)
      : kind_(kind), before_(atl::trap::set_handler(kind, count)) {
    handled = 0;
  }
  ~Counted() { atl::trap::set_handler(kind_, before_); }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  static bool count(const atl::arch::Trap&) {
    ++handled;
    return true;
  }

  atl::arch::TrapKind kind_;
  atl::trap::Handler before_;
};
