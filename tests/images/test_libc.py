# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""A C program's ways to end, its memory, and the in-image tests of the libc."""

import unittest

from .harness import HERE, ImageTest, compose, run

_ENDS = HERE / "apps" / "libc_ends"
_TESTS = HERE / "apps" / "libc_tests"


class Ends(ImageTest):
    """exit(), abort() and their kin."""

    def end(self, words, status=0):
        outcome = run(compose(_ENDS), words=f"-- {words}")
        self.assert_exit(outcome, status)
        return outcome.console.decode(errors="replace").replace("\r\n", "\n")

    def test_return(self):
        self.assertIn("constructor\ndestructor\natoll: exit 5", self.end("return 5", 5))

    def test_exit_runs_handlers_in_reverse_then_destructors(self):
        self.assertIn("no end of lineregistered second\nregistered first\ndestructor\natoll: exit 7",
                      self.end("exit 7", 7))

    def test_underscore_exit_runs_nothing(self):
        said = self.end("_exit 3", 3)
        for text in ("registered", "destructor", "never written"):
            self.assertNotIn(text, said)

    def test_buffered_output_is_written_at_exit(self):
        self.assertIn("line 998\nline 999\ndestructor\natoll: exit", self.end("buffered"))

    def test_abort_is_134_and_no_crash(self):
        said = self.end("abort", 134)
        self.assertIn("program ended by signal 06\natoll: exit 134", said)
        self.assertNotIn("destructor", said)

    def test_a_handler_cannot_prevent_abort(self):
        self.assertIn("handler of 6\nprogram ended by signal 06\n", self.end("handled-abort", 134))

    def test_assert(self):
        self.assertIn("main: assertion failed: argc == 77\n", self.end("assert", 134))

    def test_raise(self):
        self.end("raise 15", 143)
        self.end("raise 17")

    def test_memory_runs_out_and_comes_back(self):
        self.assertIn(" blocks, then ", self.end("exhaust"))


class InImage(ImageTest):
    """The libraries' own tests."""

    def passes(self, pattern, settings=None):
        outcome = run(compose(_TESTS, settings), words=f"vm_test.filter={pattern}")
        self.assert_exit(outcome)

    def test_libc(self):
        self.passes("Libc*")

    def test_posix(self):
        self.passes("Posix*")

    def test_one_thread_and_newlib_s_own_formatter(self):
        self.passes("Libc*", "LIB_SCHED_SINGLE=y LIBC_NEWLIB_FORMATTER_FULL=y")


if __name__ == "__main__":
    unittest.main()
