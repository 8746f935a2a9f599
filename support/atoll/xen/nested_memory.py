# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The memory of an image that runs below Xen on x86_64, out of the memory of the computer
that QEMU plays: two page tables are in between, the image's own and Xen's."""

import mmap
import struct

from .. import elf

_PAGE = 4096
_PRESENT, _LARGE = 1, 1 << 7
_ADDRESS = 0x000f_ffff_ffff_f000
_PAGING = 1 << 31      # CR0.PG

# Of a virtual machine control block (AMD64 Architecture Programmer's Manual 2, appendix
# B): where nested paging is switched on, where its page table is named, the guest's EFER,
# in which SVME is set, and its number of an address space.
_NESTED, _ROOT, _EFER, _SPACE = 0x90, 0xb0, 0x4d0, 0x58
_SVME = 1 << 12


class NestedMemory:
    """Reads it from the file that QEMU keeps the computer's memory in."""

    def __init__(self, path, image):
        """`image` is the ELF file that the domain was made of."""
        with open(path, "r+b") as file:
            self._computer = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        first = elf.loaded(image)[0]
        with open(image, "rb") as file:
            file.seek(first.offset)
            self._known = first.physical, file.read(min(first.file_size, _PAGE))
        self._root = None

    def read(self, address, length, cr0, cr3):
        """The bytes at a virtual address of the image, while the CPU has these control
        registers; None where there are none."""
        found = bytearray()
        while length > 0:
            physical = self._virtual(address, cr3) if cr0 & _PAGING else address
            machine = None if physical is None else self._physical(physical)
            if machine is None:
                return None
            some = min(length, _PAGE - address % _PAGE)
            found += self._computer[machine:machine + some]
            address, length = address + some, length - some
        return bytes(found)

    def _virtual(self, address, cr3):
        return _walk(cr3, address, lambda table: self._entry(self._physical(table)))

    def _physical(self, address):
        """Where in the computer's memory the domain's physical address is."""
        if self._root is None:
            self._root = self._find_root()
        return self._root and _walk(self._root, address, self._entry)

    def _entry(self, place):
        if place is None or place + 8 > len(self._computer):
            return 0
        return struct.unpack_from("<Q", self._computer, place)[0]

    def _find_root(self):
        """Xen's page table of the domain: the one that a control block names and that
        leads to the image."""
        size, (start, content) = len(self._computer), self._known
        for page in range(0, size, _PAGE):
            root = self._entry(page + _ROOT)
            if (root and root % _PAGE == 0 and root < size and self._entry(page + _NESTED) & 1
                    and self._entry(page + _EFER) & _SVME and self._entry(page + _SPACE)):
                place = _walk(root, start, self._entry)
                if place is not None and self._computer[place:place + len(content)] == content:
                    return root
        return None


def _walk(root, address, entry_at):
    """What a page table of four levels makes of an address; None where it has nothing
    there. `entry_at` gives the entry at a place in tables."""
    table = root & _ADDRESS
    for shift in (39, 30, 21, 12):
        entry = entry_at(table + (address >> shift & 511) * 8)
        if not entry & _PRESENT:
            return None
        table = entry & _ADDRESS
        if shift == 12 or shift < 39 and entry & _LARGE:
            inside = (1 << shift) - 1
            return table & ~inside | address & inside
    return None
