// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <optional>
#include <vector>

namespace atl::host {

/// How many instructions each of `steps` takes, one after another in a child of
/// this process that its parent lets go on by single instructions (ptrace(2)).
/// Nothing where the host does not allow that; a step that crashes is a failure
/// of the test.
inline std::optional<std::vector<long>> count_instructions(
    const std::vector<std::function<void()>>& steps) {
  // Both on one CPU: the signals between them need not wake another.
  cpu_set_t before;
  cpu_set_t here;
  sched_getaffinity(0, sizeof before, &before);
  CPU_ZERO(&here);
  CPU_SET(sched_getcpu(), &here);
  sched_setaffinity(0, sizeof here, &here);
  const pid_t child = fork();
  if (child == 0) {
    if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(1);
    std::raise(SIGUSR1);
    std::raise(SIGUSR1);  // between these two there is nothing
    for (const auto& step : steps) {
      step();
      std::raise(SIGUSR1);
    }
    _exit(0);
  }
  std::vector<long> counts;
  long count = 0;
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
    if (WSTOPSIG(status) == SIGUSR1) {
      counts.push_back(count);
      count = 0;
    } else if (WSTOPSIG(status) == SIGTRAP) {
      ++count;
    } else {
      ADD_FAILURE() << "a step ended with signal " << WSTOPSIG(status);
      break;
    }
    if (ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr) != 0) break;
  }
  if (child > 0 && WIFSTOPPED(status)) {
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
  }
  sched_setaffinity(0, sizeof before, &before);
  // Before the first signal, nothing between the first two, then the steps.
  if (counts.size() != steps.size() + 2) return std::nullopt;
  for (std::size_t i = 2; i != counts.size(); ++i) counts[i] -= counts[1];
  counts.erase(counts.begin(), counts.begin() + 2);
  return counts;
}

}  // namespace atl::host
