# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: what src/switch.S leaves on the stack of a thread, and
the entries of page tables (Intel SDM 3A §4.5)."""

import gdb

import atoll_gdb

_WRITABLE, _BLOCK, _NO_EXECUTE = 1 << 1, 1 << 7, 1 << 63


def _resume_point(context):
    frame_pointer, return_address = atoll_gdb.words(int(context["sp"]) + 7 * 8, 2)
    return return_address, frame_pointer


def _root():
    return int(gdb.parse_and_eval("$cr3").cast(gdb.lookup_type("unsigned long")))


atoll_gdb.resume_points.append(_resume_point)
atoll_gdb.page_tables.append(atoll_gdb.PageTables(
    root=_root, address=0x000f_ffff_ffff_f000, present=1,
    is_block=lambda entry: bool(entry & _BLOCK),
    is_writable=lambda entry: bool(entry & _WRITABLE),
    is_executable=lambda entry: not entry & _NO_EXECUTE))
