# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Proves that sched's conformance suite goes red: `faults.py <program>`.

The program is the suite on faulty_sched.cpp. Without a fault it must pass; with
each fault the test named here must fail, by itself, in bounded time."""

import os
import subprocess
import sys

FAULTS = {
    "does-not-yield": "SchedThreads.every_ready_thread_gets_its_turn",
    "drops-wake-ups-of-handlers": "SchedWaiting.no_wake_up_is_lost_wherever_the_interrupt_hits",
    "forgets-states": "SchedThreads.state_follows_what_a_thread_does",
    "forgets-who-was-kept-out": "SchedPreemption.who_was_kept_out_runs_when_the_guard_ends",
    "hides-threads": "SchedThreads.for_each_visits_the_living",
    "idles-unmasked": "SchedWaiting.no_wake_up_is_lost_wherever_the_interrupt_hits",
    "ignores-guards": "SchedPreemption.a_guard_keeps_the_cpu",
    "ignores-idle-hook": "SchedWaiting.idle_hook_is_asked_before_the_cpu_sleeps",
    "leaks-detached": "SchedJoin.detached_thread_is_freed_when_it_exits",
    "leaks-on-failure": "SchedThreads.out_of_memory_is_an_error_and_leaks_nothing",
    "leaks-stacks": "SchedJoin.detach_frees_one_that_has_exited",
    "leaks-threads": "SchedJoin.finds_one_that_has_exited",
    "loses-argument": "SchedThreads.entry_gets_its_argument_and_its_own_identity",
    "never-preempts": "SchedPreemption.an_interrupt_takes_the_cpu_for_a_higher_priority",
    "remembers-the-dead": "SchedThreads.for_each_visits_the_living",
    "reuses-ids": "SchedThreads.ids_are_never_used_again",
    "runs-newest-first": "SchedThreads.every_ready_thread_gets_its_turn",
    "starts-a-period-late": "SchedAttributes.a_new_thread_can_keep_its_first_deadline",
    "starts-masked": "SchedThreads.thread_starts_with_its_creators_interrupt_state",
}


def passes(program, fault, test):
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
    environment.pop("SCHED_FAULT", None)
    if fault:
        environment["SCHED_FAULT"] = fault
    done = subprocess.run([program, f"--gtest_filter={test}"], env=environment, timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if "Running 1 test from" not in done.stdout and test != "*":
        sys.exit(f"there is no test {test}")
    return done.returncode == 0


def main(program):
    failures = []
    if not passes(program, None, "*"):
        failures.append("the suite fails without a fault")
    for fault, test in FAULTS.items():
        if passes(program, fault, test):
            failures.append(f"{test} does not see the fault {fault}")
    print("\n".join(failures) or f"{len(FAULTS)} faults, each seen by the test that is to see it")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
