# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What network devices promise, on those that the monitor has: two, and a hub between them."""

import unittest

from .harness import ARCH, ImageTest, compose, run

# Machines, and what a network device is called on their bus.
_MACHINES = {"x86_64": (("microvm", "virtio-net-device"),
                        ("microvm,acpi=off", "virtio-net-device"),
                        ("pc", "virtio-net-pci"), ("q35", "virtio-net-pci"),
                        ("q35", "virtio-net-pci,disable-legacy=on"),
                        ("q35", "virtio-net-pci,vectors=0"), ("q35", "virtio-net-pci,vectors=2")),
             "arm64": (("virt", "virtio-net-device"), ("virt", "virtio-net-pci"),
                       ("virt,gic-version=3", "virtio-net-pci,disable-legacy=on"))}
_FORMS = ("packed=off", "packed=on", "mrg_rxbuf=off", "event_idx=off,packed=on",
          "event_idx=off,packed=off", "csum=off,guest_csum=off", "host_mtu=900",
          "rx_queue_size=1024,tx_queue_size=256", "status=off")


class Netdev(ImageTest):
    """The conformance suite of netdev inside an image."""

    def passes(self, machine, model, cpus="1", settings="VM_TESTS_NETWORK=y"):
        extra = []
        for number in range(2):
            extra += ["-netdev", f"hubport,id=port{number},hubid=0",
                      "-device", f"{model},netdev=port{number}"]
        outcome = run(compose("vm_tests", settings), machine=machine, cpus=cpus, timeout=120,
                      words="vm_test.filter=Netdev*", extra=extra)
        self.assert_exit(outcome)
        self.assertNotIn(b"SKIPPED", outcome.console)
        self.assertEqual(outcome.console.count(b"[       OK ] NetdevConformance."), 2,
                         outcome.console)

    def test_every_form_of_a_device(self):
        machine, model = _MACHINES[ARCH][0]
        for form in _FORMS:
            with self.subTest(form=form):
                self.passes(machine, f"{model},{form}")

    def test_every_machine(self):
        for machine, model in _MACHINES[ARCH]:
            for packed in ("off", "on"):
                with self.subTest(machine=machine, model=model, packed=packed):
                    self.passes(machine, f"{model},packed={packed}")

    def test_preemption_and_two_cpus(self):
        for machine, model in _MACHINES[ARCH][-2:]:
            with self.subTest(machine=machine, model=model):
                self.passes(machine, model, cpus="2",
                            settings="VM_TESTS_NETWORK=y LIB_SCHED_PREEMPT=y ARCH_MAX_CPUS=2")

    def test_a_legacy_device_is_refused_with_a_remedy(self):
        machine = "q35" if ARCH == "x86_64" else "virt"
        outcome = run(compose("vm_tests", "VM_TESTS_NETWORK=y"), machine=machine,
                      words="vm_test.filter=Netdev*",
                      extra=["-device", "virtio-net-pci,disable-modern=on,disable-legacy=off"])
        self.assert_exit(outcome)
        self.assertEqual(outcome.console.count(
            b"QEMU makes a modern one with disable-modern=off"), 1, outcome.console)

    def test_without_devices(self):
        """Nothing is found, nothing fails, and the cable inside the image works."""
        outcome = run(compose("vm_tests", "VM_TESTS_NETWORK=y"), words="vm_test.filter=Netdev*")
        self.assert_exit(outcome)
        self.assertEqual(outcome.console.count(b"SKIPPED ] NetdevConformance."), 2)
        self.assertIn(b"[       OK ] NetdevLoopback.", outcome.console)


if __name__ == "__main__":
    unittest.main()
