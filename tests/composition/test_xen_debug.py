# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""An image's memory below Xen, and the relay that gives it to gdb."""

import os
import re
import socket
import struct
import tempfile
import threading
import time
import unittest
from pathlib import Path

from atoll.xen.debug_relay import DebugRelay, packet
from atoll.xen.nested_memory import NestedMemory

_PAGING = 1 << 31
_CONTENT = bytes(range(1, 255)) * 16
_CR3 = 0x5000               # of the image's own page table, in its physical memory
_HIGH = 0xffff_ffff_8000_0000


class Computer:
    """A computer's memory, with a domain in it whose pages lie elsewhere: the image at
    0x100000 is in the computer's at 0x7000, its other memory 0x10000 higher."""

    def __init__(self, folder):
        self.memory = bytearray(0x30000)
        self.image, self.file = folder / "image", folder / "memory"
        header = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", 2, 62, 1, 0, 64, 0, 0,
                             64, 56, 1, 64, 0, 0)
        segment = struct.pack("<IIQQQQQQ", 1, 5, 0x1000, _HIGH, 0x100000, len(_CONTENT),
                              len(_CONTENT), 0x1000)
        self.image.write_bytes((header + segment).ljust(0x1000, b"\0") + _CONTENT)
        self.memory[0x7000:0x7000 + len(_CONTENT)] = _CONTENT
        # Xen's table of the domain, at 0x1000..0x4fff; what names it, at 0x6000.
        self.table(0x1000, {0: 0x2000})
        self.table(0x2000, {0: 0x3000})
        self.table(0x3000, {0: 0x4000})
        self.table(0x4000, {0x100: 0x7000} | {page: 0x10000 + page * 0x1000
                                              for page in range(5, 10)})
        self.control_block(0x6000, 0x1000)
        # The image's own, in its pages 5 to 8: its first page and 2 MiB of memory.
        self.table(0x15000, {511: 0x6000})
        self.table(0x16000, {510: 0x7000})
        self.table(0x17000, {0: 0x8000, 1: 0 | 1 << 7})
        self.table(0x18000, {0: 0x100000, 1: 0x9000, 2: 0x700000})
        self.memory[0x19000:0x19004] = b"page"

    def table(self, place, entries):
        for index, entry in entries.items():
            struct.pack_into("<Q", self.memory, place + 8 * index, entry | 1)

    def control_block(self, place, root):
        for offset, value in ((0x58, 1), (0x90, 1), (0xb0, root), (0x4d0, 1 << 12)):
            struct.pack_into("<Q", self.memory, place + offset, value)

    def nested(self):
        self.file.write_bytes(self.memory)
        return NestedMemory(self.file, self.image)


class Scratch(unittest.TestCase):
    """A computer in a folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="atoll-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.computer = Computer(self.folder)


class Memory(Scratch):
    """Two page tables."""

    def test_without_paging(self):
        nested = self.computer.nested()
        self.assertEqual(nested.read(0x100010, 16, 0, 0), _CONTENT[16:32])
        self.assertEqual(nested.read(0x9000, 4, 0, 0), b"page")
        self.assertIsNone(nested.read(0xa000, 4, 0, 0))

    def test_with_paging(self):
        nested = self.computer.nested()
        self.assertEqual(nested.read(_HIGH + 5, 7, _PAGING, _CR3), _CONTENT[5:12])
        self.assertEqual(nested.read(_HIGH + 0xffe, 6, _PAGING, _CR3), bytes(2) + b"page",
                         "over the end of a page")
        self.assertEqual(nested.read(_HIGH + (2 << 20) + 0x9001, 3, _PAGING, _CR3), b"age",
                         "in a large page")

    def test_what_is_not_mapped(self):
        nested = self.computer.nested()
        for address in (0, _HIGH + 0x2000, _HIGH + 0x3000, _HIGH + 0x1fff):
            self.assertIsNone(nested.read(address, 8, _PAGING, _CR3), hex(address))

    def test_a_block_of_another_domain(self):
        """It comes first, and leads to something else."""
        self.computer.table(0x20000, {0: 0x21000})
        self.computer.table(0x21000, {0: 0 | 1 << 7})
        self.computer.control_block(0x0, 0x20000)
        self.assertEqual(self.computer.nested().read(0x9000, 4, 0, 0), b"page")

    def test_before_xen_has_made_it(self):
        self.computer.memory[0x6000:0x7000] = bytes(0x1000)
        self.assertIsNone(self.computer.nested().read(0x100000, 4, 0, 0))


class Relay(Scratch):
    """gdb on one side, a QEMU that is played on the other."""

    def setUp(self):
        super().setUp()
        self.registers = {16: _HIGH, 27: _PAGING, 29: _CR3}
        self.heard, stub, place = [], str(self.folder / "qemu"), str(self.folder / "relay")
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(stub)
        listener.listen(1)
        threading.Thread(target=self.play_qemu, args=(listener,), daemon=True).start()
        DebugRelay(self.computer.nested).start(stub, place)
        self.gdb = socket.socket(socket.AF_UNIX)
        self.addCleanup(self.gdb.close)
        self.gdb.settimeout(20)
        while not os.path.exists(place):
            time.sleep(0.01)
        self.gdb.connect(place)

    def play_qemu(self, listener):
        with listener.accept()[0] as connection:
            while said := connection.recv(4096):
                for text in re.findall(rb"\$([^#]*)#..|(\x03)", said):
                    text = text[0] or text[1]
                    if text.startswith(b"p"):
                        value = self.registers[int(text[1:], 16)]
                        connection.sendall(b"+" + packet(value.to_bytes(8, "little").hex().encode()))
                    else:
                        self.heard.append(text)
                        connection.sendall(b"+" + packet(b"QEMU"))

    def ask(self, text):
        self.gdb.sendall(b"+" + (text if text == b"\x03" else packet(text)))
        said = b""
        while (found := re.fullmatch(rb"\+\$(.*)#(..)", said)) is None:
            said += self.gdb.recv(4096)
        self.assertEqual(int(found[2], 16), sum(found[1]) & 255)
        return found[1]

    def test_memory_of_the_image(self):
        self.assertEqual(self.ask(b"m%x,4" % (_HIGH + 0x1000)), b"page".hex().encode())
        self.assertEqual(self.heard, [])

    def test_memory_of_xen(self):
        self.registers[16] = 0xffff_82d0_4020_1234
        self.assertEqual(self.ask(b"m%x,4" % (_HIGH + 0x1000)), b"QEMU")
        self.assertEqual(len(self.heard), 1)

    def test_memory_that_there_is_not(self):
        self.assertEqual(self.ask(b"m10,4"), b"QEMU")

    def test_the_rest(self):
        for text in (b"?", b"vCont;c", b"\x03", b"Z0,1000,1", b"m", b"mx"):
            self.assertEqual(self.ask(text), b"QEMU")
        self.assertEqual(self.heard, [b"?", b"vCont;c", b"\x03", b"Z0,1000,1", b"m", b"mx"])


if __name__ == "__main__":
    unittest.main()
