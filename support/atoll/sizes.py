# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Bytes of an image by micro-library and by symbol, and the budgets of libraries."""

import collections
import re
import subprocess

from .linkmap import contributions
from .toolchain import toolchain

KINDS = ("code", "constants", "data", "zeroed")

# Whose SIZE_BUDGETs hold: apps as they are shipped, by their defconfig.
SHIPPED = ("helloworld", "hello_cpp", "netfn")

_PREFIX = re.compile(r"^\.(text|rodata|data|bss|tdata|tbss)"
                     r"((\.(unlikely|startup|hot|exit|rel|ro|local|cst\d+|str1))*)\.")
_STRINGS = re.compile(r"\.str\d+\.\d+$")


def by_owner(cell):
    """{library, app, archive or "generated": Counter of bytes by kind}."""
    totals = collections.defaultdict(collections.Counter)
    for item in contributions(cell.map):
        totals[item.owner][item.kind] += item.size
    return totals


def in_image(counts):
    """Bytes of the image's file that a Counter by kind stands for."""
    return sum(counts[kind] for kind in KINDS[:3])


def by_symbol(cell, owner):
    """(bytes, kind, symbol) of each section that `owner` has in the image, largest first.

    A function or object has a section of its own; texts go under the function that
    they were written in."""
    sizes = collections.Counter()
    for item in contributions(cell.map):
        if item.owner == owner:
            sizes[item.kind, item.section] += item.size
    rows = [(size, kind, *_symbol(section)) for (kind, section), size in sizes.items()]
    names = _demangled(cell, [name for _, _, name, _ in rows])
    return sorted(((size, kind, name + note) for (size, kind, _, note), name in zip(rows, names)),
                  key=lambda row: (-row[0], row[2]))


def _symbol(section):
    """(symbol, what it is beside the symbol itself) of an input section."""
    strings = _STRINGS.search(section)
    name = section[:strings.start()] if strings else section
    match = _PREFIX.match(name + ".")
    if match and len(name) > match.end():
        name = name[match.end():]
    return name, " (texts)" if strings else ""


def _demangled(cell, names):
    # What the compiler adds to a clone's name is no part of the mangled one.
    split = [re.match(r"([^.]*)(.*)", name, re.DOTALL).groups() if name.startswith("_Z")
             else (name, "") for name in names]
    text = "\n".join(name for name, _ in split)
    done = subprocess.run([toolchain(cell.arch).tool("c++filt")], input=text, check=True,
                          capture_output=True, text=True).stdout.split("\n")
    return [name + rest for name, (_, rest) in zip(done, split)]


def over_budget(composition, cell):
    """A sentence for each part whose bytes in the image are above its SIZE_BUDGET, or
    that has none."""
    sentences, totals = [], by_owner(cell)
    for part in composition.parts:
        used, budget = in_image(totals[part.name]), part.budget(composition.arch)
        where = f"{part.name} takes {used:,} bytes of {cell.name}"
        if used and budget is None:
            sentences.append(f"{where} and has no SIZE_BUDGET: add SIZE_BUDGET {_room(used)} to "
                             "its CMakeLists.txt")
        elif budget is not None and used > budget:
            sentences.append(f"{where}, more than its SIZE_BUDGET of {budget:,}: make it smaller "
                             f"(`make size LIB={part.name} APP={composition.app.name} "
                             f"PLAT={cell.plat} ARCH={composition.arch}` tells where they go), or raise the budget "
                             f"to {_room(used)} and say in the commit what the bytes are for")
    return sentences


def _room(used):
    """A budget for what takes `used` bytes: a little above, in steps of 64."""
    return (used + used // 32 + 127) // 64 * 64
