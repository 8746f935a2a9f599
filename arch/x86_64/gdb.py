# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: what src/switch.S leaves on the stack of a thread."""

import atoll_gdb


def _resume_point(context):
    frame_pointer, return_address = atoll_gdb.words(int(context["sp"]) + 7 * 8, 2)
    return return_address, frame_pointer


atoll_gdb.resume_points.append(_resume_point)
