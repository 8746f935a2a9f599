# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""A client of QEMU's debugger interface (GDB manual, appendix E, Remote Serial
Protocol): stops a guest at an address and changes what it finds there."""

import contextlib
import socket
import struct
import threading
import time

from .harness import run


# In QEMU's gdb-xml/i386-64bit.xml; at a PVH image's entry it holds the address of struct
# hvm_start_info (xen/docs/misc/pvh.pandoc).
START_INFO_REGISTER = 1

_PVH_NOTE = struct.pack("<III4s", 4, 8, 18, b"Xen")   # XEN_ELFNOTE_PHYS32_ENTRY


def pvh_entry(cell):
    """The physical address where a PVH loader starts the image of `cell`."""
    image = cell.image.read_bytes()
    entry, = struct.unpack_from("<Q", image, image.index(_PVH_NOTE) + len(_PVH_NOTE))
    return entry


def run_changed(cell, scratch, address, change, **how):
    """Boots `cell`; when it is about to run the instruction at the physical `address`
    for the first time, calls `change(remote)`; its Outcome."""
    path = scratch / "gdb"
    failures = []

    def attend():
        try:
            with Remote(path) as remote:
                remote.run_to(address)
                change(remote)
        except Exception as error:
            failures.append(error)

    attendant = threading.Thread(target=attend)
    attendant.start()
    outcome = run(cell, extra=["-S", "-gdb", f"unix:{path},server=on,wait=off"], **how)
    attendant.join()
    if failures:
        raise failures[0]
    return outcome


class Remote:
    """A connection; leaving it detaches, and the guest runs on."""

    def __init__(self, path, timeout=20):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout)
        deadline = time.monotonic() + timeout
        while True:
            try:
                self._socket.connect(str(path))
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
        self._stream = self._socket.makefile("rb")
        # QEMU tells single registers only to whom it has described them.
        self.ask("qXfer:features:read:target.xml:0,ffb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # The guest may have ended before the monitor's answer is acknowledged.
        with contextlib.suppress(ConnectionError):
            self.ask("D")
        self._stream.close()
        self._socket.close()

    def ask(self, text):
        """Sends one packet; the answer's text."""
        data = text.encode()
        self._socket.sendall(b"$%b#%02x" % (data, sum(data) & 255))
        while (byte := self._stream.read(1)) != b"$":
            if not byte:
                raise ConnectionError("the monitor closed the debugger's connection")
        answer = bytearray()
        while (byte := self._stream.read(1)) != b"#":
            if not byte:
                raise ConnectionError("the monitor closed the debugger's connection")
            answer += byte
        self._stream.read(2)
        self._socket.sendall(b"+")
        if answer.startswith(b"E"):
            raise RuntimeError(f"the monitor refuses {text}: {answer.decode()}")
        return answer.decode()

    def run_to(self, address):
        """Lets the guest run up to a hardware breakpoint at `address`."""
        self.ask(f"Z1,{address:x},1")
        stopped = self.ask("c")
        if not stopped.startswith("T05"):
            raise RuntimeError(f"the guest stopped otherwise: {stopped}")
        self.ask(f"z1,{address:x},1")

    def register(self, number, size=8):
        """A register by the target's numbering, little-endian."""
        return int.from_bytes(bytes.fromhex(self.ask(f"p{number:x}"))[:size], "little")

    def set_register(self, number, value, size=8):
        """Writes a register."""
        self.ask(f"P{number:x}={value.to_bytes(size, 'little').hex()}")

    def read(self, address, size):
        """Memory as the current CPU sees it."""
        return bytes.fromhex(self.ask(f"m{address:x},{size:x}"))

    def write(self, address, data):
        """Writes memory."""
        self.ask(f"M{address:x},{len(data):x}:{data.hex()}")
