# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: atoll-heap, the allocators."""

import gdb

import atoll_gdb
from atoll_gdb import size


class Heap(gdb.Command):
    """atoll-heap [ALLOCATOR]: the state of an atl::Allocator; of the default one."""

    def __init__(self):
        super().__init__("atoll-heap", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        """Prints it."""
        allocator = gdb.parse_and_eval(
            argument or "'atl::(anonymous namespace)::chosen'")
        if allocator.type.strip_typedefs().code == gdb.TYPE_CODE_PTR:
            if not int(allocator):
                raise gdb.GdbError("there is no allocator yet")
            allocator = allocator.dereference()
        allocator = allocator.cast(allocator.dynamic_type)
        name = allocator.type.strip_typedefs().name
        now = allocator["now_"]
        print(f"{name} at {int(allocator.address):#x}: {size(int(now['in_use']))} in use, "
              f"{size(int(now['peak']))} at most, {size(int(now['reserved']))} taken from "
              "page_alloc")
        for line in atoll_gdb.heaps.get(name, lambda _: ())(allocator):
            print(line)


Heap()
