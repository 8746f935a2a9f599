# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: what src/switch.S leaves on the stack of a thread, and
the entries of page tables (Arm ARM D8.3)."""

import gdb

import atoll_gdb

_VALID, _TABLE_OR_PAGE, _READ_ONLY, _NO_EXECUTE = 1, 1 << 1, 1 << 7, 1 << 53
_ADDRESS = 0x0000_ffff_ffff_f000


def _resume_point(context):
    frame_pointer, link = atoll_gdb.words(int(context["sp"]) + 80, 2)
    return link, frame_pointer


def _root():
    return int(gdb.parse_and_eval("$TTBR1_EL1")) & _ADDRESS


def _is_leaf(entry, level):
    return level == 0 or not entry & _TABLE_OR_PAGE


def _next_table(entry, level):
    return entry & _ADDRESS if entry & _VALID and not _is_leaf(entry, level) else None


def _leaf(entry, level):
    if not entry & _VALID or not _is_leaf(entry, level):
        return None
    access = "r-" if entry & _READ_ONLY else "rw"
    return entry & _ADDRESS & -1 << 12 + 9 * level, access + ("-" if entry & _NO_EXECUTE else "x")


atoll_gdb.resume_points.append(_resume_point)
atoll_gdb.page_tables.append(atoll_gdb.PageTables(_root, _next_table, _leaf))
