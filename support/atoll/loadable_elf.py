# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Makes the bootable ELF file of a linked one: what a loader reads, and nothing else.

Kept are the header, the program headers that speak of bytes, and the bytes of their
segments, one behind the other. Sections are for linkers and debuggers (System V ABI,
chapter 4), which have the linked file.
"""

import struct
from pathlib import Path

from . import elf
from .errors import Mistake

_HEADER_SIZE = 64
_PROGRAM_HEADER = "<IIQQQQQQ"


class Broken(Mistake):
    """The linked file is not one that can be made bootable; the text says why."""


def loadable(path):
    """The bootable file's bytes."""
    if not elf.is_elf(path):
        raise Broken("not a 64-bit little-endian ELF file")
    content = Path(path).read_bytes()
    segments = [segment for segment in elf.segments(path) if segment.memory_size != 0]
    entry_size = struct.calcsize(_PROGRAM_HEADER)
    body = bytearray(_HEADER_SIZE + len(segments) * entry_size)
    moved = {}   # a loaded segment's old extent to its new offset
    for segment in segments:
        if segment.is_loaded:
            # The offset is the address modulo the alignment (chapter 5, Program Header).
            body += bytes((segment.virtual - len(body)) % max(segment.alignment, 1))
            end = segment.offset + segment.file_size
            moved[segment.offset, end] = len(body)
            body += content[segment.offset:end]
    for i, segment in enumerate(segments):
        struct.pack_into(_PROGRAM_HEADER, body, _HEADER_SIZE + i * entry_size, segment.kind,
                         segment.flags, _place(moved, segment.offset, segment.file_size),
                         segment.virtual, segment.physical, segment.file_size,
                         segment.memory_size, segment.alignment)
    # No section headers: their offset, size and number, and the index of their names.
    header = bytearray(content[:_HEADER_SIZE])
    struct.pack_into("<QQ", header, 32, _HEADER_SIZE, 0)
    struct.pack_into("<HHHHH", header, 54, entry_size, len(segments), 0, 0, 0)
    body[:_HEADER_SIZE] = header
    return bytes(body)


def _place(moved, offset, size):
    """Where the bytes [offset, offset + size) of the linked file are in the new one."""
    for (start, end), new in moved.items():
        if start <= offset and offset + size <= end:
            return new + offset - start
    raise Broken(f"the program header for the bytes from {offset:#x} on is in no loaded segment")

