# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""pktgen: what it sends comes back to it, by a cable inside the image, by devices of the machine,
and by way of a second image."""

import contextlib
import os
import re
import socket
import threading
import unittest

from atoll.devices import Devices, Interface

from .harness import ARCH, PLAT, ImageTest, compose, press_power_button, run

_PACKETS = int(os.environ.get("ATOLL_TEST_PACKETS", "20000"))
_SECONDS = 120 + _PACKETS // 1000
_FLOWS = "bytes=60..1514 flows=16 window=200"

_DEVICES = {"x86_64": (("microvm", "virtio-net-device"), ("q35", "virtio-net-pci,romfile=")),
            "arm64": (("virt", "virtio-net-device"), ("virt", "virtio-net-pci,romfile="))}


class _Test(ImageTest):
    """What pktgen says."""

    def said(self, outcome):
        return outcome.console.decode(errors="replace")

    def assert_all_came_back(self, outcome, packets):
        self.assert_exit(outcome)
        said = self.said(outcome)
        self.assertIn(f": {packets} packets sent, ", said)
        self.assertIn(f"pktgen: {packets} packets counted, ", said)
        self.assertIn("pktgen: 0 lost, 0 duplicated, 0 reordered, 0 stale, 0 damaged, ", said)
        self.assertIn("pktgen: all came back", said)
        # As many free as there were: nothing that was sent is kept.
        senders = re.search(r"buffers to send from: (\d+), (\d+) free", said)
        self.assertEqual(senders[1], senders[2], said)


class Cable(_Test):
    """On every platform."""

    def pktgen(self, words):
        return run(compose("pktgen"), words=f"-- {words}", timeout=_SECONDS)

    def test_all_comes_back(self):
        self.assert_all_came_back(
            self.pktgen(f"send=net0 count=net1 cable packets=20000 {_FLOWS}"), 20000)

    def test_all_comes_back_of_ipv6(self):
        self.assert_all_came_back(
            self.pktgen("send=net1 count=net0 cable packets=2000 bytes=mix flows=3 "
                        "from=fd00:18::1 to=fd00:19::1 rate=10000"), 2000)

    def test_without_a_link_it_ends_in_time(self):
        """Nobody has opened the other end."""
        outcome = self.pktgen("count=net0 cable seconds=1")
        self.assert_exit(outcome, status=1)
        self.assertIn("pktgen: waiting for a link", self.said(outcome))

    def test_a_mistake_is_told_with_its_remedy(self):
        for words, remedy in (("", "nothing to do: say send=net0 count=net1, or help"),
                              ("send=net7", "add NET=netns to the command, or cable"),
                              ("send=net0 cable bytes=1515",
                               "net0 takes frames of 1514 bytes at most: make bytes= less")):
            outcome = self.pktgen(words)
            self.assert_exit(outcome, status=2)
            self.assertIn(remedy, self.said(outcome))

    def test_help(self):
        outcome = self.pktgen("--help")
        self.assert_exit(outcome)
        self.assertIn("  window=  ", self.said(outcome))


@unittest.skipIf(PLAT == "xen", "the devices are virtio ones")
class Machine(_Test):
    """Devices of the machine."""

    def test_two_devices_on_a_hub(self):
        for machine, model in _DEVICES[ARCH]:
            with self.subTest(machine=machine, model=model):
                extra = []
                for number in range(2):
                    extra += ["-netdev", f"hubport,id=port{number},hubid=0",
                              "-device", f"{model},netdev=port{number}"]
                self.assert_all_came_back(
                    run(compose("pktgen"), machine=machine, timeout=_SECONDS, extra=extra,
                        words=f"-- send=net0 count=net1 packets=20000 {_FLOWS}"), 20000)

    def test_what_never_comes_is_told_by_the_status(self):
        machine, model = _DEVICES[ARCH][0]
        outcome = run(compose("pktgen"), machine=machine, words="-- count=net0 packets=7 seconds=1",
                      extra=["-netdev", "hubport,id=port,hubid=0",
                             "-device", f"{model},netdev=port"])
        self.assert_exit(outcome, status=1)
        self.assertIn("pktgen: 7 lost, ", self.said(outcome))

    def by_way_of(self, app, words):
        """What `app` says, by which the packets that go out by the one interface come back by
        the other."""
        machine = _DEVICES[ARCH][-1][0]   # one with a power button
        with contextlib.ExitStack() as stack:
            near, far = _cables(stack, 2)
            wire = _Other(compose(app), machine, far, words, self.scratch() / "monitor")
            outcome = run(compose("pktgen"), machine=machine, timeout=_SECONDS, devices=near,
                          words=f"-- send=net0 count=net1 packets={_PACKETS} {_FLOWS}")
            other = wire.stop()
        self.assert_all_came_back(outcome, _PACKETS)
        self.assert_exit(other)
        return self.said(other)

    def test_a_second_image_joins_the_two(self):
        self.assertIn(f"pktgen: {_PACKETS} packets handed on, {_PACKETS} there and 0 back",
                      self.by_way_of("pktgen", "wire=net0,net1 progress=0"))

    def test_a_network_function_joins_the_two(self):
        said = self.by_way_of("netfn", "net0 -> filter deny udp to_port 7, allow -> count -> net1; "
                                       "net1 -> net0")
        self.assertIn(f"netfn: count (line 1): packets {_PACKETS}, ", said)


def _cables(stack, count):
    """(Devices, Devices): so many interfaces each, the n-th of one joined to that of the other by
    sockets that nobody else can reach."""
    pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(count)]
    ends = []
    for side in zip(*pairs):
        descriptors = tuple(stack.enter_context(one).fileno() for one in side)
        ends.append(Devices(tuple(Interface(f"cable{number}", f"socket,fd={descriptor}")
                                  for number, descriptor in enumerate(descriptors)),
                            descriptors=descriptors))
    return ends


class _Other:
    """An image beside the one under test, until it is told to end."""

    def __init__(self, cell, machine, devices, words, monitor):
        self._monitor = monitor
        self._outcome = None
        self._thread = threading.Thread(target=self._run, args=(cell, machine, devices, words))
        self._thread.start()

    def _run(self, cell, machine, devices, words):
        self._outcome = run(cell, machine=machine, devices=devices, words=f"-- {words}",
                            timeout=_SECONDS + 60,
                            extra=["-qmp", f"unix:{self._monitor},server=on,wait=off"])

    def stop(self):
        """Presses its power button; its Outcome."""
        press_power_button(self._monitor)
        self._thread.join()
        return self._outcome


if __name__ == "__main__":
    unittest.main()
