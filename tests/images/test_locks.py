# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""LOCK_DEBUG: what is wrong with the use of locks is a panic that says so; priority
inheritance."""

import unittest

from .harness import HERE, ImageTest, compose, run

_MISUSE = HERE / "apps" / "lock_misuse"
_PROGRAM = HERE / "apps" / "pthread_ends"
_SCHEDULERS = ("LIB_SCHED_COOP=y", "LIB_SCHED_PREEMPT=y")


class LockDebug(ImageTest):
    """What an image says of the misuse that its argument names."""

    def said(self, misuse, scheduler):
        return run(compose(_MISUSE, scheduler), words=f"-- {misuse}")

    def assert_reported(self, misuse, pattern):
        for scheduler in _SCHEDULERS:
            with self.subTest(scheduler):
                outcome = self.said(misuse, scheduler)
                self.assert_panic(outcome)
                self.assertRegex(outcome.console.decode(), pattern)

    def test_a_deadlock_names_the_threads_and_their_locks(self):
        self.assert_reported("circle", r'deadlock: thread "(one|other)" \(\d+\) waits for the lock '
                             r'at 0x[0-9a-f]+ of "(one|other)" \(\d+\), which waits for the lock '
                             r'at 0x[0-9a-f]+ of "(one|other)"')

    def test_a_deadlock_of_three(self):
        self.assert_reported("circle_of_three", r'deadlock: (.*"[abc]"){4}')

    def test_locks_against_their_ranks(self):
        self.assert_reported("against_rank", "locks taken against their rank")

    def test_a_mutex_twice(self):
        self.assert_reported("twice", "assertion failed")

    def test_a_spin_lock_twice(self):
        self.assert_reported("spin_twice", "a lock taken twice")

    def test_a_lock_for_interrupts_that_masks_none(self):
        self.assert_reported("unmasked", "an IrqSpinLock taken without masking interrupts")

    def test_a_wait_under_a_spin_lock(self):
        self.assert_reported("wait_under_spin_lock", "a wait under a spin lock")

    def test_nothing_is_reported_where_nothing_is_wrong(self):
        for scheduler in _SCHEDULERS:
            for use in ("ordered", "timed"):
                with self.subTest(f"{scheduler} {use}"):
                    self.assert_exit(self.said(use, scheduler))

    def test_a_program_s_mutexes(self):
        outcome = run(compose(_PROGRAM, "LOCK_DEBUG=y"), words="-- deadlock")
        self.assert_panic(outcome)
        self.assertRegex(outcome.console.decode(), 'deadlock: .*"left".*"right"|"right".*"left"')


class Inheritance(ImageTest):
    """Of a program's mutexes; Atoll's own: lib/sync/vm_tests."""

    def test_a_mutex_of_a_program_lends_its_waiters_priority(self):
        outcome = run(compose(_PROGRAM, "LIB_SCHED_PREEMPT=y SCHED_PRIORITY_INHERITANCE=y"),
                      words="-- inherit")
        self.assert_exit(outcome, 11)

    def test_it_is_refused_where_it_is_not_in_the_image(self):
        outcome = run(compose(_PROGRAM, "LIB_SCHED_PREEMPT=y"), words="-- inherit")
        self.assert_exit(outcome, 12)


if __name__ == "__main__":
    unittest.main()
