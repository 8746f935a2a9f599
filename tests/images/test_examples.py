# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What lies outside the tree's own libraries, in examples/: it works as it stands there."""

import unittest

from atoll.cell import root
from atoll.library_test import configure_with, tests_of, words_for

from .harness import HERE, ImageTest, build, compose, configure, run

_EXAMPLES = root() / "examples"
_EDF = str(_EXAMPLES / "sched_edf")


class EarliestDeadlineFirst(ImageTest):
    """A third scheduler, made outside the tree, with attributes of its own per thread."""

    def test_conformance(self):
        """sched's suite and its own tests, in an image."""
        configured = configure_with("sched_edf",
                                    lambda settings: configure("vm_tests", settings, libs=_EDF))
        tests = tests_of(configured.composition, "sched_edf")
        outcome = run(build(configured, quiet=True), words=words_for(tests), timeout=120)
        self.assert_exit(outcome)
        self.assertLessEqual({"Sched", "SchedEdf"}, {suite for suite, _ in tests})
        for suite, name in tests:
            self.assertIn(f"[ RUN      ] {suite}.{name}".encode(), outcome.console)
        self.assertNotRegex(outcome.console, rb"SKIPPED \] SchedEdf")

    def test_a_program_with_deadlines(self):
        """pthread_setschedparam() and pthread_create() with SCHED_DEADLINE, in C."""
        outcome = run(compose(_EXAMPLES / "edf_demo", "LIB_SCHED_EDF=y", libs=_EDF), timeout=120)
        self.assert_exit(outcome)
        self.assertIn(b"edf_demo: 0 failures, order abc", outcome.console)

    def test_posix_threads(self):
        """All that POSIX promises of threads holds with it."""
        outcome = run(compose(HERE / "apps" / "pthread_suite", "LIB_SCHED_EDF=y", libs=_EDF),
                      timeout=300)
        self.assert_exit(outcome)
        self.assertIn(b" tests, 0 failures", outcome.console)


if __name__ == "__main__":
    unittest.main()
