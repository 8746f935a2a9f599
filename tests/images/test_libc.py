# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""A C program's ways to end, its memory, and the in-image tests of the libc."""

import re
import unittest

from atoll.cell import NO_CONFIGURATION, root

from .harness import ARCH, HERE, PLAT, ImageTest, compose, make, run

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



_APP = """micro_app(NAME every_function SUMMARY "x" FLAVOUR libc SOURCES main.c
  DEPENDS iso_threads libc posix_process posix_random posix_signals posix_sleep posix_system
  posix_threads posix_time)
"""
_MENU = 'choice APP\nconfig APP_EVERY_FUNCTION\n\tbool "every_function"\nendchoice\n'
_MAIN = """extern const char functions[];
__asm__(".section .data.rel.functions,\\"aw\\"\\nfunctions:\\n"
%s
".previous");
int main(void) { return functions[0] == 0 && functions[1] == 0; }
"""


@unittest.skipUnless(PLAT == "kvm", "once per architecture")
class Functions(ImageTest):
    """Every function of the standards links, or the libc's README says why not."""

    def setUp(self):
        text = (HERE / "libc_functions.txt").read_text(encoding="utf-8")
        self.all = set(re.findall(r"(?<![\w/.])\w+(?![\w/.:]*:)", re.sub("(?m)^#.*|^\\S+:", "", text)))
        readme = (root() / "lib" / "libc_newlib" / "README.md").read_text(encoding="utf-8")
        table = readme[readme.index("## What is not there"):readme.index("Known to be wrong")]
        self.out = self.scratch()
        self.lacking = {name for row in re.findall(r"(?m)^\|[^|]+\|(.*)\|$", table)
                        for name in re.findall(r"`(\w+)`", row)}

    def unlinked(self, functions):
        """Those of `functions` and of what they need that a program which refers to all of
        them does not find."""
        app = self.scratch() / "every_function"
        app.mkdir()
        (app / "CMakeLists.txt").write_text(_APP)
        (app / "Kconfig").write_text(_MENU)
        (app / "main.c").write_text(_MAIN % "\n".join(f'".quad {name}\\n"' for name in functions))
        done = make(f"APP={app}", f"PLAT={PLAT}", f"ARCH={ARCH}", f"O={self.out}", "V=1",
                    KCONFIG_CONFIG=NO_CONFIGURATION)
        missing = set(re.findall(r"undefined reference to .(\w+)", done.stdout + done.stderr))
        self.assertEqual(done.returncode == 0, not missing, done.stdout + done.stderr)
        return missing

    def test_what_is_not_named_as_lacking_is_there(self):
        self.assertGreater(len(self.all), 900)
        self.assertLessEqual(self.lacking, self.all)
        self.assertEqual(self.unlinked(sorted(self.all - self.lacking)), set())

    def test_what_is_named_as_lacking_is_not(self):
        for name in self.lacking - self.unlinked(sorted(self.lacking)):
            with self.subTest(name=name):   # it is there, and what it needs is not
                self.assertNotEqual(self.unlinked([name]), set())


if __name__ == "__main__":
    unittest.main()
