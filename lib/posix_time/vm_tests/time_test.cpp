// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include <atoll/errc.hpp>
#include <atoll/libc_types.hpp>
#include <atoll/vm_test.hpp>
#include <cstdint>

extern "C" {
int* __errno();
int clock_gettime(int clock, atl::libc::Timespec* out);
int clock_getres(int clock, atl::libc::Timespec* out);
int clock_settime(int clock, const atl::libc::Timespec* time);
int gettimeofday(atl::libc::Timeval* out, void* unused);
int settimeofday(const atl::libc::Timeval* time, const void* unused);
long time(long* out);
long clock();
long times(atl::libc::Times* out);
int timespec_get(atl::libc::Timespec* out, int base);
}

namespace posix_time_test {

using namespace atl::libc;
using atl::Errc;

Errc error_of(int result) { return result < 0 ? Errc{*__errno()} : Errc{}; }

VM_TEST(PosixTime, of_the_bases_there_is_utc) {
  Timespec before{};
  Timespec now{};
  VM_ASSERT(clock_gettime(kRealtime, &before) == 0);
  VM_EXPECT_EQ(timespec_get(&now, 1), 1);
  VM_EXPECT(now.seconds > before.seconds ||
            (now.seconds == before.seconds && now.nanoseconds >= before.nanoseconds));
  VM_EXPECT_EQ(timespec_get(&now, 0), 0);
  VM_EXPECT_EQ(timespec_get(&now, 2), 0);
}

VM_TEST(PosixTime, monotonic_clocks_never_go_back) {
  for (const int id :
       {+kMonotonic, +kMonotonicRaw, +kMonotonicCoarse, +kBootTime, +kProcessCpuTime}) {
    Timespec last{};
    for (int i = 0; i < 100; ++i) {
      Timespec now{};
      VM_ASSERT(clock_gettime(id, &now) == 0);
      VM_EXPECT(now.nanoseconds >= 0 && now.nanoseconds < 1'000'000'000);
      VM_EXPECT(now.seconds > last.seconds ||
                (now.seconds == last.seconds && now.nanoseconds >= last.nanoseconds));
      last = now;
    }
  }
  VM_EXPECT_GE(clock(), 0);
}

VM_TEST(PosixTime, all_time_is_the_program_s) {
  const long before = clock();
  Times spent{-1, -1, -1, -1};
  const long now = times(&spent);
  VM_EXPECT(before <= now && now <= clock());
  VM_EXPECT_EQ(spent.user, now);
  VM_EXPECT_EQ(spent.system + spent.children_user + spent.children_system, 0);
}

VM_TEST(PosixTime, clocks_that_are_not) {
  Timespec out{1, 1};
  for (const int id : {-1, +kThreadCpuTime, 99, INT32_MAX, INT32_MIN}) {
    VM_EXPECT_EQ(error_of(clock_gettime(id, &out)), Errc::kInvalidArgument);
    VM_EXPECT_EQ(error_of(clock_getres(id, &out)), Errc::kInvalidArgument);
  }
  VM_EXPECT_EQ(out.seconds, 1);
  VM_EXPECT_EQ(clock_getres(kMonotonic, nullptr), 0);
  VM_EXPECT_EQ(clock_getres(kRealtime, &out), 0);
  VM_EXPECT(out.seconds == 0 && out.nanoseconds > 0);
}

VM_TEST(PosixTime, realtime_can_be_set) {
  const Timespec wanted{1'000'000'000, 999'999'999};
  VM_EXPECT_EQ(error_of(clock_settime(kMonotonic, &wanted)), Errc::kInvalidArgument);
  VM_ASSERT(clock_settime(kRealtime, &wanted) == 0);
  Timespec now{};
  VM_EXPECT_EQ(clock_gettime(kRealtime, &now), 0);
  VM_EXPECT(now.seconds >= 1'000'000'000 && now.seconds < 1'000'000'060);
  Timeval micro{};
  VM_EXPECT_EQ(gettimeofday(&micro, nullptr), 0);
  VM_EXPECT(micro.seconds >= now.seconds && micro.microseconds < 1'000'000);
  VM_EXPECT_GE(time(nullptr), now.seconds);
  const Timeval later{2'000'000'000, 5};
  VM_EXPECT_EQ(settimeofday(&later, nullptr), 0);
  VM_EXPECT_GE(time(nullptr), 2'000'000'000);
}

VM_TEST(PosixTime, dates_that_are_not) {
  for (const Timespec bad : {Timespec{-1, 0}, Timespec{0, -1}, Timespec{0, 1'000'000'000},
                             Timespec{INT64_MAX, 0}, Timespec{18'446'744'073, 999'999'999}}) {
    VM_EXPECT_EQ(error_of(clock_settime(kRealtime, &bad)), Errc::kInvalidArgument);
  }
  for (const Timeval bad : {Timeval{0, -1}, Timeval{0, 1'000'000}, Timeval{-1, 0},
                            Timeval{0, INT64_MAX}, Timeval{INT64_MIN, 0}}) {
    VM_EXPECT_EQ(error_of(settimeofday(&bad, nullptr)), Errc::kInvalidArgument);
  }
}

}  // namespace posix_time_test
