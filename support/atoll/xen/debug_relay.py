# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Stands between gdb and QEMU on x86_64, where QEMU takes the addresses in an image's page
table for the computer's: answers what gdb asks of memory while the image runs, and hands
on the rest (gdb's manual, appendix E, Remote Protocol)."""

import contextlib
import re
import select
import socket
import threading

# Where Xen runs (xen/arch/x86/include/asm/config.h, XEN_VIRT_START, 1 GiB).
_XEN = range(0xffff_82d0_4000_0000, 0xffff_82d0_8000_0000)
# Numbers of QEMU's registers (gdb-xml/i386-64bit.xml).
_RIP, _CR0, _CR3 = 16, 27, 29

# What either side says: a packet, an acknowledgement, ctrl-C.
_SAID = re.compile(rb"\$([^#]*)#[0-9a-fA-F]{2}|[^$]")
_READ = re.compile(rb"m([0-9a-f]+),([0-9a-f]+)")


class DebugRelay:
    """Listens on one socket, and talks to QEMU on another."""

    def __init__(self, memory):
        """`memory` makes the NestedMemory when the first question comes."""
        self._make, self._memory = memory, None
        self._gdb = self._qemu = None

    def start(self, stub, place):
        """Begins to serve gdb at the path `place`, with QEMU at the path `stub`."""
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(place)
        listener.listen(1)
        threading.Thread(target=self._serve, args=(listener, stub), daemon=True).start()

    def _serve(self, listener, stub):
        with listener, socket.socket(socket.AF_UNIX) as self._qemu:
            self._gdb = listener.accept()[0]
            self._qemu.connect(stub)
            with self._gdb, contextlib.suppress(ConnectionError):
                self._hand_on()

    def _hand_on(self):
        asked = b""
        while True:
            ready = select.select([self._gdb, self._qemu], [], [])[0]
            if self._qemu in ready:
                if not (said := self._qemu.recv(65536)):
                    return
                self._gdb.sendall(said)
            if self._gdb in ready:
                if not (said := self._gdb.recv(65536)):
                    return
                asked += said
                while found := _SAID.match(asked):
                    asked = asked[found.end():]
                    self._answer(found)

    def _answer(self, asked):
        read = _READ.fullmatch(asked[1] or b"")
        # gdb waits for this answer alone: what QEMU says now is said to us.
        answer = self._memory_at(int(read[1], 16), int(read[2], 16)) if read else None
        if answer is None:
            self._qemu.sendall(asked[0])
        else:
            self._gdb.sendall(b"+" + packet(answer.hex().encode()))

    def _memory_at(self, address, length):
        """The bytes there; None where it is not the image that runs, or has none."""
        if self._register(_RIP) in _XEN:
            return None
        self._memory = self._memory or self._make()
        return self._memory.read(address, length, self._register(_CR0), self._register(_CR3))

    def _register(self, number):
        self._qemu.sendall(packet(b"p%x" % number))
        said = b""
        while (found := re.search(rb"\$([^#]*)#[0-9a-fA-F]{2}", said)) is None:
            if not (more := self._qemu.recv(65536)):
                raise ConnectionError
            said += more
        self._qemu.sendall(b"+")
        return int.from_bytes(bytes.fromhex(found[1].decode()), "little")


def packet(text):
    """The packet of that text."""
    return b"$%s#%02x" % (text, sum(text) & 255)
