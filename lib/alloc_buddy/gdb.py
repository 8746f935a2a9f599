# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: what a BuddyAllocator holds."""

import atoll_gdb
from atoll_gdb import size

_UNIT = 16


def _describe(allocator):
    free = allocator["free_"]
    for order in range(free.type.range()[1] + 1):
        head = free[order]["ends_"]
        count = sum(1 for _ in atoll_gdb.nodes(head))
        if count:
            yield f"free blocks of {_UNIT << order:,} bytes: {count:,}"
    page, pages, used = allocator["pages_"], 0, 0
    while int(page) and pages < 1_000_000:
        pages, used, page = pages + 1, used + int(page["used"]), page["next"]
    yield f"pages of small blocks: {pages:,}, {size(used)} of them in use"


atoll_gdb.heaps["atl::BuddyAllocator"] = _describe
