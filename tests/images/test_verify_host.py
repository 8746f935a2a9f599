# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""make verify-host: one page about this machine, refused where it could not be true."""

import os
import re
import unittest

from atoll.accelerator import pick_accelerator
from atoll.toolchain import machine

from .harness import OUT, ImageTest, make

# A monitor that boots nothing, yet ends as a program with status 0 would.
_MONITOR = """#!/bin/sh
case "$*" in *--version*) echo "a monitor, version 0";; *) echo "atoll: exit 0";; esac
"""


class VerifyHost(ImageTest):
    """In emulation, which stands in for the hardware."""

    def setUp(self):
        self.out = os.path.join(OUT, "verify-host")

    def test_report(self):
        """Every test passes, and the page says on what."""
        done = make("verify-host", "ACCEL=tcg", f"O={self.out}")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        with open(os.path.join(self.out, "verify-host.txt"), encoding="utf-8") as page:
            report = page.read()
        self.assertIn(report, done.stdout)
        for line in (r"date: +\d{4}-\d\d-\d\d \d\d:\d\d UTC", r"commit: +\w+", r"CPU: +\w+",
                     r"kernel: +Linux \d", r"monitor: +QEMU .*\d", "accelerator: +tcg",
                     r"\d+ passed, 0 failed", r"pass +\d+\.\d\d s  ends, \w+, CPUs: 1",
                     r"pass +\d+\.\d\d s  vm_tests \(ARCH_MAX_CPUS=8\), \w+, CPUs: \d",
                     r"helloworld from start to end of QEMU: \d+\.\d+ s in emulation"):
            self.assertRegex(report, re.compile(f"^{line}", re.MULTILINE))
        self.assertNotIn("FAIL", report)
        self.assertLess(len(report.splitlines()), 60)

    def test_what_fails_is_on_the_page(self):
        tools = self.scratch()
        monitor = tools / ("qemu-system-x86_64" if machine() == "x86_64" else "qemu-system-aarch64")
        monitor.write_text(_MONITOR, encoding="utf-8")
        monitor.chmod(0o755)
        done = make("verify-host", "ACCEL=tcg", f"O={self.out}", INSTALL="no",
                    PATH=f"{tools}:{os.environ['PATH']}")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("a monitor, version 0", done.stdout)
        self.assertRegex(done.stdout, r"0 passed, [1-9]\d* failed")
        self.assertRegex(done.stdout, r"FAIL .* helloworld, .*\n +status 0 \(exit\), not 7")
        self.assertRegex(done.stdout, r"FAIL .* vm_tests .*\n +the console lacks '\] \d+ tests ran")

    def test_refused_without_hardware(self):
        if pick_accelerator(machine())[0] == "kvm":
            self.skipTest("this machine has what is refused elsewhere")
        done = make("verify-host", f"O={self.out}")
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"atoll: there is no hardware virtualization to verify, "
                                      r"since .*; ACCEL=tcg does the same in emulation\n")
        self.assertEqual(done.stdout, "")

    def test_another_accelerator(self):
        done = make("verify-host", "ACCEL=xen", f"O={self.out}")
        self.assertIn("ACCEL=xen is neither kvm nor tcg", done.stderr)


if __name__ == "__main__":
    unittest.main()
