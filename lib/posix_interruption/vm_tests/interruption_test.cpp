// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include <atoll/posix/interruption.hpp>
#include <atoll/vm_test.hpp>

namespace posix_interruption_test {

using namespace atl;

// As in an image without signals, whatever this one holds.
class Without {
 public:
  Without() : before_(posix::interruption_actions()) { posix::interruption_actions() = {}; }
  ~Without() {
    posix::interruption_actions() = before_;
    static_cast<void>(sched::take_interruptions());
  }

 private:
  posix::InterruptionActions before_;
};

VM_TEST(PosixInterruption, without_actions_every_one_is_an_error) {
  const Without actions;
  for (const Interruptions reason :
       {Interruptions::kSignal, Interruptions::kCancellation, Interruptions::kStop}) {
    sched::interrupt(sched::current(), reason);
    posix::cancellation_point();
    VM_EXPECT_EQ(posix::interrupted(), posix::Acted::kFail);
    static_cast<void>(sched::take_interruptions());
  }
}

VM_TEST(PosixInterruption, nothing_pending_begins_anew) {
  const Without actions;
  VM_EXPECT_EQ(posix::interrupted(), posix::Acted::kNothing);
}

VM_TEST(PosixInterruption, a_stop_request_is_told_once) {
  const Without actions;
  sched::interrupt(sched::current(), Interruptions::kStop);
  VM_EXPECT_EQ(posix::interrupted(), posix::Acted::kFail);
  VM_EXPECT_EQ(posix::interrupted(), posix::Acted::kNothing);
}

bool delivered = false;

VM_TEST(PosixInterruption, handlers_decide) {
  const Without actions;
  VM_EXPECT_EQ(posix::handled_meanwhile(), Interruptions::kNone);
  posix::interruption_actions().deliver = [] {
    delivered = true;
    static_cast<void>(sched::take_interruptions(Interruptions::kSignal));
    return posix::Acted::kRestart;
  };
  VM_EXPECT_EQ(posix::handled_meanwhile(), Interruptions::kSignal);
  posix::run_handlers();
  VM_EXPECT(!delivered);
  sched::interrupt(sched::current(), Interruptions::kSignal);
  VM_EXPECT_EQ(posix::interrupted(), posix::Acted::kRestart);
  VM_EXPECT(delivered);
  delivered = false;
  sched::interrupt(sched::current(), Interruptions::kSignal);
  posix::run_handlers();
  VM_EXPECT(delivered);
  delivered = false;
}

}  // namespace posix_interruption_test
