# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: what a RegionAllocator holds."""

import atoll_gdb
from atoll_gdb import size


def _describe(allocator):
    current = allocator["current_"].dereference()
    left = int(current.address) + int(current["size"]) - int(allocator["top_"])
    yield f"{size(left)} left in the newest chunk"


atoll_gdb.heaps["atl::RegionAllocator"] = _describe
