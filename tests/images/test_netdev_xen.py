# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What network devices promise, on those that xl gives: two of one guest, and a bridge between
them in a real dom0."""

import sys
import unittest

from atoll.runner import delivered_twice
from atoll.xen.toolstack import BRIDGE, Toolstack, vifs

from .harness import ARCH, ImageTest, compose

_BACKEND = "/sys/module/xen_netback/parameters"


class NetdevXen(ImageTest):
    """The conformance suite of netdev through Linux's backend."""

    @classmethod
    def setUpClass(cls):
        images = {"one_cpu": compose("vm_tests", "VM_TESTS_NETWORK=y"),
                  "two_cpus": compose("vm_tests", "VM_TESTS_NETWORK=y LIB_SCHED_PREEMPT=y "
                                                  "ARCH_MAX_CPUS=2"),
                  "persistent": compose("vm_tests", "VM_TESTS_NETWORK=y NETDEV_XEN_PERSISTENT=y")}
        cls.xen = cls.enterClassContext(
            Toolstack(ARCH, {name: cell.image for name, cell in images.items()}, bridge=True))

    def backend(self, **parameters):
        """Sets what Linux's backend offers to guests that come."""
        for name, value in parameters.items():
            status, said = self.xen.shell(f"echo {value} >{_BACKEND}/{name}")
            self.assertEqual(status, 0, said)

    def guest(self, image="one_cpu", interfaces=2, vcpus=1):
        """What a domain says that has run its tests."""
        for tries in range(3):
            guest = self.xen.create(f"{self.id().rpartition('.')[2][:40]}_{tries}", image,
                                    memory=64, words="vm_test.filter=Netdev*", vcpus=vcpus,
                                    extra=vifs(*[BRIDGE] * interfaces))
            try:
                end, console = guest.wait(300), guest.console()
            finally:
                guest.destroy()
            if end != "crash" or not delivered_twice("xen", ARCH, console):
                break
            print("QEMU delivered an interrupt twice (docs/xen.md): once more", file=sys.stderr)
        said = console.decode(errors="replace")
        self.assertEqual(end, "poweroff", said)
        self.assertIn("atoll: exit 0", said)
        return said

    def passes(self, image="one_cpu", queues=2, **more):
        said = self.guest(image, **more)
        self.assertEqual(said.count("[       OK ] NetdevConformance."), 1 + queues, said)
        self.assertEqual(said.count("[       OK ] NetdevThreads."), queues, said)
        self.assertNotIn("is faulty", said)
        return said

    def test_one_queue(self):
        self.backend(max_queues=1, separate_tx_rx_irq=1)
        said = self.passes(queues=1)
        self.assertEqual(said.count("[       OK ] NetdevXen."), 3, said)   # and one skipped

    def test_two_queues(self):
        self.backend(max_queues=2, separate_tx_rx_irq=1)
        self.assertIn("[       OK ] NetdevXen.packets_pass_on_several_queues", self.passes())

    def test_two_cpus_and_queues(self):
        self.backend(max_queues=2, separate_tx_rx_irq=1)
        self.passes("two_cpus", vcpus=2)

    def test_one_channel_for_both_sides(self):
        self.backend(max_queues=2, separate_tx_rx_irq=0)
        self.passes()

    def test_grants_that_stay(self):
        self.backend(max_queues=2, separate_tx_rx_irq=1)
        self.passes("persistent")

    def test_without_devices(self):
        said = self.guest(interfaces=0)
        self.assertEqual(said.count("SKIPPED ] NetdevConformance."), 3, said)


if __name__ == "__main__":
    unittest.main()
