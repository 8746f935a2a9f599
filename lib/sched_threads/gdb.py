# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: the threads of schedulers that have many."""

import gdb

import atoll_gdb


def _threads():
    listed = gdb.parse_and_eval("'atl::(anonymous namespace)::all_threads'")
    if listed["created_"]:
        thread = gdb.lookup_type("atl::Thread").pointer()
        for address in atoll_gdb.objects(atoll_gdb.late(listed), "atl::sched::StackedThread",
                                         "all_hook"):
            yield gdb.Value(address).cast(thread).dereference()


atoll_gdb.thread_lists.append(_threads)
