# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Images that run on several CPUs."""

import struct
import subprocess
import unittest

from atoll import machines

from .harness import ARCH, HERE, PLAT, ImageTest, compose, run
from .remote import START_INFO_REGISTER, pvh_entry, run_changed

_CPUS_END = HERE / "apps" / "cpus_end"
_SUITE = "vm_test.filter=Sched*:Smp*:Alloc*:Sync*:Deadline*:Vm*"
# Below Xen every boot costs one of Xen's.
_REPEATS = 1 if PLAT == "xen" else 4


class Cpus(ImageTest):
    """An image for four CPUs, on as many and on fewer."""

    def test_suite(self):
        """What concerns CPUs, of the in-image tests of every library."""
        cell = compose("vm_tests", "LIB_SCHED_PREEMPT=y ARCH_MAX_CPUS=4 "
                       "SCHED_PRIORITY_INHERITANCE=y")
        # With more, QEMU's SVM may deliver an interrupt twice (docs/xen.md).
        for cpus in ("1", "2") if (PLAT, ARCH) == ("xen", "x86_64") else ("1", "2", "4"):
            with self.subTest(cpus=cpus):
                outcome = run(cell, _SUITE, timeout=240, cpus=cpus)
                self.assert_exit(outcome)
                said = outcome.console.decode(errors="replace")
                self.assertIn("[       OK ] Smp.the_boot_cpu_runs", said)
                skipped = said.count(": this machine has one CPU")
                self.assertEqual(skipped == 0, cpus != "1", said)

    def test_nothing_is_written_behind_an_exit(self):
        for _ in range(_REPEATS):
            outcome = run(compose(_CPUS_END), cpus="4")
            self.assert_exit(outcome, 7)
            self.assertIn(b"a line of a thread", outcome.console)

    def test_nothing_is_written_behind_a_panic(self):
        for _ in range(_REPEATS):
            self.assert_panic(run(compose(_CPUS_END), words="-- panic", cpus="4"),
                              "one CPU ends all")

    def test_a_machine_with_more_cpus(self):
        """Those that are too many stay off, and the log says so."""
        cell = compose("vm_tests", "LIB_SCHED_PREEMPT=y ARCH_MAX_CPUS=2")
        outcome = run(cell, "log.level=info vm_test.filter=Smp.the_boot_cpu_runs", cpus="3")
        self.assert_exit(outcome)
        self.assertIn(b"the machine has more CPUs than ARCH_MAX_CPUS, 2", outcome.console)

    @unittest.skipIf(PLAT == "xen", "Xen tells its guests of CPUs that it has")
    def test_a_cpu_that_does_not_start_is_left_out(self):
        """The machine tells of a third CPU and has none; the second runs all the same."""
        cell = compose("vm_tests", "LIB_SCHED_PREEMPT=y ARCH_MAX_CPUS=4")
        words = "vm_test.filter=Smp*"
        if ARCH == "arm64":
            tree = self.scratch() / "tree"
            subprocess.run([machines.PROGRAMS[ARCH], "-machine", f"virt,dumpdtb={tree}",
                            "-cpu", "max", "-m", "128M", "-smp", "3", "-display", "none"],
                           check=True, capture_output=True)
            outcome = run(cell, words, cpus="2", extra=["-dtb", str(tree)])
            reason = b"no such device"
        else:
            outcome = run_changed(cell, self.scratch(), pvh_entry(cell), _misname_last_cpu,
                                  words=words, cpus="3", timeout=60)
            reason = b"timed out"
        self.assert_exit(outcome)
        said = outcome.console
        self.assertRegex(said, rb"smp: error: CPU 2 \([0-9a-f]+\) is left out: " + reason)
        self.assertNotIn(b"this machine has one CPU", said)


def _misname_last_cpu(remote):
    """Gives the last processor of ACPI's MADT an APIC that the machine lacks (ACPI 6.5
    §5.2.12.2)."""
    def number(address, form):
        return struct.unpack(form, remote.read(address, struct.calcsize(form)))[0]

    rsdp = number(remote.register(START_INFO_REGISTER) + 32, "<Q")
    root, form = number(rsdp + 16, "<I"), "<I"
    if root == 0:
        root, form = number(rsdp + 24, "<Q"), "<Q"
    places = range(root + 36, root + number(root + 4, "<I"), struct.calcsize(form))
    madt = next(table for table in (number(place, form) for place in places)
                if remote.read(table, 4) == b"APIC")
    content = remote.read(madt, number(madt + 4, "<I"))
    at, last = 44, None
    while at < len(content):
        last = at if content[at] == 0 else last
        at += content[at + 1]
    remote.write(madt + last + 3, bytes([0x77]))
    # The checksum, so that all bytes add up to nothing again.
    remote.write(madt + 9, bytes([(content[9] + content[last + 3] - 0x77) & 255]))


if __name__ == "__main__":
    unittest.main()
