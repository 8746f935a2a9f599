// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "sched_fixture.hpp"

#include <set>
#include <string>
#include <vector>

// What every scheduler owes about threads (atoll/sched.hpp). A `must` each.
namespace atl {
namespace {

using sched::ThreadOptions;

void nothing(void*) {}

class SchedThreads : public SchedTest {};

TEST_F(SchedThreads, boot_makes_main_the_current_thread) {
  EXPECT_TRUE(sched::current().is_main());
  EXPECT_EQ(sched::current().id(), 1u);
  EXPECT_EQ(sched::current().name(), "main");
  EXPECT_EQ(sched::current().state(), sched::State::kRunning);
  EXPECT_TRUE(sched::may_wait());
}

TEST_F(SchedThreads, one_thread_scheduler_refuses_create) {
  if (!sched::Provider::kOneThread) GTEST_SKIP() << "this scheduler has many threads";
  EXPECT_EQ(sched::create({}, nothing, nullptr).error(), Errc::kNotSupported);
}

TEST_F(SchedThreads, create_refuses_bad_options) {
  EXPECT_EQ(sched::create({.priority = 32}, nothing, nullptr).error(), Errc::kInvalidArgument);
  EXPECT_EQ(sched::create({.affinity = 0}, nothing, nullptr).error(), Errc::kInvalidArgument);
  if (kMaxCpus < 64) {
    EXPECT_EQ(sched::create({.affinity = CpuMask{1} << kMaxCpus}, nothing, nullptr).error(),
              Errc::kInvalidArgument);
  }
}

TEST_F(SchedThreads, an_affinity_is_kept_and_needs_a_cpu) {
  Thread& self = sched::current();
  const CpuMask before = self.affinity();
  EXPECT_EQ(sched::set_affinity(self, 0).error(), Errc::kInvalidArgument);
  EXPECT_EQ(sched::set_affinity(self, ~sched::usable_cpus()).error(), Errc::kInvalidArgument);
  EXPECT_EQ(self.affinity(), before);
  EXPECT_EQ(sched::usable_cpus() & kBootCpu, kBootCpu);
  EXPECT_TRUE(sched::set_affinity(self, kEveryCpu).ok());
  EXPECT_EQ(self.affinity(), kEveryCpu);
  EXPECT_TRUE(sched::set_affinity(self, before).ok());
}

TEST_F(SchedThreads, entry_gets_its_argument_and_its_own_identity) {
  NEEDS_THREADS();
  Thread* seen = nullptr;
  Result<Thread*> thread = sched::create(
      {.name = "worker"},
      [](void* argument) { *static_cast<Thread**>(argument) = &sched::current(); }, &seen);
  ASSERT_TRUE(thread.ok());
  EXPECT_EQ(thread.value()->name(), "worker");
  EXPECT_FALSE(thread.value()->is_main());
  Thread* const made = thread.value();
  EXPECT_TRUE(sched::join(*made).ok());
  EXPECT_EQ(seen, made);
}

TEST_F(SchedThreads, name_is_copied_and_cut) {
  NEEDS_THREADS();
  std::string name = "a name that is too long for a thread";
  std::function<void()> body = [] {};
  Thread& thread = spawn(body, {.name = name});
  name.assign(name.size(), 'x');
  EXPECT_EQ(thread.name(), std::string_view("a name that is too long").substr(0, Thread::kMaxName));
  EXPECT_TRUE(sched::join(thread).ok());
}

TEST_F(SchedThreads, ids_are_never_used_again) {
  NEEDS_THREADS();
  std::set<std::uint32_t> ids{sched::current().id()};
  for (int i = 0; i < 20; ++i) {
    std::function<void()> body = [] {};
    Thread& thread = spawn(body);
    EXPECT_TRUE(ids.insert(thread.id()).second);
    EXPECT_TRUE(sched::join(thread).ok());
  }
}

TEST_F(SchedThreads, process_is_inherited_unless_given) {
  NEEDS_THREADS();
  auto* const ours = reinterpret_cast<Process*>(0x1000);
  auto* const other = reinterpret_cast<Process*>(0x2000);
  sched::current().process = ours;
  std::function<void()> body = [] {};
  Thread& inherits = spawn(body);
  Thread& given = spawn(body, {.process = other});
  EXPECT_EQ(inherits.process, ours);
  EXPECT_EQ(given.process, other);
  EXPECT_TRUE(sched::join(inherits).ok());
  EXPECT_TRUE(sched::join(given).ok());
  sched::current().process = nullptr;
}

TEST_F(SchedThreads, thread_starts_with_its_creators_interrupt_state) {
  NEEDS_THREADS();
  bool enabled = false;
  std::function<void()> body = [&] { enabled = arch::Cpu::interrupts_enabled(); };
  EXPECT_TRUE(sched::join(spawn(body)).ok());
  EXPECT_TRUE(enabled);

  const auto state = arch::Cpu::disable_interrupts();
  Thread& masked = spawn(body);
  arch::Cpu::restore_interrupts(state);
  EXPECT_TRUE(sched::join(masked).ok());
  EXPECT_FALSE(enabled);
}

TEST_F(SchedThreads, out_of_memory_is_an_error_and_leaks_nothing) {
  NEEDS_THREADS();
  host::fail_allocations_after(0);
  EXPECT_EQ(sched::create({}, nothing, nullptr).error(), Errc::kNoMemory);
  host::fail_allocations_after(host::kNever);
  host::fail_stacks_after(0);
  EXPECT_EQ(sched::create({}, nothing, nullptr).error(), Errc::kNoMemory);
  host::fail_stacks_after(host::kNever);
  EXPECT_EQ(sched::create({.stack_bytes = ~std::size_t{0}}, nothing, nullptr).error(),
            Errc::kNoMemory);
}

TEST_F(SchedThreads, every_ready_thread_gets_its_turn) {
  NEEDS_THREADS();
  constexpr int kThreads = 5;
  int turns[kThreads] = {};
  std::vector<std::function<void()>> bodies;
  for (int& mine : turns) {
    bodies.emplace_back([&mine] {
      for (; mine < 10; ++mine) sched::yield();
    });
  }
  std::vector<Thread*> threads;
  for (auto& body : bodies) threads.push_back(&spawn(body));
  for (int i = 0; i < 5; ++i) sched::yield();
  for (const int turn : turns) EXPECT_GE(turn, 1) << "a ready thread starved";
  for (Thread* thread : threads) EXPECT_TRUE(sched::join(*thread).ok());
}

TEST_F(SchedThreads, exit_hooks_run_newest_first_in_the_thread) {
  NEEDS_THREADS();
  struct Hook : ExitHook {
    std::vector<int>* order;
    int number;
  };
  std::vector<int> order;
  Hook hooks[3];
  Thread* self = nullptr;
  std::function<void()> body = [&] {
    self = &sched::current();
    for (int i = 0; i < 3; ++i) {
      hooks[i].order = &order;
      hooks[i].number = i;
      hooks[i].run = [](ExitHook& hook, Thread& thread) {
        EXPECT_EQ(&thread, &sched::current());
        sched::yield();
        auto& mine = static_cast<Hook&>(hook);
        mine.order->push_back(mine.number);
      };
      sched::current().add_exit_hook(hooks[i]);
    }
    sched::exit();
  };
  EXPECT_TRUE(sched::join(spawn(body)).ok());
  EXPECT_EQ(order, (std::vector{2, 1, 0}));
}

TEST_F(SchedThreads, state_follows_what_a_thread_does) {
  NEEDS_THREADS();
  std::function<void()> body = [] {
    EXPECT_EQ(sched::current().state(), sched::State::kRunning);
    EXPECT_TRUE(sched::sleep_until(deadline::after(1_ms)).ok());
    EXPECT_EQ(sched::current().state(), sched::State::kRunning);
  };
  Thread& thread = spawn(body);
  EXPECT_EQ(thread.state(), sched::State::kReady);
  settle();
  EXPECT_EQ(thread.state(), sched::State::kWaiting);
  EXPECT_TRUE(sched::sleep_until(deadline::after(2_ms)).ok());
  EXPECT_EQ(sched::current().state(), sched::State::kRunning);
  EXPECT_EQ(thread.state(), sched::State::kExited);
  EXPECT_TRUE(sched::join(thread).ok());
}

TEST_F(SchedThreads, main_cannot_exit) { EXPECT_DEATH(sched::exit(), "is_main"); }

TEST_F(SchedThreads, for_each_visits_the_living) {
  std::vector<Thread*> seen;
  const auto visit = [](Thread& thread, void* context) {
    EXPECT_FALSE(arch::Cpu::interrupts_enabled());
    static_cast<std::vector<Thread*>*>(context)->push_back(&thread);
  };
  sched::for_each(visit, &seen);
  EXPECT_EQ(seen, (std::vector{main_}));
  if (sched::Provider::kOneThread) return;
  std::function<void()> body = [] {};
  Thread& thread = spawn(body);
  seen.clear();
  sched::for_each(visit, &seen);
  EXPECT_EQ(std::set<Thread*>(seen.begin(), seen.end()), (std::set<Thread*>{main_, &thread}));
  settle();
  seen.clear();
  sched::for_each(visit, &seen);
  EXPECT_EQ(seen, (std::vector{main_})) << "an exited thread was visited";
  EXPECT_TRUE(sched::join(thread).ok());
}

}  // namespace
}  // namespace atl
