# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: what src/switch.S leaves on the stack of a thread."""

import atoll_gdb


def _resume_point(context):
    frame_pointer, link = atoll_gdb.words(int(context["sp"]) + 80, 2)
    return link, frame_pointer


atoll_gdb.resume_points.append(_resume_point)
