# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Virtio devices that the monitor has, on each machine and with each form of a ring."""

import unittest

from atoll.devices import NONE

from . import harness
from .harness import ARCH, HERE, ImageTest, compose

_QUEUES = HERE / "outside" / "virtio_entropy"
_MACHINES = {"x86_64": ("microvm", "microvm,acpi=off"), "arm64": ("virt",)}

# Where their first machine has its places.
_PLACES = {"x86_64": range(0xfeb00000, 0xfeb03000, 512), "arm64": range(0xa000000, 0xa004000, 512)}

_RAM = {"x86_64": "0x200000", "arm64": "0x40200000"}
_SOMETHING_ELSE = {"x86_64": "0xfec00000", "arm64": "0x9010000"}   # an IOAPIC, a clock


def run(cell, **how):
    """The outcome of a boot with no devices but those that `how` names."""
    return harness.run(cell, devices=NONE, **how)


class OnMmio(ImageTest):
    """Devices on MMIO, as the device tree, ACPI or the command line name them."""

    def entropy(self, machine, device, others=(), words=""):
        """The outcome of the tests that use the queue of an entropy device by themselves."""
        cell = compose("vm_tests", "LIB_VIRTIO_ENTROPY=y", libs=str(_QUEUES))
        return run(cell, machine=machine, words=f"vm_test.filter=VirtioEntropy.* {words}",
                   extra=[*others, "-device", device])

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

    def test_random_numbers(self):
        """The generator gets what a device gives, at boot and when it asks again."""
        for machine in _MACHINES[ARCH]:
            for packed in ("off", "on"):
                with self.subTest(machine=machine, packed=packed):
                    outcome = run(compose("vm_tests", "LIB_RANDOM_VIRTIO=y"), machine=machine,
                                  words="vm_test.filter=RandomVirtio.*",
                                  extra=["-device",
                                         f"virtio-rng-device,packed={packed}"])
                    self.assert_exit(outcome)
                    self.assertNotIn(b"SKIPPED", outcome.console)

    def test_a_source_that_gives_little(self):
        """Two bytes a second do not hold up the boot."""
        outcome = run(compose("vm_tests", "LIB_RANDOM_VIRTIO=y"), words="vm_test.filter=Random.*",
                      extra=["-device", "virtio-rng-device,max-bytes=2,period=1000"])
        self.assert_exit(outcome)

    def test_words_that_name_no_device(self):
        """Each is a line in the log, and the devices that are there work."""
        wrong = ("banana", "512@0xfeb00000", f"512@{_RAM[ARCH]}:5", "512@0xfeb00004:5",
                 "16@0xfeb00000:5", "1G@0xfeb00000:5", f"512@{_SOMETHING_ELSE[ARCH]}:5")
        outcome = self.entropy(_MACHINES[ARCH][-1], "virtio-rng-device",
                               words=" ".join(f"virtio_mmio.device={word}" for word in wrong))
        self.assert_exit(outcome)
        self.assertIn(b"error: virtio_mmio.device=banana: not <size>@<base>:<line>",
                      outcome.console)
        said = [line for line in outcome.console.splitlines() if line.startswith(b"virtio_mmio: ")]
        self.assertEqual(len(said), len(wrong), said)

    def test_a_device_that_is_named_twice(self):
        words = " ".join(f"virtio_mmio.device=512@{base:#x}:60" for base in _PLACES[ARCH])
        outcome = self.entropy(_MACHINES[ARCH][0], "virtio-rng-device", words=words)
        self.assertNotIn(b"virtio_mmio: ", outcome.console)

    def test_a_legacy_device_is_refused_with_a_remedy(self):
        for machine in _MACHINES[ARCH]:
            with self.subTest(machine=machine):
                outcome = run(compose("vm_tests", "LIB_VIRTIO_ENTROPY=y", libs=str(_QUEUES)),
                              machine=machine, words="vm_test.filter=Random.calls_do_not_repeat",
                              extra=["-global", "virtio-mmio.force-legacy=true",
                                     "-device", "virtio-rng-device"])
                self.assert_exit(outcome)
                self.assertEqual(outcome.console.count(
                    b"QEMU makes a modern one with -global virtio-mmio.force-legacy=false"), 1,
                    outcome.console.decode(errors="replace"))


if __name__ == "__main__":
    unittest.main()
