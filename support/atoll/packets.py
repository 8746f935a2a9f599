# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make bench-packets`: guest instructions and exits of packets that are forwarded, sent,
received."""

import contextlib
import dataclasses
import re
import socket
import struct
import sys
import threading
import types

from .build import ARCHS, Configured, Request, build
from .counting import count, symbol_offsets
from .devices import Devices
from .errors import Mistake

# A bus of network devices: (its name, a machine, QEMU's device).
_BUSES = {"x86_64": (("mmio", "microvm", "virtio-net-device"),
                     ("pci", "q35", "virtio-net-pci,romfile=")),
          "arm64": (("mmio", "virt", "virtio-net-device"),
                    ("pci", "virt", "virtio-net-pci,romfile="))}

# Two boots, which differ in nothing but how many packets pass: so many that what depends on time
# (a clock that is calibrated, a CPU that sleeps once more) counts for little.
_FEW, _MANY = 2000, 52000

# That are under way at the same time on each side of a forwarder: fewer than its queues hold.
_LOAD = 100


@dataclasses.dataclass(frozen=True)
class Forwarder:
    """An app that hands on, both ways, what arrives at net0 and net1."""

    app: str
    what: str      # it does
    words: str     # of its arguments: {packets} after which it ends, {batch} at most at once
    ready: bytes   # what it writes once it forwards
    image: int     # bytes that its image may have
    judged: bool = True   # whether its costs have targets


# Where an app reports what an interface did: the numbers of notifications and of interrupts.
_EXITS = re.compile(rb"(\d+) notifications, (\d+) interrupts"
                    rb"|interrupts (\d+), notifications (\d+)")

_NETFN = "set packets {packets} ; set batch {batch}"
FORWARDERS = (Forwarder("pktgen", "wire",
                        "wire=net0,net1 progress=0 packets={packets} batch={batch}",
                        b"a wire between", 139264),
              Forwarder("netfn", "wire", _NETFN, b"netfn: forwarding", 131072),
              Forwarder("netfn", "filter", f"{_NETFN} ; net0 -> filter deny tcp to_port 22, allow "
                        "-> net1 ; net1 -> filter deny tcp to_port 22, allow -> net0",
                        b"netfn: forwarding", 131072, judged=False))
_ENDPOINT, _OF_ENDS = "pktgen", ("sent_1514", "received_1514")

# Each row: its name, and what it may cost at most.
ROWS = {"forwarded_32": 600, "forwarded_1": None, "exits_32": 0.1, "exits_1": None,
        "to_first": None, "sent_1514": None, "received_1514": None, "image_bytes": None}


def bench_packets(arguments):
    """Prints what a packet costs on each bus; status 1 where that is more than the target.
    KVM's cells, in emulation."""
    if arguments.only not in (None, *ROWS):
        raise Mistake(f"there is no row {arguments.only}; there are {', '.join(ROWS)}")
    chosen = [one for one in FORWARDERS if arguments.app in (None, one.app)
              and (one.app == _ENDPOINT or arguments.only not in _OF_ENDS)]
    if not chosen:
        raise Mistake(f"{arguments.app} forwards nothing that is known; there are "
                      f"{', '.join(one.app for one in FORWARDERS)}")
    over = []
    for arch in ARCHS:
        if arguments.arch in (None, arch):
            for forwarder in chosen:
                over += _measure(arguments, arch, forwarder)
    if over:
        raise Mistake("\natoll: ".join(over), status=1)


def _measure(arguments, arch, forwarder):
    """Prints the rows of one app on each bus; a sentence for each that is above its target."""
    cell = _image(arguments, arch, forwarder.app)
    name = f"kvm-{arch} {forwarder.app} {forwarder.what}"
    over = _print(arguments, name, "image_bytes", cell.image.stat().st_size, forwarder.image)
    for bus, machine, device in _BUSES[arch]:
        where = f"{name} {bus}"
        print(f"measuring {where} ...", file=sys.stderr, flush=True)
        rows = _forward(arguments, cell, forwarder, machine, device)
        if forwarder.app == _ENDPOINT:
            rows |= _ends(arguments, cell, machine, device)
        for row, cost in rows.items():
            over += _print(arguments, where, row, cost, ROWS[row] if forwarder.judged else None)
    return over


def _image(arguments, arch, app):
    asked = types.SimpleNamespace(**vars(arguments))
    asked.app, asked.plat, asked.arch = app, "kvm", arch
    return build(Configured(Request(asked), quiet=True), quiet=True)


def _wanted(arguments, *rows):
    return any(arguments.only in (None, row) for row in rows)


def _print(arguments, where, row, cost, target):
    if not _wanted(arguments, row):
        return []
    digits = 0 if isinstance(cost, int) else 3 if cost < 10 else 1
    shown = f"{cost:,.{digits}f}"
    line = f"{where:30} {row:14} {shown:>12}"
    met = target is None or cost <= target
    if target is not None:
        line += f"   target {target:,}: {'met' if met else 'missed'}"
    print(line, flush=True)
    return [] if met else [f"{where}: {row} is {shown}, more than {target:,}"]


def _forward(arguments, cell, forwarder, machine, device):
    """The rows of packets of 64 bytes that pass."""
    rows = {}
    for batch in (32, 1):
        if not _wanted(arguments, f"forwarded_{batch}", f"exits_{batch}", "to_first"):
            continue
        few, many = (_circulate(cell, forwarder, machine, device, packets, batch)
                     for packets in (_FEW, _MANY))
        rows[f"forwarded_{batch}"] = (many.to_off - few.to_off) / (_MANY - _FEW)
        rows[f"exits_{batch}"] = (_exits(many) - _exits(few)) / (_MANY - _FEW)
        if batch == 32:
            rows["to_first"] = _first_send(cell, many)
    return rows


def _ends(arguments, cell, machine, device):
    """The rows of packets of 1,514 bytes that are sent, and of the same ones received."""
    if not _wanted(arguments, *_OF_ENDS):
        return {}
    sent, received, what = [], [], "payload=none progress=0"
    for packets in (_FEW, _MANY):
        with _cable(machine, device) as (boot, far):
            taken = _Taken(far)
            sent.append(boot.count(cell, f"send=net0 packets={packets} bytes=1514 {what}").to_off)
        frames = taken.all()
        with _cable(machine, device) as (boot, far):
            received.append(boot.count(cell, f"count=net0 packets={packets} {what}",
                                       b"counting on", _Given(far, frames).start).to_off)
    return {"sent_1514": (sent[1] - sent[0]) / (_MANY - _FEW),
            "received_1514": (received[1] - received[0]) / (_MANY - _FEW)}


def _circulate(cell, forwarder, machine, device, packets, batch):
    """The Counts of an app whose two interfaces are on one hub: what it sends by the one arrives
    at the other. What goes round comes by a third port."""
    ends = socket.socketpair()
    with contextlib.ExitStack() as stack:
        near, far = (stack.enter_context(end) for end in ends)
        extra = ["-netdev", f"socket,id=source,fd={near.fileno()}",
                 "-netdev", "hubport,id=third,hubid=0,netdev=source"]
        for number in range(2):
            extra += ["-netdev", f"hubport,id=port{number},hubid=0",
                      "-device", f"{device},netdev=port{number}"]
        load = _framed(_udp()) * _LOAD
        return _Boot(machine, extra, near).count(
            cell, forwarder.words.format(packets=packets, batch=batch), forwarder.ready,
            lambda: far.sendall(load))


def _udp():
    """A frame of 64 bytes with UDP over IPv4, without sums, which nobody looks at."""
    payload = struct.pack("!HHHH", 4000, 9, 30, 0) + bytes(22)
    head = struct.pack("!BBHHHBBHII", 0x45, 0, 20 + len(payload), 0, 0, 64, 17, 0, 0xc6120001,
                       0xc6130001)
    return b"\xff" * 6 + bytes(6) + b"\x08\x00" + head + payload


def _framed(frame):
    """As QEMU's stream sockets have it (its net/socket.c): the length before each frame."""
    return struct.pack(">I", len(frame)) + frame


@contextlib.contextmanager
def _cable(machine, device):
    """A boot with one interface, and our end of its cable."""
    near, far = socket.socketpair()
    with near, far:
        yield _Boot(machine, ["-netdev", f"socket,id=cable,fd={near.fileno()}",
                              "-device", f"{device},netdev=cable"], near), far


@dataclasses.dataclass
class _Boot:
    """A boot whose devices are in `extra`, one of which has our socket."""

    machine: str
    extra: list
    socket: socket.socket

    def count(self, cell, words, ready=b"", then=None):
        """Its Counts; `then` is called once it has written `ready`. Time goes by as it does:
        where it followed the instructions, a CPU that waits for a packet would come to its
        timeout first."""
        left = [then] if then else []

        def said(_process, console):
            if left and ready in console:
                left.pop()()

        return count(cell, words=f"-- {words}", machine=self.machine, extra=self.extra,
                     devices=Devices(descriptors=(self.socket.fileno(),)), timed=False,
                     on_output=said)


class _Taken:
    """Reads all that comes, until the other end is closed."""

    def __init__(self, end):
        self._end = end.dup()
        self._bytes = bytearray()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self):
        with self._end:
            while piece := self._end.recv(1 << 20):
                self._bytes += piece

    def all(self):
        """Once nobody else has the socket."""
        self._thread.join()
        return bytes(self._bytes)


class _Given(threading.Thread):
    """Writes all of `frames` to an end, or as much as somebody reads."""

    def __init__(self, end, frames):
        super().__init__(daemon=True)
        self._end, self._frames = end, frames

    def run(self):
        with contextlib.suppress(OSError):
            self._end.sendall(self._frames)


def _exits(counts):
    """Notifications and interrupts of all interfaces."""
    found = _EXITS.findall(counts.console)
    if not found:
        raise Mistake("the app does not tell its notifications and interrupts", status=1)
    return sum(int(number) for numbers in found for number in numbers if number)


def _first_send(cell, counts):
    """Instructions from the entry on, until a driver is first given a packet."""
    first = {address: before for address, before, _ in counts.places}
    at = [first[counts.base + offset] for name, offset in symbol_offsets(cell).items()
          if re.search(r"::do_send\(", name) and counts.base + offset in first]
    if not at:
        raise Mistake(f"{cell.name}: no driver was given a packet", status=1)
    return min(at) - counts.start
