# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What POSIX promises of signals: one C program, in images of each scheduler and on Linux."""

import shutil
import subprocess
import unittest

from .harness import ARCH, HERE, PLAT, ImageTest, compose, run

_SUITE = HERE / "apps" / "signal_suite"
_ENDS = HERE / "apps" / "signal_ends"


class Suite(ImageTest):
    """All tests of the program."""

    def passes(self, settings, cpus="1"):
        outcome = run(compose(_SUITE, settings), timeout=300, cpus=cpus)
        self.assert_exit(outcome)
        self.assertIn(b" tests, 0 failures", outcome.console)

    def test_one_thread(self):
        self.passes("LIB_SCHED_SINGLE=y")

    def test_cooperative_threads(self):
        self.passes("LIB_SCHED_COOP=y")

    def test_preemptive_threads(self):
        self.passes("LIB_SCHED_PREEMPT=y")

    @unittest.skipUnless(PLAT == "kvm", "once per architecture")
    def test_an_allocator_out_of_an_archive(self):
        """Which is none of the program's: no handler runs inside it."""
        self.passes("LIB_SCHED_SINGLE=y LIB_ALLOC_MIMALLOC=y LOCK_DEBUG=y")

    @unittest.skipUnless(PLAT == "kvm", "once per architecture")
    def test_several_cpus(self):
        self.passes("LIB_SCHED_PREEMPT=y ARCH_MAX_CPUS=4", cpus="4")

    @unittest.skipUnless((PLAT, ARCH) == ("kvm", "x86_64"), "once is enough")
    def test_on_linux(self):
        """The oracle: what the suite expects is what Linux does, too."""
        program = self.scratch() / "suite"
        sources = [str(HERE / "suite" / "suite.c"), *map(str, sorted(_SUITE.glob("*.c")))]
        subprocess.run([shutil.which("gcc-12") or "gcc", "-std=gnu17", "-O1", "-pthread",
                        "-Wno-deprecated-declarations", "-o", str(program), *sources, "-lrt"],
                       check=True)
        done = subprocess.run([str(program)], stdout=subprocess.PIPE, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout.decode())


class BesideOthers(ImageTest):
    """The tests of the libc and the libraries above it, in an image with signals."""

    def test_libc(self):
        outcome = run(compose(HERE / "apps" / "libc_tests", "LIB_POSIX_SIGNALS=y"),
                      words="vm_test.filter=Libc*:Posix*")
        self.assert_exit(outcome)


class Ends(ImageTest):
    """How signals end a program."""

    def end(self, words, **options):
        outcome = run(compose(_ENDS), words=f"-- {words}", **options)
        return outcome, outcome.console.decode(errors="replace").replace("\r\n", "\n")

    def test_by_default(self):
        for words, status in (("raise 10", 138), ("raise 9", 137), ("kill 15", 143),
                              ("raise 64", 192), ("alarm", 142), ("abort", 134),
                              ("computing", 142)):
            with self.subTest(words):
                outcome, said = self.end(words)
                self.assert_exit(outcome, status)
                self.assertIn(f"program ended by signal {status - 128:02}\n", said)

    def test_nothing_stops(self):
        outcome, said = self.end("stop")
        self.assert_exit(outcome)
        self.assertIn("goes on\n", said)

    def test_a_fault_without_a_handler_is_a_panic(self):
        for words in ("fault", "fault-ignored", "fault-blocked", "fault-in-handler"):
            with self.subTest(words):
                outcome, _ = self.end(words)
                self.assert_panic(outcome, "write to 0x40 (null pointer)")

    def test_overflow_without_another_stack_is_a_panic(self):
        outcome, _ = self.end("overflow")
        self.assert_panic(outcome, "stack overflow")


@unittest.skipUnless(PLAT == "kvm", "Xen's request comes by another way to the same place")
class StopRequest(ImageTest):
    """The power button is SIGTERM."""

    def stop(self, how, options=""):
        outcome = self.run_and_stop(compose(_ENDS, _STOP[ARCH]), f"{options} -- wait {how}")
        return outcome, outcome.console.decode(errors="replace").replace("\r\n", "\n")

    def test_by_default_it_ends_the_program(self):
        outcome, said = self.stop("plainly")
        self.assert_exit(outcome, 143)
        self.assertIn("program ended by signal 15\n", said)

    def test_a_handler_runs_and_the_wait_ends(self):
        outcome, said = self.stop("handled")
        self.assert_exit(outcome)
        self.assertIn("told 15, error 4\n", said)

    def test_a_handler_interrupts_a_computation(self):
        outcome, said = self.stop("computing")
        self.assert_exit(outcome)
        self.assertIn("told 15", said)

    def test_waits_end_whatever_becomes_of_the_signal(self):
        outcome, said = self.stop("ignored")
        self.assert_exit(outcome)
        self.assertIn("told 0, error 4\n", said)
        outcome, said = self.stop("blocked")
        self.assert_exit(outcome, 143)
        self.assertIn("told 0, error 4\n", said)

    def test_a_program_that_does_not_end_is_ended(self):
        for how in ("deaf", "deaf-asleep"):
            with self.subTest(how):
                outcome, _ = self.stop(how, "shutdown.timeout=1")
                self.assert_exit(outcome, 124)
                self.assertLess(outcome.seconds, 10)   # what it would be without the option


_STOP = {"x86_64": "LIB_STOP_ACPI=y", "arm64": "LIB_STOP_GPIO_KEYS=y"}


if __name__ == "__main__":
    unittest.main()
