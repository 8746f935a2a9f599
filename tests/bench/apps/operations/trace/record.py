# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Records what a program asks of malloc, for the operation malloc_trace:

  record.py FILE MOST COMMAND ...

FILE becomes a C++ string of at most MOST operations, then frees of what is left: A, a slot
and a size allocate, R resizes, F frees, numbers in base 36, as `A0,1s` or `F0`."""

import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_OPERATION = struct.Struct("=QQQQ")


def _number(value):
    text = ""
    while value or not text:
        text = _DIGITS[value % 36] + text
        value //= 36
    return text


def operations(data, most):
    """The text of each operation, from the recorder's file."""
    slots, free, used = {}, [], 0
    for what, before, after, size in _OPERATION.iter_unpack(data):
        if most == 0:
            break
        if what == ord("A") and after:
            if free:
                slot = free.pop()
            else:
                slot, used = used, used + 1
            slots[after] = slot
            yield f"A{_number(slot)},{_number(size)}"
        elif what == ord("R") and before in slots and after:
            slots[after] = slots.pop(before)
            yield f"R{_number(slots[after])},{_number(size)}"
        elif what == ord("F") and before in slots:
            slot = slots.pop(before)
            free.append(slot)
            yield f"F{_number(slot)}"
        else:
            continue
        most -= 1
    for slot in sorted(slots.values()):
        yield f"F{_number(slot)}"


def main(arguments):
    target, most, command = Path(arguments[0]), int(arguments[1]), arguments[2:]
    with tempfile.TemporaryDirectory() as folder:
        library, noted = Path(folder, "record.so"), Path(folder, "noted")
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-fno-builtin", "-o", str(library),
                        str(Path(__file__).with_name("record.c")), "-ldl"], check=True)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL,
                       env=os.environ | {"LD_PRELOAD": str(library), "ATOLL_TRACE": str(noted)})
        text = "".join(operations(noted.read_bytes(), most))
    lines = [text[at:at + 100] for at in range(0, len(text), 100)]
    head = "".join(f"// {line[2:]}" for line in Path(__file__).read_text().splitlines(True)[:2])
    target.write_text(f'{head}R"(' + "\n".join(lines) + ')"\n', encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
