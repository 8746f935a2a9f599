# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: atoll-pages, the page tables."""

import gdb

import atoll_gdb

_LEVELS, _BITS, _PAGE_SHIFT = 4, 9, 12
_KERNEL = 1 << 47          # the kernel's half begins at entry 256


class Pages(gdb.Command):
    """atoll-pages [ADDRESS]: what the kernel's page table maps: ranges, what they allow,
    and the physical address that they begin at; or the entries that decide about ADDRESS."""

    def __init__(self):
        super().__init__("atoll-pages", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        """Prints them."""
        if not atoll_gdb.page_tables or not int(gdb.parse_and_eval("'atl::direct_map_base'")["value_"]):
            raise gdb.GdbError("the image's page tables do not stand yet")
        tables = atoll_gdb.page_tables[0]
        if argument.strip():
            _walk(tables, int(gdb.parse_and_eval(argument).cast(gdb.lookup_type("unsigned long"))))
            return
        for start, end, frame, access in _merged(_leaves(tables, _root(tables), _LEVELS - 1, 0)):
            print(f"{start:#018x}..{end:#018x} {access} {atoll_gdb.size(end - start):>12} "
                  f"at {frame:#x}")


def _root(tables):
    return tables.root() & tables.address


def _next_table(tables, entry, level):
    """The physical address of the table that the entry is of, or None."""
    points = entry & tables.present and level != 0 and not tables.is_block(entry)
    return entry & tables.address if points else None


def _leaf(tables, entry, level):
    """(physical address, "r-x" and the like) of the memory that the entry maps, or None."""
    if not entry & tables.present or (level != 0 and not tables.is_block(entry)):
        return None
    return (entry & tables.address & -1 << _PAGE_SHIFT + _BITS * level,
            "r" + ("w" if tables.is_writable(entry) else "-")
            + ("x" if tables.is_executable(entry) else "-"))


def _walk(tables, address):
    table = _root(tables)
    for level in reversed(range(_LEVELS)):
        index = address >> (_PAGE_SHIFT + _BITS * level) & (1 << _BITS) - 1
        slot = atoll_gdb.to_virtual(table) + 8 * index
        entry = atoll_gdb.words(slot, 1)[0]
        leaf, table = _leaf(tables, entry, level), _next_table(tables, entry, level)
        meaning = (f"{leaf[1]} at {leaf[0]:#x}" if leaf else f"table at {table:#x}" if table
                   else "not mapped")
        print(f"level {level}, entry {index:3} at {slot:#x}: {entry:#018x} {meaning}")
        if table is None:
            return


def _leaves(tables, table, level, start):
    """(start, end, frame, access) of what `table` maps, the kernel's half, ascending."""
    span = 1 << (_PAGE_SHIFT + _BITS * level)
    for index, entry in enumerate(atoll_gdb.words(atoll_gdb.to_virtual(table), 1 << _BITS)):
        at = start + index * span
        leaf, below = _leaf(tables, entry, level), _next_table(tables, entry, level)
        if level == _LEVELS - 1:
            if not at & _KERNEL:
                continue
            at |= ~(_KERNEL * 2 - 1) & (1 << 64) - 1
        if leaf:
            yield at, at + span, *leaf
        elif below is not None:
            yield from _leaves(tables, below, level - 1, at)


def _merged(leaves):
    """Neighbours that go on where the one before ended, as one."""
    held = None
    for start, end, frame, access in leaves:
        if held and (held[1], held[2] + held[1] - held[0], held[3]) == (start, frame, access):
            held = (held[0], end, *held[2:])
            continue
        if held:
            yield held
        held = (start, end, frame, access)
    if held:
        yield held


Pages()
