// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/assert.hpp>
#include <atoll/format.hpp>

#include "internals.hpp"
#include "owners.hpp"

namespace atl::sched {
namespace {

// The wait of who has what `loan` waits for, if it can end only as `loan` can.
const Loan* next(const Loan& loan) {
  const Loan* const given = Internals::loans(*loan.to).given;
  return given != nullptr && given->to != nullptr && given->for_ever ? given : nullptr;
}

// There is no other circle to run in: who closed one has panicked.
bool is_circle(const Loan& loan) {
  for (const Loan* one = next(loan); one != nullptr; one = next(*one)) {
    if (one == &loan) return true;
  }
  return false;
}

void name(TextWriter& text, const Thread& thread) {
  text.character('"').text(thread.name()).text("\" (").decimal(thread.id()).character(')');
}

}  // namespace

void check_deadlock(const Loan& loan) {
  if (!loan.for_ever || !is_circle(loan)) return;
  std::array<char, 512> room;
  TextWriter text{room};
  text.text("deadlock: thread ");
  name(text, loan.from);
  const Loan* one = &loan;
  do {
    text.text(one == &loan ? " waits for the lock at 0x" : ", which waits for the lock at 0x");
    text.hex(reinterpret_cast<std::uintptr_t>(&one->queue)).text(" of ");
    name(text, *one->to);
    one = next(*one);
  } while (one != &loan);
  assertion_failed(text.c_str());
}

}  // namespace atl::sched
