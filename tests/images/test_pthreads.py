# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What POSIX and ISO C promise of threads: one C program, in images of each scheduler and on Linux."""

import shutil
import subprocess
import unittest

from .harness import ARCH, HERE, PLAT, ImageTest, compose, run

_SUITE = HERE / "apps" / "pthread_suite"
_ENDS = HERE / "apps" / "pthread_ends"


class Suite(ImageTest):
    """All tests of the program."""

    def passes(self, settings, cpus="1"):
        outcome = run(compose(_SUITE, settings), timeout=300, cpus=cpus)
        self.assert_exit(outcome)
        self.assertIn(b" tests, 0 failures", outcome.console)

    def test_cooperative_threads(self):
        self.passes("LIB_SCHED_COOP=y")

    def test_preemptive_threads(self):
        self.passes("LIB_SCHED_PREEMPT=y")

    @unittest.skipUnless(PLAT == "kvm", "once per architecture")
    def test_several_cpus(self):
        self.passes("LIB_SCHED_PREEMPT=y ARCH_MAX_CPUS=4", cpus="4")

    @unittest.skipUnless((PLAT, ARCH) == ("kvm", "x86_64"), "once is enough")
    def test_on_linux(self):
        """The oracle: what the suite expects is what Linux does, too."""
        program = self.scratch() / "suite"
        sources = [str(HERE / "suite" / "suite.c"), *map(str, sorted(_SUITE.glob("*.c")))]
        subprocess.run([shutil.which("gcc-12") or "gcc", "-std=gnu17", "-O1", "-pthread", "-o",
                        str(program), *sources], check=True)
        done = subprocess.run([str(program)], stdout=subprocess.PIPE, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout.decode())


class Ends(ImageTest):
    """How a program with threads ends."""

    def end(self, words, settings=None):
        outcome = run(compose(_ENDS, settings), words=f"-- {words}")
        return outcome, outcome.console.decode(errors="replace").replace("\r\n", "\n")

    def test_the_last_thread_ends_the_program(self):
        outcome, said = self.end("last")
        self.assert_exit(outcome)
        self.assertIn("main has ended\nthe last one\nat exit\n", said)

    def test_main_can_be_joined(self):
        outcome, said = self.end("join-main")
        self.assert_exit(outcome, 5)
        self.assertIn("main ended with 7\nat exit\n", said)

    def test_exit_by_a_thread(self):
        outcome, said = self.end("exit")
        self.assert_exit(outcome, 9)
        self.assertIn("object of this thread\nat exit\n", said)

    def test_stack_overflow_names_the_thread(self):
        outcome, said = self.end("overflow")
        self.assert_panic(outcome, "stack overflow: guard page touched")
        self.assertIn('in thread "digger"', said)

    def test_one_thread_only(self):
        outcome, said = self.end("create", "LIB_SCHED_SINGLE=y")
        self.assert_exit(outcome)
        self.assertIn("pthread_create: 11\nthrd_create: 2\n", said)


if __name__ == "__main__":
    unittest.main()
