# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What `make run NET=` makes for a boot, with images that have no driver: it is there, apart
from this machine's network, and gone in the end, however a runner ends."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
import unittest
from pathlib import Path

from atoll.__main__ import VARIABLES
from atoll.cell import root

from .harness import HERE, OUT, ImageTest, compose, make, why_no_namespaces

_NAMESPACES = Path("/run/netns")
_ENDS = str(HERE / "apps" / "ends")
_SECONDS = 60
_LOOPBACK = "0100007F"    # 127.0.0.1 as /proc/net/tcp writes it (proc(5))


class _Test(ImageTest):
    """Processes that are not ours end when they do."""

    def eventually(self, holds):
        deadline = time.monotonic() + _SECONDS
        while not holds():
            self.assertLess(time.monotonic(), deadline, "it never holds")
            time.sleep(0.05)


class _Runner:
    """`make run` without make, of an image that waits; leaving it kills it."""

    def __init__(self, **variables):
        inherited = {name: value for name, value in os.environ.items()
                     if name not in VARIABLES.values()}
        given = {"APP": _ENDS, "ARCH": "x86_64", "PLAT": "kvm", "O": OUT, "ARGS": "wait",
                 "PYTHONPATH": str(root() / "support")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "atoll", "run"], cwd=root(), env=inherited | given | variables,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True)
        self.said = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def read_until(self, text):
        """Until it has said that, or has ended."""
        deadline = time.monotonic() + _SECONDS
        while text not in self.said:
            if not select.select([self.process.stdout], [], [], deadline - time.monotonic())[0]:
                raise AssertionError(f"no {text!r} within {_SECONDS} s: {self.said}")
            piece = os.read(self.process.stdout.fileno(), 4096)
            if not piece:
                raise AssertionError(f"it ended without {text!r}: {self.said}")
            self.said += piece.decode(errors="replace")
        return self

    def end(self, number, again=False):
        """Sends the signal, or sends it `again` and again; the status it ends with, as a shell
        sees it."""
        self.process.send_signal(number)
        while again and self.process.poll() is None:
            time.sleep(0.002)
            self.process.send_signal(number)
        status = self.process.wait(_SECONDS)
        return status if status >= 0 else 128 - status

    @property
    def namespaces(self):
        """Those that are there now and bear its number."""
        return _of(self.process.pid)

    @property
    def monitors(self):
        """Its children."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children",
                  encoding="utf-8") as words:
            return [int(word) for word in words.read().split()]


def _of(number):
    names = os.listdir(_NAMESPACES) if _NAMESPACES.exists() else []
    return sorted(name for name in names if name.startswith(f"atoll-{number}-"))


def _inside(namespace, *command):
    return subprocess.run(["ip", "netns", "exec", namespace, *command], check=True, text=True,
                          capture_output=True, timeout=_SECONDS).stdout


_WHY_NOT = why_no_namespaces()


@unittest.skipIf(_WHY_NOT, _WHY_NOT)
class Namespaces(_Test):
    """NET=netns."""

    @classmethod
    def setUpClass(cls):
        compose(_ENDS, arch="x86_64", plat="kvm")

    def waiting(self, **variables):
        """A runner whose image waits."""
        runner = self.enterContext(_Runner(NET="netns", **variables))
        return runner.read_until("waiting")

    def assert_gone(self, runner, monitors):
        self.assertEqual(runner.namespaces, [])
        self.eventually(lambda: not any(_runs(monitor) for monitor in monitors))

    def test_each_side_has_its_addresses_and_nothing_else(self):
        mine = sorted(os.listdir("/sys/class/net"))
        runner = self.waiting()
        self.assertEqual(sorted(os.listdir("/sys/class/net")), mine)
        for process in ("self", *runner.monitors):
            self.assertEqual(os.readlink(f"/proc/{process}/ns/net"),
                             os.readlink(f"/proc/{runner.process.pid}/ns/net"))
        left, right = runner.namespaces
        for namespace, net, net_6 in ((left, "198.18.0", "fd00:18:"), (right, "198.19.0", "fd00:19:")):
            said = _inside(namespace, "ip", "-o", "address")
            self.assertRegex(said, rf"tap +inet {re.escape(net)}\.1/24 ")
            self.assertRegex(said, rf"tap +inet6 {net_6}:1/64 ")
            self.assertEqual(set(re.findall(r"^\d+: (\S+)", said, re.MULTILINE)), {"lo", "tap"})
            self.assertIn(f"default via {net}.2 dev tap", _inside(namespace, "ip", "route"))
            self.assertIn(f"default via {net_6}:2 dev tap", _inside(namespace, "ip", "-6", "route"))
            self.assertIn(f"`ip netns exec {left} sh`", runner.said)
        self.assertEqual(runner.end(signal.SIGTERM), 143)

    def test_nothing_stays_of_an_image_that_ends(self):
        done = make("run", "APP=helloworld", "ARCH=x86_64", "NET=netns", "NET_QUEUES=2", f"O={OUT}")
        self.assertEqual(done.returncode, 0, done.stderr)
        names = set(re.findall(r"atoll-\d+-\d+-\w+", done.stderr))
        self.assertEqual(len(names), 2, done.stderr)
        self.assertFalse(names & set(os.listdir(_NAMESPACES)))

    def test_nothing_stays_of_a_monitor_that_does_not_start(self):
        done = make("run", "APP=helloworld", "ARCH=x86_64", "NET=netns", "NET_DEVICE=none-such",
                    f"O={OUT}")
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, "atoll: the monitor failed: .*none-such")
        names = set(re.findall(r"atoll-\d+-\d+-\w+", done.stderr))
        self.assertEqual(len(names), 2, done.stderr)
        self.assertFalse(names & set(os.listdir(_NAMESPACES)))

    def test_nothing_stays_of_a_runner_that_is_told_to_end(self):
        for number, again in ((signal.SIGTERM, False), (signal.SIGTERM, True),
                              (signal.SIGHUP, False), (signal.SIGINT, False)):
            with self.subTest(number.name, again=again):
                runner = self.waiting()
                monitors = runner.monitors
                self.assertEqual(len(runner.namespaces), 2)
                self.assertEqual(len(monitors), 1)
                self.assertEqual(runner.end(number, again), 128 + number)
                self.assert_gone(runner, monitors)

    def test_what_a_killed_runner_leaves_goes_with_the_next(self):
        killed = self.waiting()
        monitors, left = killed.monitors, killed.namespaces
        self.assertEqual(killed.end(signal.SIGKILL), 137)
        self.assertEqual(killed.namespaces, left)
        runner = self.waiting()
        self.assert_gone(killed, monitors)
        self.assertEqual(len(runner.namespaces), 2)
        runner.end(signal.SIGTERM)

    def test_two_at_a_time(self):
        first, second = self.waiting(), self.waiting()
        self.assertEqual((len(first.namespaces), len(second.namespaces)), (2, 2))
        self.assertEqual(second.end(signal.SIGTERM), 143)
        self.assertEqual((len(first.namespaces), len(second.namespaces)), (2, 0))
        self.assertIn("tap", _inside(first.namespaces[0], "ip", "link"))
        self.assertEqual(first.end(signal.SIGTERM), 143)
        self.assertEqual(first.namespaces, [])

    def test_each_side_leads_to_its_own_interface(self):
        """QEMU sees the first frame of each also where no driver takes it."""
        file = self.scratch() / "frames"
        runner = self.waiting(PCAP=str(file))
        for namespace in runner.namespaces:
            link = _inside(namespace, "ip", "-o", "link", "show", "tap")
            address = re.search(r"link/ether (\S+)", link)[1]
            capture = Path(f"{file}.{namespace.rpartition('-')[2]}")
            # A file's header, a frame's header, the receiver's address, the sender's, a type.
            self.eventually(lambda: capture.stat().st_size > 24 + 16 + 14)
            self.assertEqual(capture.read_bytes()[24 + 16 + 6:24 + 16 + 12].hex(":"), address)
        runner.end(signal.SIGTERM)


def _runs(number):
    """Whether a process of that number is there, and no zombie."""
    try:
        with open(f"/proc/{number}/stat", encoding="utf-8") as text:
            return text.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class User(_Test):
    """NET=user."""

    @classmethod
    def setUpClass(cls):
        compose(_ENDS, arch="x86_64", plat="kvm")

    def waiting(self, port):
        """(a runner whose image waits, the ports of this machine that it has)."""
        runner = self.enterContext(_Runner(NET="user", PORT=port)).read_until("waiting")
        return runner, [int(number) for number in re.findall(r"127\.0\.0\.1:(\d+) is port",
                                                             runner.said)]

    def test_ports_are_forwarded_on_the_loopback_address_only(self):
        runner, (tcp, udp) = self.waiting(":80 :53/udp")
        with socket.create_connection(("127.0.0.1", tcp), _SECONDS):
            pass
        self.assertEqual(_bound("tcp", tcp), {_LOOPBACK})
        self.assertEqual(_bound("udp", udp), {_LOOPBACK})
        self.assertEqual(_bound("tcp6", tcp) | _bound("udp6", udp), set())
        self.assertEqual(runner.end(signal.SIGTERM), 143)
        self.eventually(lambda: not _bound("tcp", tcp, listening=True) | _bound("udp", udp))

    def test_two_at_a_time(self):
        (_, (one,)), (_, (other,)) = self.waiting(":80"), self.waiting(":80")
        self.assertNotEqual(one, other)
        for number in (one, other):
            with socket.create_connection(("127.0.0.1", number), _SECONDS):
                pass
        done = make("run", "APP=helloworld", "ARCH=x86_64", "NET=user", f"PORT={one}:80",
                    f"O={OUT}")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"atoll: PORT=: port {one} of 127.0.0.1 cannot be had", done.stderr)

    def test_a_port_can_be_had_again_at_once(self):
        """Though TCP remembers its former connections for a minute."""
        runner, (number,) = self.waiting(":80")
        with socket.create_connection(("127.0.0.1", number), _SECONDS):
            self.assertEqual(runner.end(signal.SIGTERM), 143)
        self.assertEqual(self.waiting(f"{number}:80")[1], [number])


def _bound(protocol, port, listening=False):
    """The addresses where that port is bound (listens, with TCP), as proc(5) writes them."""
    found = set()
    with open(f"/proc/net/{protocol}", encoding="utf-8") as lines:
        for line in list(lines)[1:]:
            address, number = line.split()[1].split(":")
            if int(number, 16) == port and (not listening or line.split()[3] == "0A"):
                found.add(address)
    return found


if __name__ == "__main__":
    unittest.main()
