// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "../src/abi.h"

#include <atoll/errc.hpp>
#include <atoll/vm_test.hpp>
#include <cstdint>

extern "C" {
int* __errno();
long write(int fd, const void* bytes, std::size_t count);
long read(int fd, void* bytes, std::size_t count);
long lseek(int fd, long offset, int whence);
int fstat(int fd, AtollStat* out);
int isatty(int fd);
int close(int fd);
int fcntl(int fd, int command, ...);
int kill(int process, int signal);
int raise(int signal);
int getpid();
void (*signal(int number, void (*handler)(int)))(int);
}

namespace libc_files_test {

using atl::Errc;

constexpr int kBad[] = {-1, 3, 1000, INT32_MAX, INT32_MIN};

template <typename Call>
Errc error_of(Call call) {
  *__errno() = 0;
  return call() < 0 ? Errc{*__errno()} : Errc{};
}

VM_TEST(LibcFiles, descriptors_that_are_not_open) {
  AtollStat status;
  char byte = 0;
  for (const int fd : kBad) {
    VM_EXPECT_EQ(error_of([&] { return write(fd, "x", 1); }), Errc::kBadDescriptor);
    VM_EXPECT_EQ(error_of([&] { return read(fd, &byte, 1); }), Errc::kBadDescriptor);
    VM_EXPECT_EQ(error_of([&] { return lseek(fd, 0, 0); }), Errc::kBadDescriptor);
    VM_EXPECT_EQ(error_of([&] { return fstat(fd, &status); }), Errc::kBadDescriptor);
    VM_EXPECT_EQ(error_of([&] { return close(fd); }), Errc::kBadDescriptor);
    VM_EXPECT_EQ(error_of([&] { return fcntl(fd, kGetStatusFlags); }), Errc::kBadDescriptor);
    *__errno() = 0;
    VM_EXPECT_EQ(isatty(fd), 0);
    VM_EXPECT_EQ(Errc{*__errno()}, Errc::kBadDescriptor);
  }
}

VM_TEST(LibcFiles, the_console_is_a_terminal) {
  AtollStat status;
  for (int fd = 0; fd < 3; ++fd) {
    VM_EXPECT_EQ(isatty(fd), 1);
    VM_EXPECT_EQ(fstat(fd, &status), 0);
    VM_EXPECT_EQ(status.mode & 0170000u, static_cast<unsigned>(kModeCharacterDevice));
    VM_EXPECT_EQ(static_cast<int>(error_of([&] { return lseek(fd, 0, 0); })), +kErrorIllegalSeek);
  }
  VM_EXPECT_EQ(write(1, "", 0), 0);
  VM_EXPECT_EQ(read(0, &status, 0), 0);
  VM_EXPECT_EQ(fcntl(1, kGetStatusFlags), +kStatusReadWrite);
  VM_EXPECT_EQ(error_of([&] { return fcntl(1, 1234); }), Errc::kInvalidArgument);
}

VM_TEST(LibcFiles, closing_is_final) {
  char byte = 0;
  VM_EXPECT_EQ(close(0), 0);
  VM_EXPECT_EQ(error_of([&] { return close(0); }), Errc::kBadDescriptor);
  VM_EXPECT_EQ(error_of([&] { return read(0, &byte, 1); }), Errc::kBadDescriptor);
  VM_EXPECT_EQ(isatty(1), 1);
}

int handled = 0;

VM_TEST(LibcSignals, a_handler_runs_once) {
  constexpr int kSignalUser = 10;
  signal(kSignalUser, [](int number) { handled = number; });
  VM_EXPECT_EQ(raise(kSignalUser), 0);
  VM_EXPECT_EQ(handled, kSignalUser);
  handled = 0;
  signal(kSignalUser, [](int number) { handled = number; });
  VM_EXPECT_EQ(kill(getpid(), kSignalUser), 0);
  VM_EXPECT_EQ(handled, kSignalUser);
}

VM_TEST(LibcSignals, what_kill_refuses) {
  VM_EXPECT_EQ(error_of([] { return kill(getpid(), -1); }), Errc::kInvalidArgument);
  VM_EXPECT_EQ(error_of([] { return kill(getpid(), kSignals); }), Errc::kInvalidArgument);
  VM_EXPECT_EQ(static_cast<int>(error_of([] { return kill(4711, 0); })), +kErrorNoProcess);
  VM_EXPECT_EQ(kill(getpid(), 0), 0);
}

VM_TEST(LibcSignals, what_is_ignored_by_default) {
  for (const int number : {+kSignalChild, +kSignalContinue, +kSignalUrgent, +kSignalWindow}) {
    VM_EXPECT_EQ(raise(number), 0);
  }
}

}  // namespace libc_files_test
