# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Makes the bootable ELF file of a linked one: what a loader reads, and nothing else.

    python3 loadable_elf.py image.dbg image

Kept are the header, the program headers that speak of bytes, and the bytes of their
segments, one behind the other. Sections are for linkers and debuggers (System V ABI,
chapter 4), which have the linked file.
"""

import struct
import sys

_HEADER_SIZE = 64
_PROGRAM_HEADER = "<IIQQQQQQ"
_PT_LOAD = 1


class Broken(Exception):
    """The linked file is not one that can be made bootable; the text says why."""


def bootable(content):
    """The bootable file's bytes."""
    if len(content) < _HEADER_SIZE or content[:6] != b"\x7fELF\x02\x01":
        raise Broken("not a 64-bit little-endian ELF file")
    table, = struct.unpack_from("<Q", content, 32)
    size, count = struct.unpack_from("<HH", content, 54)
    entries = [struct.unpack_from(_PROGRAM_HEADER, content, table + i * size)
               for i in range(count)]
    entries = [entry for entry in entries if entry[6] != 0]   # its size in memory
    entry_size = struct.calcsize(_PROGRAM_HEADER)
    body = bytearray(_HEADER_SIZE + len(entries) * entry_size)
    moved = {}   # a loaded segment's old extent to its new offset
    for kind, _, offset, virtual, _, file_size, _, align in entries:
        if kind == _PT_LOAD:
            # The offset is the address modulo the alignment (chapter 5, Program Header).
            body += bytes((virtual - len(body)) % max(align, 1))
            moved[offset, offset + file_size] = len(body)
            body += content[offset:offset + file_size]
    for i, (kind, flags, offset, *rest) in enumerate(entries):
        struct.pack_into(_PROGRAM_HEADER, body, _HEADER_SIZE + i * entry_size, kind, flags,
                         _place(moved, offset, rest[2]), *rest)
    # No section headers: their offset, size and number, and the index of their names.
    header = bytearray(content[:_HEADER_SIZE])
    struct.pack_into("<QQ", header, 32, _HEADER_SIZE, 0)
    struct.pack_into("<HHHHH", header, 54, entry_size, len(entries), 0, 0, 0)
    body[:_HEADER_SIZE] = header
    return bytes(body)


def _place(moved, offset, size):
    """Where the bytes [offset, offset + size) of the linked file are in the new one."""
    for (start, end), new in moved.items():
        if start <= offset and offset + size <= end:
            return new + offset - start
    raise Broken(f"the program header for the bytes from {offset:#x} on is in no loaded segment")


def main(arguments):
    """The command line."""
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(arguments[1], "rb") as source:
            made = bootable(source.read())
        with open(arguments[2], "wb") as target:
            target.write(made)
    except (OSError, Broken) as error:
        print(f"{arguments[1]}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
