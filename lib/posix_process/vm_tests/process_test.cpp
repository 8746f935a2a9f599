// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/process.hpp>
#include <atoll/vm_test.hpp>

extern "C" {
int getpid();
int getppid();
int getpgid(int process);
int setpgid(int process, int group);
int setsid();
int* __errno();
}

namespace posix_process_test {

using namespace atl;

constexpr int kNotPermitted = 1;
constexpr int kNoSuchProcess = 3;

VM_TEST(PosixProcess, is_the_first_of_a_system) {
  VM_EXPECT_EQ(getpid(), 1);
  VM_EXPECT_EQ(getppid(), 0);
  VM_EXPECT_EQ(getpgid(0), 1);
  VM_EXPECT_EQ(getpgid(1), 1);
}

VM_TEST(PosixProcess, knows_no_other) {
  VM_EXPECT_EQ(getpgid(2), -1);
  VM_EXPECT_EQ(*__errno(), kNoSuchProcess);
  VM_EXPECT_EQ(setpgid(2, 0), -1);
  VM_EXPECT_EQ(*__errno(), kNoSuchProcess);
  VM_EXPECT_EQ(setsid(), -1);
  VM_EXPECT_EQ(*__errno(), kNotPermitted);
}

Process* seen = nullptr;

VM_TEST(PosixProcess, is_that_of_its_threads) {
  if constexpr (sched::Provider::kOneThread) return;
  seen = nullptr;
  const auto thread = sched::create(
      {}, [](void*) { seen = &Process::current(); }, nullptr);
  VM_ASSERT(thread.ok());
  VM_EXPECT(sched::join(*thread.value()).ok());
  VM_EXPECT(seen == &Process::current());
}

}  // namespace posix_process_test
