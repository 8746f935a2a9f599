# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""NET= and what goes with it: what is understood, refused, and told to QEMU."""

import contextlib
import io
import os
import socket
import tempfile
import types
import unittest
from pathlib import Path
from unittest import mock

from atoll import forwarding, qemu_devices, machines, namespaces, network
from atoll.__main__ import VARIABLES
from atoll.devices import NONE, USUAL, Devices, Interface
from atoll.errors import Mistake
from atoll.forwarding import Forwarding


class Test(unittest.TestCase):
    """What is refused is refused in one sentence."""

    def fails(self, text, what, *arguments, **named):
        with self.assertRaises(Mistake) as caught:
            what(*arguments, **named)
        self.assertIn(text, str(caught.exception))
        self.assertNotIn("\n", str(caught.exception))

    def devices(self, plat="kvm", **given):
        """(the Devices that the variables ask for, what was said)."""
        said = io.StringIO()
        arguments = types.SimpleNamespace(**dict.fromkeys(VARIABLES) | given)
        with contextlib.redirect_stderr(said), network.devices(arguments, plat) as found:
            return found, said.getvalue()


class Ports(Test):
    """PORT=."""

    def test_what_is_understood(self):
        self.assertEqual(forwarding.parse("8080:80"), [Forwarding(8080, 80, "tcp")])
        self.assertEqual(forwarding.parse("8080"), [Forwarding(8080, 8080, "tcp")])
        self.assertEqual(forwarding.parse("5353:53/udp"), [Forwarding(5353, 53, "udp")])
        self.assertEqual(forwarding.parse(":80"), [Forwarding(0, 80, "tcp")])
        self.assertEqual(forwarding.parse("0:80/tcp"), [Forwarding(0, 80, "tcp")])
        self.assertEqual(forwarding.parse("53 53/udp,:80, :80"),
                         [Forwarding(53, 53, "tcp"), Forwarding(53, 53, "udp"),
                          Forwarding(0, 80, "tcp"), Forwarding(0, 80, "tcp")])
        self.assertEqual(forwarding.parse(""), [])

    def test_what_is_refused(self):
        for word in ("0", ":", "/udp", "http", "80:http", "80:0", "80:00", "0:0", ":0", "65536", "1:65536",
                     "-1", "1:2:3", "80/sctp", "127.0.0.1:80", "8080-:80", "123456", "80:"):
            self.fails(f"PORT={word} is no <host>[:<guest>][/udp]", forwarding.parse, f"9 {word}")
        self.fails("PORT= has port 80 lead to two ports", forwarding.parse, "80:1 80:2")

    def test_numbers_that_are_free_are_told_apart(self):
        """Two at a time; both are as good for a socket that listens as if nobody held them."""
        wanted = [Forwarding(0, 80, "tcp"), Forwarding(0, 53, "udp")] * 100
        with forwarding.reserved(wanted) as first, forwarding.reserved(wanted) as second:
            numbers = [one.host for one in first + second]
            self.assertNotIn(0, numbers)
            self.assertEqual(len(set(numbers)), len(numbers))
            with socket.socket() as server, socket.socket() as client:
                server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                server.bind((forwarding.ADDRESS, first[0].host))
                server.listen()
                client.connect((forwarding.ADDRESS, first[0].host))

    def test_one_that_is_taken(self):
        for protocol, kind in (("tcp", socket.SOCK_STREAM), ("udp", socket.SOCK_DGRAM)):
            with socket.socket(socket.AF_INET, kind) as other:
                other.bind((forwarding.ADDRESS, 0))
                if protocol == "tcp":
                    other.listen()
                number = other.getsockname()[1]
                with self.subTest(protocol):
                    self.fails(f"port {number} of 127.0.0.1 cannot be had (Address already in use); "
                               "PORT=:80 takes one", forwarding.reserved(
                                   [Forwarding(number, 80, protocol)]).__enter__)


class Variables(Test):
    """What they ask for."""

    def scratch(self):
        folder = tempfile.TemporaryDirectory(prefix="atoll-test-")
        self.addCleanup(folder.cleanup)
        return Path(folder.name)

    def test_nothing(self):
        self.assertEqual(self.devices(), (USUAL, ""))
        self.assertEqual(self.devices(net="none", rng="no"), (NONE, ""))
        self.assertEqual(self.devices(plat="xen"), (USUAL, ""))

    def test_user(self):
        found, said = self.devices(net="user", port=":80 :53/udp", net_device="packed=on")
        backend = found.interfaces[0].backend
        tcp, udp = (int(rule.split(":")[2].removesuffix("-")) for rule in backend.split(",")[1:])
        self.assertEqual(backend, f"user,hostfwd=tcp:127.0.0.1:{tcp}-:80,"
                                  f"hostfwd=udp:127.0.0.1:{udp}-:53")
        self.assertEqual((found.model, len(found.interfaces)), ("packed=on", 1))
        self.assertIn(f"network: 127.0.0.1:{tcp} is port 80 of the image\n", said)
        self.assertIn(f"network: 127.0.0.1:{udp} is port 53 of the image (UDP)\n", said)

    def test_what_is_refused(self):
        for text, given in (
                ("NET=tap is none of none, user, netns", {"net": "tap"}),
                ("RNG=off is neither yes nor no", {"rng": "off"}),
                ("PCAP=x is about network interfaces, and there is none", {"pcap": "x"}),
                ("NET_QUEUES=2 is about network interfaces", {"net_queues": "2"}),
                ("NET_DEVICE=e1000 is about network interfaces",
                 {"net": "none", "net_device": "e1000"}),
                ("NET_QUEUES= is for NET=netns", {"net": "user", "net_queues": "2"}),
                ("NET_QUEUES=0 is no number from 1 to 256", {"net": "netns", "net_queues": "0"}),
                ("NET_QUEUES=many is no number", {"net": "netns", "net_queues": "many"}),
                ("leave out PCAP= or NET_QUEUES=",
                 {"net": "netns", "net_queues": "2", "pcap": "x"}),
                ("NET=user is not there with PLAT=xen: without a toolstack nobody gives devices to "
                 "a guest: add MACHINE=xl", {"net": "user", "plat": "xen"}),
                ("dom0 has one way out, which is NET=user",
                 {"net": "netns", "plat": "xen", "machine": "xl"}),
                ("INITRD=: /no/such/file cannot be read (No such file or directory)",
                 {"initrd": "/no/such/file"}),
                ("INITRD= is not there with PLAT=xen: without a toolstack nobody loads it: add "
                 "MACHINE=xl", {"initrd": "/dev/null", "plat": "xen"}),
                ("leave out NET_DEVICE=",
                 {"net": "user", "plat": "xen", "machine": "xl", "net_device": "packed=on"})):
            with self.subTest(text):
                self.fails(text, self.devices, **given)

    def test_ram_disk(self):
        for plat, machine in (("kvm", None), ("xen", "xl")):
            found, _ = self.devices(initrd="/dev/null", plat=plat, machine=machine)
            self.assertEqual(found.ram_disk, Path("/dev/null"))

    def test_a_port_without_a_network_stops_nobody(self):
        """Many an environment has a PORT."""
        found, said = self.devices(port="3000")
        self.assertEqual((found, said), (USUAL, "network: PORT=3000 has no effect: it is for "
                                                "NET=user\n"))

    def test_capture(self):
        file = self.scratch() / "frames"
        found, _ = self.devices(net="user", pcap=str(file))
        self.assertEqual(found.interfaces[0].capture, file)

    def test_a_capture_that_cannot_be_written(self):
        folder = self.scratch()
        for place, why in ((folder, "Is a directory"),
                           (folder / "none" / "x", "No such file or directory")):
            self.fails(f"cannot be written ({why})", self.devices, net="user", pcap=str(place))

    def test_namespaces_take_root(self):
        with mock.patch.object(os, "geteuid", lambda: 1000):
            self.fails("takes root: sudo make run NET=netns, or NET=user", self.devices,
                       net="netns")

    def test_namespaces_take_iproute2(self):
        with mock.patch.object(os, "geteuid", lambda: 0), \
             mock.patch.object(namespaces.shutil, "which", lambda _: None):
            self.fails("ip is not installed; `make prerequisites`", self.devices, net="netns")


class Words(Test):
    """QEMU's command line."""

    _MODERN = ["-global", "virtio-mmio.force-legacy=false"]

    def interface(self, machine, model="", **more):
        """What -device takes of the second interface of two."""
        two = tuple(Interface(name, "user", **more) for name in ("first", "second"))
        said = qemu_devices.words(machine, Devices(two, model))
        return said[len(said) - 1 - said[::-1].index("-device") + 1]

    def test_each_machine_has_its_own_kind(self):
        for machine in ("microvm", "microvm,acpi=off"):
            self.assertEqual(self.interface(machine),
                             "virtio-net-device,bus=virtio-mmio-bus.2,netdev=second")
            self.assertEqual(qemu_devices.words(machine, USUAL),
                             [*self._MODERN, "-device", "virtio-rng-device"])
        for machine, modern in (("q35", []), ("pc", []), ("virt", self._MODERN),
                                ("virt-7.2,gic-version=3", self._MODERN)):
            self.assertEqual(self.interface(machine), "virtio-net-pci,romfile=,netdev=second")
            self.assertEqual(qemu_devices.words(machine, USUAL),
                             [*modern, "-device", "virtio-rng-pci"])
            self.assertEqual(qemu_devices.words(machine, NONE), modern)

    def test_properties_and_models(self):
        self.assertEqual(self.interface("q35", "packed=on,disable-legacy=on"),
                         "virtio-net-pci,romfile=,packed=on,disable-legacy=on,netdev=second")
        self.assertEqual(self.interface("q35", "e1000,romfile="), "e1000,romfile=,netdev=second")
        self.assertEqual(self.interface("virt", "virtio-net-device,packed=on"),
                         "virtio-net-device,packed=on,bus=virtio-mmio-bus.2,netdev=second")
        self.assertEqual(self.interface("microvm", "bus=virtio-mmio-bus.5"),
                         "virtio-net-device,bus=virtio-mmio-bus.5,netdev=second")

    def test_queues(self):
        self.assertEqual(self.interface("q35", queues=4),
                         "virtio-net-pci,romfile=,mq=on,netdev=second")
        self.assertEqual(self.interface("q35", "mq=off", queues=4),
                         "virtio-net-pci,romfile=,mq=off,netdev=second")

    def test_nothing_is_there_where_nobody_asks(self):
        """As where instructions are counted."""
        with tempfile.NamedTemporaryFile() as image:
            cell = types.SimpleNamespace(plat="kvm", arch="x86_64", image=Path(image.name))
            made, more = (machines.launch(cell, "tcg", **given) for given in ({}, {"devices": USUAL}))
        self.assertNotIn("-device", made.command)
        self.assertIn("-device", more.command)

    def test_capture(self):
        one = Interface("net", "user", capture=Path("/a,b"))
        said = qemu_devices.words("virt", Devices((one,)))
        self.assertEqual(said[said.index("-object") + 1],
                         "filter-dump,id=net-capture,netdev=net,file=/a,,b,maxlen=65535")
        self.assertEqual(said[said.index("-netdev") + 1], "user,id=net")


if __name__ == "__main__":
    unittest.main()
