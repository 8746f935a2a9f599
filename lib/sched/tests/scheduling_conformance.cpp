// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "sched_fixture.hpp"

// What every scheduler owes about how a thread is scheduled (atoll/sched.hpp). A `must`
// each.
namespace atl {
namespace {

using sched::Policy;
using sched::Scheduling;
using sched::ThreadOptions;

class SchedScheduling : public SchedTest {
 protected:
  void TearDown() override {
    EXPECT_TRUE(sched::set_scheduling(sched::current(), {}).ok());
    SchedTest::TearDown();
  }
};

TEST_F(SchedScheduling, main_has_the_default) {
  const Scheduling found = sched::scheduling(sched::current());
  EXPECT_EQ(found.policy, Policy::kNormal);
  EXPECT_EQ(found.priority, ThreadOptions::kDefaultPriority);
}

TEST_F(SchedScheduling, what_was_set_is_told) {
  ASSERT_TRUE(
      sched::set_scheduling(sched::current(), {.policy = Policy::kFifo, .priority = 20}).ok());
  const Scheduling found = sched::scheduling(sched::current());
  EXPECT_EQ(found.policy, Policy::kFifo);
  EXPECT_EQ(found.priority, 20);
  EXPECT_EQ(sched::current().priority(), 20);
}

TEST_F(SchedScheduling, a_priority_that_is_none_changes_nothing) {
  EXPECT_EQ(
      sched::set_scheduling(sched::current(), {.policy = Policy::kFifo, .priority = 32}).error(),
      Errc::kInvalidArgument);
  EXPECT_EQ(sched::scheduling(sched::current()).policy, Policy::kNormal);
}

TEST_F(SchedScheduling, deadlines_are_refused_where_there_are_none) {
  if (sched::AttributesContract<sched::Provider>) {
    GTEST_SKIP() << "this scheduler has attributes of its own";
  }
  const Scheduling wanted{.policy = Policy::kDeadline};
  EXPECT_EQ(sched::set_scheduling(sched::current(), wanted).error(), Errc::kNotSupported);
  NEEDS_THREADS();
  EXPECT_EQ(sched::create(
                {.scheduling = &wanted}, [](void*) {}, nullptr)
                .error(),
            Errc::kNotSupported);
}

TEST_F(SchedScheduling, a_thread_starts_with_what_create_is_told) {
  NEEDS_THREADS();
  std::function<void()> body = [] {};
  const Scheduling wanted{.policy = Policy::kRoundRobin, .priority = 9};
  Thread& thread = spawn(body, {.priority = 3, .scheduling = &wanted});
  const Scheduling found = sched::scheduling(thread);
  EXPECT_EQ(found.policy, Policy::kRoundRobin);
  EXPECT_EQ(found.priority, 9);
  EXPECT_TRUE(sched::join(thread).ok());
}

TEST_F(SchedScheduling, create_refuses_a_priority_that_is_none) {
  const Scheduling wanted{.priority = 32};
  EXPECT_EQ(sched::create(
                {.scheduling = &wanted}, [](void*) {}, nullptr)
                .error(),
            Errc::kInvalidArgument);
}

TEST_F(SchedScheduling, who_becomes_less_important_gives_way) {
  NEEDS_THREADS();
  if (!sched::Provider::kHasPriorities) GTEST_SKIP() << "this scheduler has no priorities";
  bool ran = false;
  std::function<void()> body = [&] { ran = true; };
  Thread& thread = spawn(body, {.priority = 10});
  EXPECT_FALSE(ran);
  EXPECT_TRUE(sched::set_scheduling(sched::current(), {.priority = 5}).ok());
  EXPECT_TRUE(ran);
  EXPECT_TRUE(sched::join(thread).ok());
}

TEST_F(SchedScheduling, a_new_name_is_cut) {
  std::string name = "another name that is too long";
  sched::current().set_name(name);
  EXPECT_EQ(sched::current().name(), name.substr(0, Thread::kMaxName));
  sched::current().set_name("main");
  EXPECT_EQ(sched::current().name(), "main");
}

}  // namespace
}  // namespace atl
