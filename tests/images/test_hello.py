# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The shipped apps boot, print, take arguments and end with their status."""

import unittest

from .harness import ImageTest, compose, run


class Hello(ImageTest):
    """helloworld and hello_cpp, each from its own defconfig."""

    def test_helloworld(self):
        outcome = run(compose("helloworld"))
        self.assert_exit(outcome)
        self.assertIn(b"Hello, world!", outcome.console)

    def test_helloworld_takes_arguments_and_environment(self):
        outcome = run(compose("helloworld"), words='env.STATUS=7 -- one "two words"')
        self.assert_exit(outcome, 7)
        lines = outcome.console.splitlines()
        self.assertIn(b"argument 1: one", lines)
        self.assertIn(b"argument 2: two words", lines)

    def test_hello_cpp(self):
        outcome = run(compose("hello_cpp"), words="-- one")
        self.assert_exit(outcome)
        self.assertIn(b"Hello from C++", outcome.console)
        self.assertIn(b"argument: one", outcome.console)


if __name__ == "__main__":
    unittest.main()
