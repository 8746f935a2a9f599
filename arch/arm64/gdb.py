# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: what src/switch.S leaves on the stack of a thread, and
the entries of page tables (Arm ARM D8.3)."""

import gdb

import atoll_gdb

_TABLE_OR_PAGE, _READ_ONLY, _NO_EXECUTE = 1 << 1, 1 << 7, 1 << 53


def _resume_point(context):
    frame_pointer, link = atoll_gdb.words(int(context["sp"]) + 80, 2)
    return link, frame_pointer


atoll_gdb.resume_points.append(_resume_point)
atoll_gdb.page_tables.append(atoll_gdb.PageTables(
    root=lambda: int(gdb.parse_and_eval("$TTBR1_EL1")), address=0x0000_ffff_ffff_f000, present=1,
    is_block=lambda entry: not entry & _TABLE_OR_PAGE,
    is_writable=lambda entry: not entry & _READ_ONLY,
    is_executable=lambda entry: not entry & _NO_EXECUTE))
