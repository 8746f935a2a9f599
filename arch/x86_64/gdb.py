# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: what src/switch.S leaves on the stack of a thread, and
the entries of page tables (Intel SDM 3A §4.5)."""

import gdb

import atoll_gdb

_PRESENT, _WRITABLE, _BLOCK, _NO_EXECUTE = 1, 1 << 1, 1 << 7, 1 << 63
_ADDRESS = 0x000f_ffff_ffff_f000


def _resume_point(context):
    frame_pointer, return_address = atoll_gdb.words(int(context["sp"]) + 7 * 8, 2)
    return return_address, frame_pointer


def _root():
    return int(gdb.parse_and_eval("$cr3").cast(gdb.lookup_type("unsigned long"))) & _ADDRESS


def _is_leaf(entry, level):
    return level == 0 or bool(entry & _BLOCK)


def _next_table(entry, level):
    return entry & _ADDRESS if entry & _PRESENT and not _is_leaf(entry, level) else None


def _leaf(entry, level):
    if not entry & _PRESENT or not _is_leaf(entry, level):
        return None
    access = "rw" if entry & _WRITABLE else "r-"
    return entry & _ADDRESS & -1 << 12 + 9 * level, access + ("-" if entry & _NO_EXECUTE else "x")


atoll_gdb.resume_points.append(_resume_point)
atoll_gdb.page_tables.append(atoll_gdb.PageTables(_root, _next_table, _leaf))
