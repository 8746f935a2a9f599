# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: what src/switch.S leaves on the stack of a thread."""

import atoll_gdb


def _registers(context):
    sp = int(context["sp"])
    _modes, _fs_base, r15, r14, r13, r12, rbx, rbp, rip = atoll_gdb.words(sp, 9)
    return {"rip": rip, "rsp": sp + 9 * 8, "rbp": rbp, "rbx": rbx, "r12": r12, "r13": r13,
            "r14": r14, "r15": r15}


atoll_gdb.saved_registers.append(_registers)
