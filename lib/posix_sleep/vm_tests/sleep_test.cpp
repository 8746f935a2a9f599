// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include <atoll/clock.hpp>
#include <atoll/errc.hpp>
#include <atoll/libc_types.hpp>
#include <atoll/sched.hpp>
#include <atoll/vm_test.hpp>

extern "C" {
int* __errno();
int nanosleep(const atl::libc::Timespec* request, atl::libc::Timespec* rest);
int clock_nanosleep(int clock, int flags, const atl::libc::Timespec* request,
                    atl::libc::Timespec* rest);
unsigned sleep(unsigned seconds);
int usleep(unsigned long microseconds);
}

namespace posix_sleep_test {

using namespace atl;
using namespace atl::libc;

constexpr std::int64_t kMillisecond = 1'000'000;

VM_TEST(PosixSleep, lasts_at_least_as_long_as_asked) {
  const Nanoseconds begin = clock::now();
  const Timespec request{0, 5 * kMillisecond};
  VM_EXPECT_EQ(nanosleep(&request, nullptr), 0);
  VM_EXPECT_GE((clock::now() - begin).count, 5'000'000u);
  VM_EXPECT_EQ(usleep(1'000), 0);
  VM_EXPECT_EQ(sleep(0), 0u);
}

VM_TEST(PosixSleep, until_a_moment_and_not_for_one_that_has_passed) {
  const Nanoseconds until = clock::now() + 5_ms;
  const Timespec moment{static_cast<std::int64_t>(until.count / 1'000'000'000),
                        static_cast<std::int64_t>(until.count % 1'000'000'000)};
  VM_EXPECT_EQ(clock_nanosleep(kMonotonic, kAbsoluteTime, &moment, nullptr), 0);
  VM_EXPECT_GE(clock::now().count, until.count);
  const Timespec past{0, 0};
  VM_EXPECT_EQ(clock_nanosleep(kRealtime, kAbsoluteTime, &past, nullptr), 0);
  VM_EXPECT_EQ(clock_nanosleep(kMonotonic, kAbsoluteTime, &past, nullptr), 0);
}

VM_TEST(PosixSleep, requests_that_are_not) {
  for (const Timespec bad : {Timespec{-1, 0}, Timespec{0, -1}, Timespec{0, 1'000'000'000},
                             Timespec{INT64_MIN, INT64_MAX}}) {
    VM_EXPECT_EQ(nanosleep(&bad, nullptr), -1);
    VM_EXPECT_EQ(Errc{*__errno()}, Errc::kInvalidArgument);
  }
  const Timespec request{0, 1};
  *__errno() = 0;
  VM_EXPECT_EQ(Errc{clock_nanosleep(kThreadCpuTime, 0, &request, nullptr)}, Errc::kInvalidArgument);
  VM_EXPECT_EQ(*__errno(), 0);
}

// An interruption that is pending breaks even the longest sleep at once.
VM_TEST(PosixSleep, an_interruption_tells_what_is_left) {
  const Timespec request{INT64_MAX, 999'999'999};
  Timespec rest{};
  // A stop request: a signal would have to be there where the image has signals.
  sched::interrupt(sched::current(), Interruptions::kStop);
  VM_EXPECT_EQ(nanosleep(&request, &rest), -1);
  VM_EXPECT_EQ(Errc{*__errno()}, Errc::kInterrupted);
  VM_EXPECT_GT(rest.seconds, 18'000'000'000);
  sched::interrupt(sched::current(), Interruptions::kStop);
  VM_EXPECT_EQ(sleep(1'000), 1'000u);
  static_cast<void>(sched::take_interruptions());
}

}  // namespace posix_sleep_test
