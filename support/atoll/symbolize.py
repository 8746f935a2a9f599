# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Turns the addresses of a console log into functions and lines."""

import re
import subprocess

from .toolchain import toolchain

_FRAME = re.compile(r"image\+0x([0-9a-f]+)")


def symbolize_lines(log, cell):
    """For each `image+0x...` of `log`, a line that names the place."""
    offsets = _FRAME.findall(log)
    if not offsets:
        return []
    base = _image_base(cell)
    addresses = [hex(base + int(offset, 16)) for offset in offsets]
    tool = toolchain(cell.arch).tool("addr2line")
    done = subprocess.run([tool, "-Cfip", "-e", str(cell.symbols), *addresses],
                          capture_output=True, text=True, check=False)
    return [f"  image+0x{offset}: {line}" for offset, line in
            zip(offsets, [text for text in done.stdout.splitlines()
                          if not text.startswith(" (inlined by)")])]


def _image_base(cell):
    """The link address of the image's first byte."""
    tool = toolchain(cell.arch).tool("readelf")
    text = subprocess.run([tool, "-lW", str(cell.symbols)], capture_output=True, text=True,
                          check=True).stdout
    return min(int(line.split()[2], 16) for line in text.splitlines()
               if line.split()[:1] == ["LOAD"])
