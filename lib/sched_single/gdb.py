# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: the one thread of this scheduler."""

import gdb

import atoll_gdb

atoll_gdb.thread_lists.append(
    lambda: [gdb.parse_and_eval("'atl::(anonymous namespace)::main_thread'")])
