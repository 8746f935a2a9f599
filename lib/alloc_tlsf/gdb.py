# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: what a TlsfAllocator holds."""

import gdb

import atoll_gdb
from atoll_gdb import size

_UNIT, _STEPS = 16, 32
_REGION = "atl::TlsfAllocator::Region"


def _least(index):
    """The least size of a class of sizes."""
    if index < 2 * _STEPS:
        return index * _UNIT
    return (_STEPS + index % _STEPS) * _UNIT << index // _STEPS - 1


def _describe(allocator):
    lists = allocator["lists_"]["lists_"]
    for index in range(lists.type.range()[1] + 1):
        block, count = lists[index], 0
        while int(block) and count < 1_000_000:
            block, count = block["next"], count + 1
        if count:
            more = "" if index < 2 * _STEPS else " or little more"
            yield f"free blocks of {_least(index):,} bytes{more}: {count:,}"
    top, end = int(allocator["top_"]), int(allocator["end_"])
    for start in atoll_gdb.objects(allocator["regions_"]["ends_"], _REGION, "hook"):
        region = gdb.Value(start).cast(gdb.lookup_type(_REGION).pointer())
        length = int(region["size"])
        free = f", {size(end - top)} free behind its blocks" if start + length == end else ""
        yield f"region at {start:#x}: {size(length)}{free}"


atoll_gdb.heaps["atl::TlsfAllocator"] = _describe
