# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The same image boots on every machine type, interrupt controller and entry level."""

import subprocess
import unittest

from atoll import machines

from .harness import ARCH, PLAT, ImageTest, compose, run

_MACHINES = {"x86_64": ("microvm", "microvm,acpi=off", "microvm,acpi=on", "q35", "pc"),
             "arm64": ("virt,gic-version=2", "virt,gic-version=3",
                       "virt,virtualization=on,gic-version=3", "virt,acpi=off")}
_ONE = "Xen gives its guests one kind of machine"
_MEMORY = {"x86_64": "1152k", "arm64": "5M"}


class Machines(ImageTest):
    """helloworld, unchanged."""

    @unittest.skipIf(PLAT == "xen", _ONE)
    def test_every_machine(self):
        for machine in _MACHINES[ARCH]:
            with self.subTest(machine=machine):
                outcome = run(compose("helloworld"), machine=machine)
                self.assert_exit(outcome)
                self.assertIn(b"Hello, world!", outcome.console)

    @unittest.skipIf(PLAT == "xen", "Xen itself needs more: images.test_xl has small guests")
    def test_smallest_memory(self):
        self.assert_exit(run(compose("helloworld"), memory=_MEMORY[ARCH]))

    @unittest.skipIf(PLAT == "xen", _ONE)
    def test_much_memory(self):
        self.assert_exit(run(compose("helloworld"), memory="6G",
                             machine="q35" if ARCH == "x86_64" else None))

    @unittest.skipUnless((PLAT, ARCH) == ("xen", "arm64"), "others have Xen's services, or none")
    def test_a_domain_without_services_has_its_uart_and_goes_on(self):
        outcome = run(compose("vm_tests"), machine="dom0less-plain", timeout=60)
        self.assert_exit(outcome)
        self.assertIn(b"xen_events: warning: this domain has no page shared with Xen, so no events",
                      outcome.console)
        self.assertIn(b"xen_grants: warning: this domain has no grant table", outcome.console)

    @unittest.skipIf(PLAT == "xen", "Xen makes the tree of a guest")
    @unittest.skipUnless(ARCH == "arm64", "x86_64's machines have no device tree")
    def test_device_tree_from_a_file(self):
        tree = self.scratch() / "tree"
        subprocess.run([machines.PROGRAMS[ARCH], "-machine", f"virt,dumpdtb={tree}", "-cpu", "max",
                        "-m", "128M", "-display", "none"], check=True, capture_output=True)
        self.assert_exit(run(compose("helloworld"), extra=["-dtb", str(tree)]))

    def test_monitor_words_are_no_arguments(self):
        words = "console=ttyS0 root=/dev/vda panic=-1 reboot=t pci=off -- one"
        outcome = run(compose("helloworld"), words=words)
        self.assert_exit(outcome)
        self.assertIn(b"argument 1: one", outcome.console)
        self.assertNotIn(b"argument 2", outcome.console)


if __name__ == "__main__":
    unittest.main()
