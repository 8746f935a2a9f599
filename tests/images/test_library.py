# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The in-image tests of one micro-library and of the interface it provides: what
`make test LIB=` runs of them."""

import os
import unittest

from atoll.library_test import configure_with, tests_of, words_for

from .harness import OUT, ImageTest, build, configure, run

_NAME = os.environ.get("ATOLL_TEST_LIBRARY", "alloc")
_LIBS = os.environ.get("ATOLL_TEST_LIBS")


class Library(ImageTest):
    """apps/vm_tests with the library chosen."""

    def test_in_an_image(self):
        configured = configure_with(_NAME, lambda settings: configure(
            "vm_tests", settings, libs=_LIBS, out=os.path.join(OUT, "library")))
        if configured is None:
            self.skipTest(f"nothing that vm_tests may hold in this cell needs {_NAME}")
        tests = tests_of(configured.composition, _NAME)
        self.assertTrue(tests, f"{_NAME} has no test to run in an image")
        outcome = run(build(configured, quiet=True), words=words_for(tests))
        said = outcome.console.decode(errors="replace")
        self.assert_exit(outcome)
        ran = {line.split()[-1] for line in said.splitlines() if line.startswith("[ RUN ")}
        self.assertLessEqual({f"{suite}.{name}" for suite, name in tests}, ran, said)


if __name__ == "__main__":
    unittest.main()
