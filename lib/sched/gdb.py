# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: threads, and the queues that they wait in."""

from atoll_gdb import name_of, printer, state_of, text_of


def _short(thread):
    return f"{int(thread['id_'])} {name_of(thread)}".rstrip()


@printer("^atl::WaitQueue$")
@text_of
def _queue(queue):
    waiting, at = [], queue["first_"]
    while int(at) and len(waiting) < 1000:
        waiting.append(_short(at["thread"].dereference()))
        at = at["next"]
    return f"waiting: {', '.join(waiting)}" if waiting else "nobody waits"


printer("^atl::Thread$")(text_of(lambda thread: f"thread {_short(thread)}, {state_of(thread)}"))
