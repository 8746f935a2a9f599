# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""PCI on every machine that has it: devices are found, their memory answers, they
interrupt by pins, MSI and MSI-X."""

import unittest

from .harness import ARCH, HERE, ImageTest, compose, run

_DEVICES = HERE / "outside" / "pci_devices"
# Messages go to the local APIC; to GICv2m's frame and to the translation service.
_MACHINES = {"x86_64": ("pc", "q35"), "arm64": ("virt", "virt,gic-version=3")}
# Two that share a line, since their numbers differ by four.
_ON_ROOT = ("-device edu,addr=4 -device edu,addr=8 -device e1000e,addr=5,romfile= "
            "-device pci-testdev,addr=6")
_BEHIND_BRIDGES = ("-device pci-bridge,id=outer,chassis_nr=1,addr=6 "
                   "-device edu,bus=outer,addr=2 -device edu,bus=outer,addr=6 "
                   "-device pci-bridge,id=inner,chassis_nr=2,bus=outer,addr=3 "
                   "-device e1000e,bus=inner,addr=1,romfile=")
_TESTS = {f"PciEdu.{name}" for name in (
    "registers_answer_where_the_base_address_says",
    "two_devices_have_registers_of_their_own", "a_pin_interrupts",
    "pins_on_one_line_are_told_apart", "a_message_interrupts")}
_TESTS.add("PciE1000e.each_vector_has_its_handler")


class Pci(ImageTest):
    """The tests of outside/pci_devices."""

    def outcome(self, machine, devices, words="vm_test.filter=Pci*"):
        cell = compose("vm_tests", "LIB_PCI_DEVICES=y", libs=str(_DEVICES))
        return run(cell, machine=machine, words=words, extra=devices.split())

    def passes(self, machine, devices):
        outcome = self.outcome(machine, devices)
        said = outcome.console.decode(errors="replace")
        self.assert_exit(outcome)
        passed = {line.split()[-1] for line in said.splitlines() if line.startswith("[       OK ]")}
        self.assertEqual(passed, _TESTS, said)
        return said

    def test_devices_on_the_root_bus(self):
        for machine in _MACHINES[ARCH]:
            with self.subTest(machine=machine):
                said = self.passes(machine, _ON_ROOT)
                self.assertIn("pci: error: 0000:00:06.0 (1b36:0005): not supported", said)

    def test_devices_behind_bridges(self):
        for machine in _MACHINES[ARCH]:
            with self.subTest(machine=machine):
                self.passes(machine, _BEHIND_BRIDGES)

    def test_a_machine_without_devices_or_pci(self):
        for machine in (*_MACHINES[ARCH], *({"x86_64": ("microvm", "microvm,acpi=off")}.get(ARCH, ()))):
            with self.subTest(machine=machine):
                outcome = self.outcome(machine, "", words="vm_test.filter=Irq*")
                self.assert_exit(outcome)
                self.assertNotIn(b"pci:", outcome.console)

    @unittest.skipUnless(ARCH == "x86_64", "arm64's tables are its device tree")
    def test_without_tables_the_ports_are_there(self):
        outcome = self.outcome("pc,acpi=off", _ON_ROOT)
        self.assert_exit(outcome)
        self.assertIn(b"[       OK ] PciEdu.a_pin_interrupts", outcome.console)


if __name__ == "__main__":
    unittest.main()
