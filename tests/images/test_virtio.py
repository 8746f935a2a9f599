# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Virtio devices that the monitor has, on each machine and with each form of a ring."""

import unittest

from .harness import ARCH, HERE, ImageTest, compose, run

_QUEUES = HERE / "outside" / "virtio_entropy"
_MODERN = ["-global", "virtio-mmio.force-legacy=false"]
_MACHINES = {"x86_64": ("microvm", "microvm,acpi=off"), "arm64": ("virt",)}


class OnMmio(ImageTest):
    """Devices on MMIO, as the device tree, ACPI or the command line name them."""

    def entropy(self, machine, device, others=()):
        """The outcome of the tests that use the queue of an entropy device by themselves."""
        cell = compose("vm_tests", "LIB_VIRTIO_ENTROPY=y", libs=str(_QUEUES))
        return run(cell, machine=machine, words="vm_test.filter=VirtioEntropy.*",
                   extra=[*_MODERN, *others, "-device", device])

    def test_queues(self):
        for machine in _MACHINES[ARCH]:
            for packed in ("off", "on"):
                with self.subTest(machine=machine, packed=packed):
                    outcome = self.entropy(machine, f"virtio-rng-device,packed={packed}")
                    self.assert_exit(outcome)
                    self.assertEqual(outcome.console.count(b" SKIPPED ]") > 0, packed == "off",
                                     outcome.console.decode(errors="replace"))

    def test_every_place(self):
        """A device behind others, and where there is none."""
        others = ["-device", "virtio-serial-device"] * 4
        for machine in _MACHINES[ARCH]:
            with self.subTest(machine=machine):
                outcome = self.entropy(machine, "virtio-rng-device", others)
                self.assert_exit(outcome)
                self.assertNotIn(b"virtio_mmio", outcome.console)

    def test_a_legacy_device_is_refused_with_a_remedy(self):
        for machine in _MACHINES[ARCH]:
            with self.subTest(machine=machine):
                outcome = run(compose("vm_tests", "LIB_VIRTIO_ENTROPY=y", libs=str(_QUEUES)),
                              machine=machine, words="vm_test.filter=Random.calls_do_not_repeat",
                              extra=["-device", "virtio-rng-device"])
                self.assert_exit(outcome)
                self.assertEqual(outcome.console.count(
                    b"QEMU makes a modern one with -global virtio-mmio.force-legacy=false"), 1,
                    outcome.console.decode(errors="replace"))


if __name__ == "__main__":
    unittest.main()
