# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""ELF files that are cut off or damaged: the tools say so in a sentence, and end."""

import itertools
import random
import struct
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from atoll import elf, flat_image, linkmap, symbolize
from atoll.errors import Mistake

_BASE = 0x40000
_BUILD_ID = bytes(range(20))
_SYMBOLS = {"__code_end": 0x40, "__rodata_start": 0x40, "__rela_start": 0x80, "__rela_end": 0xb0,
            "__data_start": 0xb0, "__data_end": 0xd0}
_LOADED = 0x200     # where in the file the image's 0xd0 bytes are


def image():
    """A small image with two relocations, its symbols, and a build id."""
    names = b"\0" + b"".join(name.encode() + b"\0" for name in _SYMBOLS)
    symbols = b"".join(struct.pack("<IBBHQQ", names.index(name.encode()), 0, 0, 0, _BASE + at, 0)
                       for name, at in _SYMBOLS.items())
    note = struct.pack("<III4s", 4, len(_BUILD_ID), 3, b"GNU\0") + _BUILD_ID
    loaded = bytes(0x80) + b"".join(struct.pack("<QQq", _BASE + at, 1027, _BASE + 16)
                                    for at in (0x10, 0xb8)) + bytes(0x20)
    sections = [(2, 0x300, len(symbols), 1, 24), (3, 0x400, len(names), 0, 0),
                (7, 0x480, len(note), 0, 0)]
    headers = b"".join(struct.pack("<IIQQQQIIQQ", 0, kind, 0, 0, offset, size, link, 0, 0, entry)
                       for kind, offset, size, link, entry in sections)
    header = b"\x7fELF\x02\x01".ljust(16, b"\0") + struct.pack(
        "<HHIQQQIHHHHHH", 3, 183, 1, 0, 64, 0x500, 0, 64, 56, 1, 64, len(sections), 0)
    program = struct.pack("<IIQQQQQQ", 1, 5, _LOADED, _BASE, 0, len(loaded), len(loaded), 4096)
    content = bytearray(0x500 + len(headers))
    for at, part in ((0, header), (64, program), (_LOADED, loaded), (0x300, symbols),
                     (0x400, names), (0x480, note), (0x500, headers)):
        content[at:at + len(part)] = part
    return bytes(content)


def symbols(path):
    return list(elf.symbols(path))


def damaged():
    """Copies cut off at every eighth byte, and with bytes or words changed; the same each
    time."""
    whole = image()
    for size in range(0, len(whole), 8):
        yield f"cut off at {size}", whole[:size]
    numbers = random.Random(8128)
    for case in range(4000):
        content = bytearray(whole)
        for _ in range(numbers.randint(1, 4)):
            at = numbers.randrange(len(content) - 8)
            if numbers.random() < 0.5:
                content[at] = numbers.randrange(256)
            else:
                word = numbers.choice((0, 1, 0xffff, 1 << 31, 1 << 40, (1 << 63) - 1, (1 << 64) - 1))
                content[at & ~7:(at & ~7) + 8] = struct.pack("<Q", word)
        yield f"case {case}", bytes(content)


class DamagedTest(unittest.TestCase):
    """What each reader makes of them."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="atoll-test-")
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "image.dbg"

    def test_the_whole_one(self):
        self.path.write_bytes(image())
        self.assertEqual(elf.build_id(self.path), _BUILD_ID.hex())
        self.assertEqual(elf.link_base(self.path), _BASE)
        self.assertEqual(elf.machine(self.path), 183)
        self.assertEqual([symbol.name for symbol in elf.symbols(self.path)], list(_SYMBOLS))
        self.assertTrue(flat_image.flatten(self.path))

    def test_flat_images(self):
        broken = 0
        for name, content in damaged():
            self.path.write_bytes(content)
            with self.subTest(name):
                try:
                    flat_image.flatten(self.path)
                except Mistake:
                    broken += 1
        self.assertGreater(broken, 500)

    def test_headers_and_notes(self):
        broken = 0
        for name, content in itertools.islice(damaged(), 0, None, 4):
            self.path.write_bytes(content)
            for read in (elf.is_elf, elf.machine, elf.segments, elf.link_base, elf.build_id,
                         symbols):
                with self.subTest(f"{name}, {read.__name__}"):
                    try:
                        read(self.path)
                    except Mistake as mistake:
                        self.assertIn("image.dbg", str(mistake))
                        broken += 1
        self.assertGreater(broken, 50)

    def test_symbols_are_found_beside_a_damaged_file(self):
        self.path.write_bytes(image()[:100])
        (self.path.parent / "other.dbg").write_bytes(image())
        with mock.patch.object(symbolize, "Symbols", lambda path: path):
            found = symbolize.find_symbols(_BUILD_ID.hex(), [self.path.parent])
        self.assertEqual(found.name, "other.dbg")

    def test_link_maps(self):
        self.path.write_text("no map at all\n", encoding="utf-8")
        with self.assertRaisesRegex(Mistake, "image.dbg is no linker's map"):
            linkmap.contributions(self.path)


if __name__ == "__main__":
    unittest.main()
