# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What network devices promise, on those that the monitor has: two, and a hub between them, or,
where they have several queues, a bridge of the host's."""

import unittest

from atoll import namespaces
from atoll.devices import Devices

from .harness import ARCH, ImageTest, compose, run, why_no_namespaces

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


_NETWORK = "VM_TESTS_NETWORK=y"
_TWO_CPUS = f"{_NETWORK} LIB_SCHED_PREEMPT=y ARCH_MAX_CPUS=2"
_WHY_NOT = why_no_namespaces()


class Suite(ImageTest):
    """The conformance suite of netdev inside an image."""

    def assert_conforms(self, outcome, queues):
        """It has passed with one queue, both ways and with threads, and with two where there
        are; and nothing else has been left out."""
        self.assert_exit(outcome)
        self.assertEqual(outcome.console.count(b"[       OK ] NetdevConformance."),
                         3 if queues > 1 else 2, outcome.console)
        self.assertEqual(outcome.console.count(b"[       OK ] NetdevThreads."),
                         2 if queues > 1 else 1, outcome.console)
        self.assertEqual(outcome.console.count(b"[  SKIPPED ] Netdev"), 0 if queues > 1 else 2,
                         outcome.console)


class Netdev(Suite):
    """With one queue."""

    def passes(self, machine, model, cpus="1", settings=_NETWORK):
        extra = []
        for number in range(2):
            extra += ["-netdev", f"hubport,id=port{number},hubid=0",
                      "-device", f"{model},netdev=port{number}"]
        outcome = run(compose("vm_tests", settings), machine=machine, cpus=cpus, timeout=120,
                      words="vm_test.filter=Netdev*", extra=extra)
        self.assert_conforms(outcome, queues=1)

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
                self.passes(machine, model, cpus="2", settings=_TWO_CPUS)

    def test_a_legacy_device_is_refused_with_a_remedy(self):
        machine = "q35" if ARCH == "x86_64" else "virt"
        outcome = run(compose("vm_tests", _NETWORK), machine=machine,
                      words="vm_test.filter=Netdev*",
                      extra=["-device", "virtio-net-pci,disable-modern=on,disable-legacy=off"])
        self.assert_exit(outcome)
        self.assertEqual(outcome.console.count(
            b"QEMU makes a modern one with disable-modern=off"), 1, outcome.console)

    def test_without_devices(self):
        """Nothing is found, nothing fails, and the cable inside the image works."""
        outcome = run(compose("vm_tests", _NETWORK), words="vm_test.filter=Netdev*")
        self.assert_exit(outcome)
        self.assertEqual(outcome.console.count(b"SKIPPED ] NetdevConformance."), 3)
        self.assertEqual(outcome.console.count(b"SKIPPED ] NetdevThreads."), 2)
        self.assertEqual(outcome.console.count(b"[       OK ] NetdevLoopback."), 2)


@unittest.skipIf(_WHY_NOT, _WHY_NOT)
class SeveralQueues(Suite):
    """With two, which of QEMU's network ends taps have: two of them, and a bridge between."""

    def boot(self, machine, model, cpus="1", settings=_NETWORK):
        cell = compose("vm_tests", settings)
        with namespaces.cable(queues=2) as ends:
            extra = []
            for number, taps in enumerate(ends):
                extra += ["-netdev", f"tap,fds={':'.join(map(str, taps))},id=tap{number}",
                          "-device", f"{model},mq=on,netdev=tap{number}"]
            return run(cell, machine=machine, cpus=cpus, timeout=120, extra=extra,
                       words="vm_test.filter=Netdev*", devices=Devices(descriptors=sum(ends, ())))

    def test_every_machine(self):
        for machine, model in _MACHINES[ARCH]:
            for packed in ("off", "on"):
                with self.subTest(machine=machine, model=model, packed=packed):
                    self.assert_conforms(self.boot(machine, f"{model},packed={packed}"), queues=2)

    def test_preemption_and_two_cpus(self):
        for machine, model in (_MACHINES[ARCH][0], _MACHINES[ARCH][-1]):
            for packed in ("off", "on"):
                with self.subTest(machine=machine, model=model, packed=packed):
                    self.assert_conforms(self.boot(machine, f"{model},packed={packed}", cpus="2",
                                                   settings=_TWO_CPUS), queues=2)

    def test_a_device_without_a_queue_to_control_them_has_one(self):
        machine, model = _MACHINES[ARCH][0]
        self.assert_conforms(self.boot(machine, f"{model},ctrl_vq=off"), queues=1)


if __name__ == "__main__":
    unittest.main()
