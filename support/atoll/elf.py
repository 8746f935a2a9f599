# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What the tools read of 64-bit little-endian ELF files (System V ABI, chapters 4 and
5)."""

import dataclasses
import os
import struct

from .errors import Mistake, relative

_LOAD = 1         # PT_LOAD
_SYMBOLS = 2      # SHT_SYMTAB
_NOTES = 7        # SHT_NOTE
_BUILD_ID = 3     # NT_GNU_BUILD_ID
_FUNCTION = 2     # STT_FUNC
_LARGEST = 1 << 30   # bytes of an image in memory


@dataclasses.dataclass(frozen=True)
class Segment:
    """A program header."""

    kind: int
    flags: int
    offset: int       # in the file
    virtual: int      # the addresses that it is linked for,
    physical: int     # and loaded at
    file_size: int
    memory_size: int
    alignment: int

    @property
    def is_loaded(self):
        """Whether a loader puts it into memory."""
        return self.kind == _LOAD


@dataclasses.dataclass(frozen=True)
class Symbol:
    """An entry of the symbol table."""

    name: str         # as the linker knows it
    value: int
    size: int
    is_function: bool


def is_elf(path):
    """Whether the file begins as such a file does."""
    with open(path, "rb") as file:
        return file.read(6) == b"\x7fELF\x02\x01"


def machine(path):
    """The number of the machine that the file is for (e_machine)."""
    return struct.unpack("<H", _bytes(path, 18, 2))[0]


def segments(path):
    """The program headers of the file."""
    return [Segment(*fields) for fields in _table(path, 32, 54, "<II6Q")]


def _table(path, place, shape, entry):
    """The header table whose offset the file's header tells at `place`, its entries' size
    and number at `shape`; each as struct's `entry`."""
    header = _bytes(path, 0, 64)
    size, count = struct.unpack_from("<HH", header, shape)
    if count != 0 and size != struct.calcsize(entry):
        raise Mistake(f"{relative(path)} has headers of another size than ELF's", status=1)
    offset = struct.unpack_from("<Q", header, place)[0]
    return struct.iter_unpack(entry, _bytes(path, offset, size * count))


def loaded(path):
    """The segments that a loader puts into memory."""
    return [segment for segment in segments(path) if segment.is_loaded]


def link_base(path):
    """The address that the image's first byte is linked for."""
    if addresses := [segment.virtual for segment in loaded(path)]:
        return min(addresses)
    raise Mistake(f"{relative(path)} has nothing to load", status=1)


def build_id(path):
    """The build id in lower-case hexadecimal, by the file's sections; None where it has
    none."""
    for notes in _note_sections(path):
        at = 0
        while at + 12 <= len(notes):
            name_size, size, kind = struct.unpack_from("<III", notes, at)
            name = notes[at + 12:at + 12 + name_size]
            start = at + 12 + (name_size + 3 & ~3)
            if kind == _BUILD_ID and name == b"GNU\0":
                return notes[start:start + size].hex()
            at = start + (size + 3 & ~3)
    return None


def memory(path):
    """What a loader makes of the file: the bytes from its first address on, zeros where no
    segment has any."""
    base = link_base(path)
    end = max(segment.virtual + segment.file_size for segment in loaded(path))
    if end - base > _LARGEST:
        raise Mistake(f"{relative(path)} is to be loaded all over memory", status=1)
    content = bytearray(end - base)
    for segment in loaded(path):
        at = segment.virtual - base
        content[at:at + segment.file_size] = _bytes(path, segment.offset, segment.file_size)
    return content


def symbols(path):
    """The Symbols of the file's symbol table, none where it has been stripped."""
    sections = _sections(path)
    for kind, link, offset, size in sections:
        if kind != _SYMBOLS:
            continue
        strings = _bytes(path, *sections[link][2:]) if link < len(sections) else b""
        for name, info, _, _, value, length in struct.iter_unpack(
                "<IBBHQQ", _bytes(path, offset, size - size % 24)):
            end = strings.find(b"\0", name)
            if end < 0:
                raise Mistake(f"{relative(path)} has a symbol without a name", status=1)
            text = strings[name:end].decode(errors="replace")
            yield Symbol(text, value, length, info & 15 == _FUNCTION)


def _note_sections(path):
    for kind, _, offset, size in _sections(path):
        if kind == _NOTES:
            yield _bytes(path, offset, size)


def _sections(path):
    """(kind, linked section, offset, size) of each section."""
    return [(kind, link, offset, size) for _, kind, _, _, offset, size, link, *_ in
            _table(path, 40, 58, "<IIQQQQIIQQ")]


def _bytes(path, offset, size):
    """That part of the file. Mistake where the file has no such part."""
    with open(path, "rb") as file:
        if offset + size > os.fstat(file.fileno()).st_size:
            raise Mistake(f"{relative(path)} is no whole ELF file: build it again", status=1)
        file.seek(offset)
        return file.read(size)
