# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The bootable ELF file holds what a loader reads of the linked one, and no more."""

import struct
import tempfile
import unittest
from pathlib import Path

from atoll import loadable_elf
from atoll.errors import Mistake

_LOAD, _NOTE, _TLS = 1, 4, 7
_CODE, _CONSTANTS = b"code" * 5, b"note" + b"constants" * 3


def linked(note_at=0x1000):
    """A linked file: code, constants with a note in front, zeros, sections behind."""
    headers = [(_LOAD, 5, 0x200, 0x8000, 0x100000, len(_CODE), len(_CODE), 16),
               (_LOAD, 4, 0x1000, 0x9000, 0x101000, len(_CONSTANTS), len(_CONSTANTS), 32),
               (_LOAD, 6, 0x1040, 0xa040, 0x102040, 0, 0x3000, 64),
               (_NOTE, 4, note_at, 0x9000, 0x101000, 4, 4, 4),
               (_TLS, 4, 0, 0, 0, 0, 0, 8)]
    content = bytearray(0x1100) + b"sections"
    struct.pack_into("<16sHHIQQQIHHHHHH", content, 0, b"\x7fELF\x02\x01\x01", 2, 62, 1, 0x8000, 64,
                     0x1100, 0, 64, 56, len(headers), 64, 9, 8)
    for i, header in enumerate(headers):
        struct.pack_into("<IIQQQQQQ", content, 64 + 56 * i, *header)
    content[0x200:0x200 + len(_CODE)] = _CODE
    content[0x1000:0x1000 + len(_CONSTANTS)] = _CONSTANTS
    return bytes(content)


def headers_of(content):
    """(kind, flags, offset, virtual, physical, file size, memory size, alignment) of each."""
    table, = struct.unpack_from("<Q", content, 32)
    size, count = struct.unpack_from("<HH", content, 54)
    return [struct.unpack_from("<IIQQQQQQ", content, table + i * size) for i in range(count)]


def bootable(content):
    """What loadable() makes of a file with that content."""
    with tempfile.TemporaryDirectory(prefix="atoll-test-") as folder:
        path = Path(folder) / "linked"
        path.write_bytes(content)
        return loadable_elf.loadable(path)


class Bootable(unittest.TestCase):
    """loadable()."""

    def test_segments_keep_bytes_and_addresses(self):
        made = bootable(linked())
        code, constants, zeros, note = headers_of(made)
        self.assertEqual(made[code[2]:code[2] + code[5]], _CODE)
        self.assertEqual(made[constants[2]:constants[2] + constants[5]], _CONSTANTS)
        self.assertEqual(made[note[2]:note[2] + note[5]], b"note")
        self.assertEqual(zeros[5:7], (0, 0x3000))
        for new, old in zip((code, constants, zeros, note), headers_of(linked())):
            self.assertEqual(new[:2] + new[3:], old[:2] + old[3:])
            self.assertEqual((new[3] - new[2]) % new[7], 0, "offset and address agree")

    def test_nothing_stands_behind_them(self):
        made = bootable(linked())
        last = headers_of(made)[1]
        self.assertLess(len(made) - (last[2] + last[5]), 64)
        self.assertNotIn(b"sections", made)
        offset, = struct.unpack_from("<Q", made, 40)
        self.assertEqual((offset, *struct.unpack_from("<HHH", made, 58)), (0, 0, 0, 0))

    def test_the_entry_stays(self):
        self.assertEqual(bootable(linked())[16:32], linked()[16:32])

    def test_what_is_no_such_file_is_refused(self):
        for content in (b"", b"\x7fELF", b"#!/bin/sh\n" * 10):
            with self.assertRaises(Mistake):
                bootable(content)

    def test_a_header_for_bytes_of_no_segment_is_refused(self):
        with self.assertRaises(Mistake):
            bootable(linked(note_at=0x900))


if __name__ == "__main__":
    unittest.main()
