# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The in-image tests of every library, in a few configurations."""

import unittest

from .harness import ImageTest, compose, run


class Suite(ImageTest):
    """apps/vm_tests, which ends with 0 when all its tests passed."""

    def passes(self, settings=None, least=20):
        """Asserts that the suite of this configuration ran and passed."""
        outcome = run(compose("vm_tests", settings), timeout=120)
        said = outcome.console.decode(errors="replace")
        self.assert_exit(outcome)
        passed = [line for line in said.splitlines() if line.startswith("[       OK ]")]
        self.assertGreater(len(passed), least, said)

    def test_kernel_libraries(self):
        self.passes()

    def test_one_thread_and_a_region(self):
        self.passes("LIB_SCHED_SINGLE=y LIB_ALLOC_REGION=y")

    def test_libc(self):
        self.passes("VM_TESTS_LIBC=y")

    def test_preemption(self):
        self.passes("LIB_SCHED_PREEMPT=y ARCH_MAX_CPUS=1 VM_TESTS_LIBC=y")


if __name__ == "__main__":
    unittest.main()
