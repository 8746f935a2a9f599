# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: what src/switch.S leaves on the stack of a thread."""

import atoll_gdb


def _registers(context):
    sp = int(context["sp"])
    saved = atoll_gdb.words(sp, 12)
    return {"pc": saved[11], "sp": sp + 192} | {
        f"x{number}": value for number, value in zip(range(19, 31), saved)}


atoll_gdb.saved_registers.append(_registers)
