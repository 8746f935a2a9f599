# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""make verify-host: one page about this machine, refused where it could not be true."""

import os
import re
import sys
import unittest

from atoll.accelerator import pick_accelerator
from atoll.cell import root
from atoll.toolchain import machine

from .harness import OUT, ImageTest, make

# A monitor that boots nothing, yet ends as a program with status 0 would.
_MONITOR = """#!/bin/sh
case "$*" in *--version*) echo "a monitor, version 0";; *) echo "atoll: exit 0";; esac
"""


# A toolstack whose Xen is an emulated one: it says what it was asked, and creates guests.
_XL = """#!{python}
import os, re, sys, types
from pathlib import Path
sys.path.insert(0, {support!r})
from atoll.devices import NONE
from atoll.runner import boot
from atoll.xen import machines
with open({asked!r}, "a") as file:
    print(*sys.argv[1:3], file=file)
if sys.argv[1] == "info":
    print("4.17")
elif sys.argv[1] == "create":
    text = Path(sys.argv[-1]).read_text()
    said = dict(re.findall(r'^(\\w+) = "?(.*?)"?$', text, re.MULTILINE))
    cell = types.SimpleNamespace(name="guest", plat="xen", arch={arch!r},
                                 image=Path(said["kernel"]))
    boot(machines.launch(cell, None, said["memory"] + "M", said["vcpus"], None,
                         said["cmdline"], [], NONE), echo=sys.stdout.buffer)
"""


class XenHost(ImageTest):
    """The Xen that this machine runs on; there is none where these tests run."""

    def toolstack(self):
        """A folder with an xl in emulation, and the file that has what it was asked."""
        tools = self.scratch()
        asked = tools / "asked"
        (tools / "xl").write_text(_XL.format(python=sys.executable, arch=machine(),
                                             support=str(root() / "support"), asked=str(asked)),
                                  encoding="utf-8")
        (tools / "xl").chmod(0o755)
        return f"{tools}:{os.environ['PATH']}", asked

    def test_an_image_runs_there_and_nothing_of_it_stays(self):
        path, asked = self.toolstack()
        done = make("run", "APP=hello_cpp", "PLAT=xen", f"ARCH={machine()}", "MACHINE=host",
                    "ARGS=one", f"O={os.path.join(OUT, 'xen-host')}", PATH=path)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("argument: one", done.stdout)
        info, create, destroy = asked.read_text(encoding="utf-8").splitlines()
        self.assertEqual((info, create), ("info xen_version", "create -qc"))
        self.assertRegex(destroy, "^destroy atoll-[0-9a-f]{8}$")

    def test_another_architecture_is_refused(self):
        path, _ = self.toolstack()
        other = "arm64" if machine() == "x86_64" else "x86_64"
        done = make("run", "APP=hello_cpp", "PLAT=xen", f"ARCH={other}", "MACHINE=host",
                    f"O={os.path.join(OUT, 'xen-host')}", PATH=path)
        self.assertIn(f"is for {other}, this machine is {machine()}", done.stderr)

    def test_refused_without_a_toolstack(self):
        for command in (("verify-host", "XEN=1"),
                        ("run", "APP=hello_cpp", "PLAT=xen", f"ARCH={machine()}", "MACHINE=host")):
            done = make(*command, f"O={os.path.join(OUT, 'xen-host')}")
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("atoll: xl is not installed: MACHINE=host and XEN=1 are for the first "
                          "domain of a Xen host", done.stderr)

    def test_refused_where_xl_finds_no_xen(self):
        tools = self.scratch()
        (tools / "xl").write_text("#!/bin/sh\necho no Xen here >&2\nexit 1\n", encoding="utf-8")
        (tools / "xl").chmod(0o755)
        done = make("verify-host", "XEN=1", f"O={self.scratch()}",
                    PATH=f"{tools}:{os.environ['PATH']}")
        self.assertIn("xl finds no Xen that it may command", done.stderr)
        self.assertIn("(no Xen here)", done.stderr)


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
                     r"pass +\d+\.\d\d s  vm_tests \(LIB_SCHED_PREEMPT=y ARCH_MAX_CPUS=8\), \w+, CPUs: \d",
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

    def test_report_about_xen(self):
        """In emulation, as above."""
        done = make("verify-host", "XEN=1", "ACCEL=tcg", f"O={self.out}")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("Atoll on Xen in emulation\n", done.stdout)
        self.assertRegex(done.stdout, r"[1-9]\d* passed, 0 failed")

    def test_another_accelerator(self):
        done = make("verify-host", "ACCEL=xen", f"O={self.out}")
        self.assertIn("ACCEL=xen is neither kvm nor tcg", done.stderr)


if __name__ == "__main__":
    unittest.main()
