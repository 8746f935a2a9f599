# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Makes the flat file of an arm64 image out of the linked ELF file.

The file is the image as it lies in memory from its first byte on, but without
what an entry can make by itself (lib/boot_arm64/src/entry.S):

    code | constants, relocations, packed | data

Each is a multiple of 32 bytes and follows right behind the one before; the entry
copies constants and data to their pages.

Relocations: a 64-bit count of bytes, then that much of SHT_RELR (ELF gABI, "Relative
Relocation Table"): a word with bit 0 clear is the address of a word to
relocate, one with bit 0 set says which of the 63 words behind the last are, too.
The words hold their addends. Addresses count from the image's first byte.

What the linker script has to define: __code_end, __rodata_start, __rela_start,
__rela_end (the last of the constants), __data_start and __data_end.
"""

import struct

from . import elf
from .errors import Mistake

_RELATIVE = 1027          # R_AARCH64_RELATIVE (ELF for the Arm 64-bit architecture, 5.7.15)
_WORD = 8
_BITMAP_WORDS = 63
_MOST_ZEROS = 1 << 26     # behind the last byte that the file has
_UNIT = 32                # bytes that the entry copies at a time
_NEEDED = ("__code_end", "__rodata_start", "__rela_start", "__rela_end", "__data_start",
           "__data_end")


class Broken(Mistake):
    """The ELF file is not one that can be made flat; the text says why."""


def _places(path, base):
    """Where the symbols are that the linker script defines, from the image's first byte."""
    found = {symbol.name: symbol.value - base for symbol in elf.symbols(path)}
    missing = [name for name in _NEEDED if name not in found]
    if missing:
        raise Broken(f"no symbol {missing[0]}: its linker script is not for a flat image")
    return [found[name] for name in _NEEDED]


def pack(addresses):
    """SHT_RELR's words for the `addresses` of words to relocate."""
    words, left = [], sorted(addresses)
    if len(set(left)) != len(left):
        raise Broken("one word has two relocations")
    while left:
        base = left.pop(0)
        if base % 2:
            raise Broken(f"the word at {base:#x} to relocate is at an odd address")
        words.append(base)
        base += _WORD
        while True:
            bits = 0
            while left and left[0] - base < _BITMAP_WORDS * _WORD and (left[0] - base) % _WORD == 0:
                bits |= 1 << ((left.pop(0) - base) // _WORD)
            if not bits:
                break
            words.append(bits << 1 | 1)
            base += _BITMAP_WORDS * _WORD
    return words


def flatten(path):
    """The flat file's bytes."""
    if not elf.is_elf(path):
        raise Broken("not a 64-bit little-endian ELF file")
    if not elf.loaded(path):
        raise Broken("nothing in it is to be loaded")
    base = elf.link_base(path)
    code_end, rodata_start, rela_start, rela_end, data_start, data_end = _places(path, base)
    memory = elf.memory(path)
    if not (0 <= code_end <= rodata_start <= rela_start <= rela_end <= data_start <= data_end
            <= len(memory) + _MOST_ZEROS):
        raise Broken("its code, constants and data do not follow each other")
    memory += bytes(data_end - len(memory))
    addresses = []
    for at in range(rela_start, rela_end, 24):
        address, info, addend = struct.unpack_from("<QQq", memory, at)
        if info != _RELATIVE:
            raise Broken(f"the relocation of {address:#x} has type {info & 0xffffffff}, "
                         "which the entry cannot apply")
        address -= base
        addend -= base
        if not 0 <= address <= data_end - _WORD or rela_start <= address + _WORD - 1 < rela_end:
            raise Broken(f"a relocation of {address:#x}, which is not in the file")
        if not -1 << 63 <= addend < 1 << 63:
            raise Broken(f"the relocation of {address + base:#x} leads out of memory")
        struct.pack_into("<q", memory, address, addend)
        addresses.append(address)
    words = pack(addresses)
    table = struct.pack(f"<{len(words) + 1}Q", len(words) * _WORD, *words)
    constants = bytes(memory[rodata_start:rela_start]) + table
    constants += bytes(-len(constants) % _UNIT)
    if rodata_start + len(constants) > data_start:
        raise Broken("the packed relocations do not fit where the others were")
    if code_end % _UNIT or (data_end - data_start) % _UNIT or any(memory[code_end:rodata_start]):
        raise Broken("code and data do not end as the entry copies them")
    return bytes(memory[:code_end]) + constants + bytes(memory[data_start:data_end])

