# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Threads that do everything at once."""

import os
import unittest

from .harness import ARCH, HERE, PLAT, ImageTest, compose, run

_APP = HERE / "apps" / "thread_stress"
_PREEMPT = "LIB_SCHED_PREEMPT=y SCHED_PRIORITY_INHERITANCE=y"
_LOCKS = int(os.environ.get("ATOLL_TEST_LOCKS", "200000"))
# With more, QEMU's SVM may deliver an interrupt twice (docs/xen.md).
_CPUS = ("1", "2") if (PLAT, ARCH) == ("xen", "x86_64") else ("1", "2", "4")


class Stress(ImageTest):
    """With each scheduler, on one CPU and on more."""

    def passes(self, settings, cpus, seed):
        outcome = run(compose(_APP, settings), words=f"-- {_LOCKS} {seed}", cpus=cpus,
                      timeout=120 + _LOCKS // 2000)
        self.assert_exit(outcome)
        self.assertRegex(outcome.console, rb"\d+ locks taken by \d+ threads, \d+ of them cancelled")

    def test_cooperative_threads(self):
        self.passes("LIB_SCHED_COOP=y", "1", 1)

    def test_preemptive_threads(self):
        for cpus in _CPUS:
            with self.subTest(cpus=cpus):
                self.passes(_PREEMPT, cpus, 2 + int(cpus))


if __name__ == "__main__":
    unittest.main()
