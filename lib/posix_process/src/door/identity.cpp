// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// POSIX.1-2017 getpid(), getppid(), getpgid(), getsid(), setpgid(), setsid(), getuid() and
// their kin. Process, group and session are one, led by the process.

#include <atoll/libc.hpp>
#include <atoll/posix/process.hpp>

namespace {

using atl::Errc;
using atl::Process;
using atl::libc::fail_with;

constexpr auto kNoSuchProcess = Errc{3};  // ESRCH

int own_id() { return Process::current().id(); }
bool is_own(int id) { return id == 0 || id == own_id(); }

}  // namespace

extern "C" {

int getpid() { return own_id(); }
int getppid() { return Process::current().parent(); }
int getpgrp() { return own_id(); }
int getpgid(int process) { return is_own(process) ? own_id() : fail_with(kNoSuchProcess); }
int getsid(int process) { return is_own(process) ? own_id() : fail_with(kNoSuchProcess); }

// A session's leader stays in its group; one that leads a group begins no session.
int setpgid(int process, int group) {
  if (group < 0) return fail_with(Errc::kInvalidArgument);
  return fail_with(is_own(process) ? Errc::kNotPermitted : kNoSuchProcess);
}
int setsid() { return fail_with(Errc::kNotPermitted); }

unsigned getuid() { return 0; }
unsigned geteuid() { return 0; }
unsigned getgid() { return 0; }
unsigned getegid() { return 0; }

}  // extern "C"
