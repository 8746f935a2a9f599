# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: atoll-memory, the physical pages."""

import gdb

from atoll_gdb import number, size

_PAGE = 4096


class Memory(gdb.Command):
    """atoll-memory: physical memory: regions, and the free runs of pages."""

    def __init__(self):
        super().__init__("atoll-memory", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        """Prints them."""
        pages = gdb.parse_and_eval("'atl::page_alloc::(anonymous namespace)::allocator'")["value_"]
        total, free = int(pages["total_"]), int(pages["free_"])
        print(f"{size(free * _PAGE)} of {size(total * _PAGE)} free")
        for at in range(int(pages["region_count_"])):
            region = pages["regions_"]["_M_elems"][at]
            print(f"region {number(region['start']):#x} + {size(int(region['size']))}")
        base = number(gdb.parse_and_eval("'atl::direct_map_base'"))
        for extent in _in_order(pages["extents_"]["root_"]):
            print(f"free   {int(extent) - base:#x} + {size(int(extent['pages']) * _PAGE)}")


def _in_order(extent):
    """The extents of a subtree by address, without recursion."""
    above = []
    while int(extent) or above:
        while int(extent):
            above.append(extent)
            extent = extent["left"]
        extent = above.pop()
        yield extent
        extent = extent["right"]


Memory()
