# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""netfn between two cables whose other ends the test holds, and between two namespaces."""

import itertools
import os
import re
import select
import socket
import struct
import subprocess
import sys
import threading
import unittest

from atoll import network
from atoll.cell import root
from atoll.devices import Devices, Interface

from .harness import (ARCH, PLAT, ImageTest, arguments, compose, press_power_button, run,
                      why_no_namespaces)

_MOST_BYTES = 131072
# With a power button.
_MACHINE = {"x86_64": "q35", "arm64": "virt"}
# Where a forwarder is to run: buses and forms of rings.
_MACHINES = {"x86_64": (("q35", ""), ("q35", "packed=on"), ("pc", "")),
             "arm64": (("virt", ""), ("virt", "packed=on"), ("virt", "virtio-net-device"))}
# With one, and with virtio-mmio alone, whose places QEMU tells from the last one on.
_WITHOUT_PCI = {"x86_64": ("microvm",), "arm64": ()}
_SECONDS = 30
_WHY_NOT = why_no_namespaces()


class _Cable:
    """QEMU's end of an interface: frames as UDP packets on 127.0.0.1."""

    def __init__(self, test):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        test.addCleanup(self.socket.close)
        self.socket.bind(("127.0.0.1", 0))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            self.peer = free.getsockname()

    def interface(self, name):
        own = self.socket.getsockname()
        return Interface(name, f"socket,udp=127.0.0.1:{own[1]},"
                               f"localaddr=127.0.0.1:{self.peer[1]}")

    def send(self, *frames):
        for frame in frames:
            self.socket.sendto(frame, self.peer)

    def receive(self, count, seconds=_SECONDS):
        """So many frames; fewer where no further one comes within the time."""
        frames = []
        while len(frames) < count and select.select([self.socket], [], [], seconds)[0]:
            frames.append(self.socket.recv(65536))
        return frames

    def silent(self):
        """Whether nothing comes for a while."""
        return not select.select([self.socket], [], [], 0.5)[0]


def _frame(number, length=60, kind=0x88b5):
    """An Ethernet frame with a number; the type is one for experiments (IEEE 802 §9.2.4)."""
    head = bytes([2, 0, 0, 0, 0, 0xb, 2, 0, 0, 0, 0, 0xa]) + struct.pack("!HI", kind, number)
    return head + bytes(i & 255 for i in range(length - len(head)))


def counters_of(console):
    """{"net0": {"received": 3, ...}, ...} of the last report."""
    found = {}
    for line in console.decode(errors="replace").splitlines():
        if match := re.fullmatch(r"netfn: ([^:]+): ((?:[a-z0-9 ]+ \d+(?:, )?)+)", line.strip()):
            found[match[1]] = {name: int(value) for name, value in
                               re.findall(r"([a-z0-9 ]*?[a-z0-9]) (\d+)(?:, |$)", match[2])}
    return found


class _Netfn(ImageTest):
    """Runs netfn with a cable on each side."""

    def forward(self, play, words="", settings=None, machine=None, model="", extra=(),
                timeout=90, **where):
        """(the counters, the console) of an image whose power button is pressed when
        play(left, right) has returned."""
        left, right, path = _Cable(self), _Cable(self), self.scratch() / "monitor"
        raised, thread = [], []

        def work():
            try:
                play(left, right)
            except BaseException as error:   # pylint: disable=broad-exception-caught
                raised.append(error)
            press_power_button(path)

        def on_output(_process, console):
            if b"netfn: forwarding" in console and not thread:
                thread.append(threading.Thread(target=work))
                thread[0].start()

        devices = Devices((left.interface("left"), right.interface("right")), model)
        outcome = run(compose("netfn", settings, **where), words=words, on_output=on_output,
                      machine=machine or _MACHINE[ARCH], devices=devices, timeout=timeout,
                      extra=[*extra, "-qmp", f"unix:{path},server=on,wait=off"])
        for one in thread:
            one.join()
        if raised:
            raise AssertionError(outcome.console.decode(errors="replace")) from raised[0]
        self.assert_exit(outcome)
        counters = counters_of(outcome.console)
        both = counters["all"]
        self.assertEqual(both["received"] + both["made"], both["sent"] + both["dropped"],
                         outcome.console.decode(errors="replace"))
        return counters, outcome.console

    def refused(self, words, *sentences, extra=()):
        """The image says what is wrong with its configuration, and ends with status 2."""
        left, right = _Cable(self), _Cable(self)
        devices = Devices((left.interface("left"), right.interface("right")))
        outcome = run(compose("netfn"), words=words, devices=devices, extra=extra)
        self.assert_exit(outcome, 2)
        for sentence in sentences:
            self.assertIn(sentence, outcome.console)


class Wire(_Netfn):
    """What it does out of the box."""

    def test_image_has_at_most_128_kib(self):
        self.assertLessEqual(compose("netfn").image.stat().st_size, _MOST_BYTES)

    def both_ways(self, left, right):
        for number in range(0, 2_000, 50):
            frames = [_frame(i, 60 + i % 1_400) for i in range(number, number + 50)]
            left.send(*frames)
            self.assertEqual(right.receive(50), frames)
            right.send(*frames[:20])
            self.assertEqual(left.receive(20), frames[:20])

    def test_forwards_both_ways_in_order(self):
        for machine, model in _MACHINES[ARCH]:
            with self.subTest(machine=machine, model=model):
                packed = "NETDEV_VIRTIO_PACKED=y" if "packed" in model else None
                counters, console = self.forward(self.both_ways, settings=packed, machine=machine,
                                                 model=model)
                self.assertIn(b"netfn: no configuration says otherwise: "
                              b"net0 -> net1; net1 -> net0", console)
                self.assertEqual(counters["net0"]["received"], 2_000)
                self.assertEqual(counters["net1"]["sent"], 2_000)
                self.assertEqual(counters["net1"]["received"], 800)
                self.assertEqual(counters["net0"]["sent"], 800)

    def test_other_schedulers(self):
        for settings in ("LIB_SCHED_COOP=y", "LIB_SCHED_PREEMPT=y"):
            with self.subTest(settings=settings):
                self.forward(self.both_ways, settings=settings)

    def test_frames_of_any_length(self):
        """What is no frame of this network is dropped, and the others pass."""
        def play(left, right):
            for length in (1, 13, 14, 15, 59, 60, 1_514, 1_518, 1_519, 2_048, 9_000, 65_000):
                left.send(_frame(7, max(length, 18))[:length])
                left.send(_frame(length))
                got = right.receive(1)
                while got and got[-1] != _frame(length):
                    got += right.receive(1)
                self.assertEqual(got[-1:], [_frame(length)], length)
                for frame in got[:-1]:
                    self.assertLessEqual(len(frame), 1_518)

        self.forward(play)


def _udp(number, port, tag=b""):
    """A frame of UDP over IPv4 to that port, whose number is its payload; sums are left out."""
    payload = struct.pack("!HHHHI", 4_000, port, 12, 0, number) + bytes(14)
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 32, 0, 0, 64, 17, 0, bytes((198, 18, 0, 1)),
                       bytes((198, 18, 0, 2)))
    return bytes([2, 0, 0, 0, 0, 0xb, 2, 0, 0, 0, 0, 0xa]) + tag + b"\x08\x00" + head + payload


class Elements(_Netfn):
    """What lies on the way."""

    def test_rules(self):
        def play(left, right):
            for number in range(20):
                batch = [_udp(i, 53 + i % 3) for i in range(number * 30, number * 30 + 30)]
                left.send(*batch, _frame(number), batch[1][:40])
                allowed = [frame for i, frame in enumerate(batch) if i % 3 != 2]
                self.assertEqual(right.receive(20), allowed)
            self.assertTrue(right.silent())

        counters, _ = self.forward(
            play, "-- net0 -> filter deny udp port 55, allow ip4 to 198.18.0.2 -> net1")
        self.assertEqual(counters["filter (line 1)"],
                         {"dropped by rule 1": 200, "by rule 2": 400, "dropped by no rule": 20,
                          "dropped malformed": 20})

    def test_tags(self):
        tag = b"\x81\x00\x00\x0a"

        def play(left, right):
            left.send(_udp(1, 53), _udp(2, 53))
            self.assertEqual(right.receive(2), [_udp(1, 53, tag), _udp(2, 53, tag)])
            right.send(_udp(3, 53), _udp(4, 53, tag), _udp(5, 53, b"\x81\x00\x00\x0b"))
            self.assertEqual(left.receive(1), [_udp(4, 53)])
            self.assertTrue(left.silent())

        self.forward(play, "-- net0 -> vlan_push 10 -> net1; net1 -> vlan_pop 10 -> net0")

    def test_limit(self):
        def play(left, right):
            left.send(*(_frame(i) for i in range(50)))
            self.assertEqual(right.receive(5), [_frame(i) for i in range(5)])
            self.assertTrue(right.silent())

        counters, _ = self.forward(play, "-- net0 -> limit 1 burst 5 -> net1")
        self.assertGreaterEqual(counters["limit (line 1)"]["dropped too many"], 40)

    def test_switch(self):
        def play(left, right):
            left.send(_frame(1))
            self.assertEqual(right.receive(1), [_frame(1)])
            back = _frame(2)[6:12] + _frame(2)[:6] + _frame(2)[12:]
            right.send(back, _frame(3))
            self.assertEqual(left.receive(1), [back])
            self.assertTrue(left.silent())

        counters, _ = self.forward(play, settings="LIB_PACKET_ELEMENTS_SWITCH=y", words=
                                   "-- s = switch 2; net0 -> s.0 -> net0; net1 -> s.1 -> net1")
        self.assertEqual(counters["s"]["dropped at home"], 1)


class Page(_Netfn):
    """docs/network-function.md."""

    def test_element_outside_the_tree(self):
        folder = self.scratch()
        page = (root() / "docs" / "network-function.md").read_text(encoding="utf-8")
        for name, text in re.findall(r"^```\w+ file=(\S+)\n(.*?)^```$", page, re.M | re.S):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")

        def play(left, right):
            left.send(*(_frame(i) for i in range(10)))
            self.assertEqual(right.receive(4), [_frame(i) for i in (0, 3, 6, 9)])
            self.assertTrue(right.silent())

        sample = {"libs": str(folder / "sample"), "out": str(folder / "out")}
        counters, _ = self.forward(play, "-- net0 -> sample 3 -> net1; net1 -> net0",
                                   "LIB_SAMPLE=y", **sample)
        self.assertEqual(counters["sample (line 1)"], {"seen": 10, "dropped left out": 6})


class Configuration(_Netfn):
    """Where it comes from, and what is wrong with it."""

    def file(self, text):
        path = self.scratch() / "netfn.conf"
        path.write_text(text, encoding="utf-8")
        return ["-initrd", str(path)]

    def one_way(self, left, right):
        left.send(_frame(1))
        right.send(_frame(2))
        self.assertEqual(right.receive(1), [_frame(1)])
        self.assertTrue(left.silent())

    def test_command_line(self):
        counters, _ = self.forward(self.one_way, "-- c = count ; net0 -> c -> net1")
        self.assertEqual(counters["c"], {"packets": 1, "bytes": 60})

    def test_file(self):
        counters, console = self.forward(self.one_way, extra=self.file(
            "# One way only.\nset report 1\nnet0 -> count -> net1\nnet1\n  -> drop\n"))
        self.assertEqual(counters["count (line 3)"]["packets"], 1)
        self.assertEqual(counters["drop (line 5)"]["dropped unwanted"], 1)

    def test_command_line_before_file(self):
        self.forward(self.one_way, '-- "net0 -> net1"',
                     extra=self.file("net0 -> drop; net1 -> net0"))
        counters, _ = self.forward(self.one_way, "-- set report 86400",
                                   extra=self.file("set report 1; net0 -> count -> net1"))
        self.assertEqual(counters["count (line 1)"]["packets"], 1)

    def test_reports_every_few_seconds(self):
        def play(left, right):
            for number in itertools.count():
                left.send(_frame(number))
                if not right.receive(1, 1) or number == 8:
                    break
                self.assertTrue(left.silent())

        _, console = self.forward(play, "-- set report 1")
        self.assertGreaterEqual(console.count(b"netfn: all:"), 3)

    def test_ends_by_itself(self):
        left, right, sent = _Cable(self), _Cable(self), []

        def on_output(_process, console):
            if b"netfn: forwarding" in console and not sent:
                sent.extend(_frame(number) for number in range(3))
                left.send(*sent)

        devices = Devices((left.interface("left"), right.interface("right")))
        outcome = run(compose("netfn"), words="-- set packets 3 ; set batch 1", devices=devices,
                      on_output=on_output)
        self.assert_exit(outcome)
        self.assertEqual(counters_of(outcome.console)["all"]["received"], 3)
        self.assertEqual(right.receive(3), sent)

    def test_mistakes(self):
        self.refused("-- net0 -> filtr -> net1",
                     b"netfn: the command line, line 1, column 9: there is no element or "
                     b"interface `filtr`; there are: count drop")
        self.refused("", b"netfn: the file, line 2, column 18: behind the arrow an interface or "
                         b"element is missing", extra=self.file("# Here.\nnet1 -> # nothing"))
        self.refused("-- net0 -> net5", b"there is no element or interface `net5`; there are:",
                     b" net0 net1\r\n")
        self.refused("-- set report x", b"`set report` takes a number up to 86400, not `x`")

    def test_without_interfaces(self):
        outcome = run(compose("netfn"))
        self.assert_exit(outcome, 2)
        self.assertIn(b"netfn: there is no network interface: add NET=netns to the command",
                      outcome.console)


# That two hosts send through a filter, altogether; some more are dropped.
_PACKETS = int(os.environ.get("ATOLL_TEST_PACKETS", "6000"))
_NUMBERS = _PACKETS // 2 // 30 * 30    # each of which comes back

# What two hosts do: the right one answers UDP on two ports of an address in the left network,
# the left one pings it, sends numbers to both ports and says what came back.
_RIGHT = """
import socket
answering = []
for port in (5000, 5001):
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(("198.18.0.77", port))
    answering.append(one)
import select
print("ready", flush=True)
while True:
    for one in select.select(answering, [], [])[0]:
        data, sender = one.recvfrom(2048)
        one.sendto(data, sender)
"""
_LEFT = """
import socket, struct, sys
ping = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
ping.settimeout(30)
def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    return ~((total & 0xffff) + (total >> 16)) & 0xffff
for number in range(5):
    request = struct.pack("!BBHHH", 8, 0, 0, 7, number)
    request = request[:2] + struct.pack("!H", checksum(request)) + request[4:]
    ping.sendto(request, ("198.18.0.77", 0))
    while ping.recv(2048)[20:21] != bytes(1):
        pass
print("ping", flush=True)
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.settimeout(30)
for number in range(0, int(sys.argv[1]), 30):
    sent = list(range(number, number + 30))
    for i in sent:
        udp.sendto(struct.pack("!I", i) * (1 + i % 300), ("198.18.0.77", 5000))
        if i % 3 == 0:
            udp.sendto(b"denied", ("198.18.0.77", 5001))
    came = [struct.unpack("!I", udp.recv(2048)[:4])[0] for _ in sent]
    if came != sent:
        sys.exit(f"{came} instead of {sent}")
print("in order", flush=True)
"""

# The same over a router: what becomes of a packet's life, an address without a host, and as many
# numbers.
_ROUTED_RIGHT = """
import socket
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
one.bind(("198.19.0.1", 5000))
IP_RECVTTL = 12    # linux/in.h
one.setsockopt(socket.IPPROTO_IP, IP_RECVTTL, 1)
print("ready", flush=True)
while True:
    data, options, _, sender = one.recvmsg(2048, 64)
    one.sendto(data if data != b"life" else options[0][2][:1], sender)
"""
_ROUTED_LEFT = """
import select, socket, struct
ping = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    return ~((total & 0xffff) + (total >> 16)) & 0xffff
def answer(address, number, seconds):
    request = struct.pack("!BBHHH", 8, 0, 0, 7, number) + bytes(range(56))
    request = request[:2] + struct.pack("!H", checksum(request)) + request[4:]
    ping.sendto(request, (address, 0))
    while select.select([ping], [], [], seconds)[0]:
        data = ping.recv(2048)
        if data[20:22] == bytes(2) and data[24:] == request[4:]:
            return f"answers with life {data[8]}"
    return "is silent"
for address in ("198.18.0.2", "198.19.0.2", "198.19.0.1"):
    print(address, *{answer(address, number, 30) for number in range(5)})
print("198.19.0.99", answer("198.19.0.99", 0, 1.5))
ping.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 1)
print("198.19.0.1 with life 1", answer("198.19.0.1", 9, 1))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.settimeout(30)
udp.sendto(b"life", ("198.19.0.1", 5000))
print("198.19.0.1 has seen life", udp.recv(2048)[0])
came = []
for number in range(0, 10000, 50):
    for i in range(number, number + 50):
        udp.sendto(struct.pack("!I", i) * (1 + i % 360), ("198.19.0.1", 5000))
    came += [struct.unpack("!I", udp.recv(2048)[:4])[0] for _ in range(50)]
print("in order" if came == list(range(10000)) else came, flush=True)
"""


@unittest.skipIf(_WHY_NOT, _WHY_NOT)
class Namespaces(_Netfn):
    """NET=netns: two hosts with a system of their own, and what they say over a filter."""

    def inside(self, namespace, *command):
        """What runs `command` there."""
        return ["ip", "netns", "exec", namespace, *command]

    def ends(self):
        """The names of both namespaces."""
        return [name for side in ("left", "right") for name in os.listdir("/run/netns")
                if re.fullmatch(rf"atoll-{os.getpid()}-\d+-{side}", name)]

    def set_up(self, namespace, *words):
        subprocess.run(self.inside(namespace, "ip", *words), check=True, timeout=_SECONDS)

    def talk(self, left, right, answers, *asks):
        """What the left one says while the right one answers: Python programs."""
        with subprocess.Popen(self.inside(right, sys.executable, "-c", answers),
                              stdout=subprocess.PIPE) as answering:
            try:
                answering.stdout.readline()
                done = subprocess.run(self.inside(left, sys.executable, "-c", *asks), text=True,
                                      timeout=3 * _SECONDS + _PACKETS // 200,
                                      capture_output=True, check=False)
                return done.stdout + done.stderr
            finally:
                answering.kill()

    def bridged(self):
        left, right = self.ends()
        self.set_up(right, "address", "add", "198.18.0.77/24", "dev", "tap")
        self.set_up(right, "address", "del", "198.19.0.1/24", "dev", "tap")
        return self.talk(left, right, _RIGHT, _LEFT, str(_NUMBERS))

    def routed(self):
        left, right = self.ends()
        return self.talk(left, right, _ROUTED_RIGHT, _ROUTED_LEFT)

    def between(self, hosts, words, machine=None, settings=None):
        """(what `hosts` returned, the counters) of an image with those words."""
        path, said, threads = self.scratch() / "monitor", [], []

        def play():
            try:
                said.append(hosts())
            finally:
                press_power_button(path)

        def on_output(_process, console):
            if b"netfn: forwarding" in console and not threads:
                threads.append(threading.Thread(target=play))
                threads[0].start()

        with network.devices(arguments(net="netns"), PLAT) as devices:
            outcome = run(compose("netfn", settings), devices=devices, words=words, timeout=150 + _PACKETS // 200,
                          machine=machine or _MACHINE[ARCH], on_output=on_output,
                          extra=["-qmp", f"unix:{path},server=on,wait=off"])
            for one in threads:
                one.join()
        self.assertEqual(len(said), 1, outcome.console.decode(errors="replace"))
        self.assert_exit(outcome)
        return said[0], counters_of(outcome.console)

    def test_two_hosts(self):
        for machine in sorted({_MACHINE[ARCH], *_WITHOUT_PCI[ARCH]}):
            with self.subTest(machine=machine):
                said, counters = self.between(
                    self.bridged, "-- net0 -> filter deny udp to_port 5001, allow -> net1; "
                                  "net1 -> net0", machine)
                self.assertEqual(said, "ping\nin order\n", counters)
                self.assertEqual(counters["filter (line 1)"]["dropped by rule 1"], _NUMBERS // 3)
                both = counters["all"]
                self.assertGreater(both["received"], 2 * _NUMBERS + _NUMBERS // 3)
                self.assertEqual(both["received"], both["sent"] + both["dropped"])

    def test_two_networks(self):
        said, counters = self.between(
            self.routed, "-- r = router 198.18.0.2/24, 198.19.0.2/24 ; "
                         "net0 -> r.0 -> net0 ; net1 -> r.1 -> net1",
            settings="LIB_PACKET_ELEMENTS_ROUTE=y")
        self.assertEqual(said, "198.18.0.2 answers with life 64\n"
                               "198.19.0.2 answers with life 64\n"
                               "198.19.0.1 answers with life 63\n"
                               "198.19.0.99 is silent\n"
                               "198.19.0.1 with life 1 is silent\n"
                               "198.19.0.1 has seen life 63\nin order\n", counters)
        router = counters["r"]
        self.assertEqual(router["echo answered"], 10)
        self.assertEqual(router["dropped expired"], 1)
        self.assertEqual(router["dropped unresolved"] + router["waiting"], 1)
        self.assertEqual(router["dropped malformed"] + router["dropped wrong checksum"], 0)
        self.assertGreaterEqual(router["forwarded"], 20_000)
        both = counters["all"]
        self.assertEqual(both["received"] + both["made"],
                         both["sent"] + both["dropped"] + router["waiting"])


if __name__ == "__main__":
    unittest.main()
