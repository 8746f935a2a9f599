# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The committed figures of the shipped apps, their budgets, and what a change is."""

import json
import re

from .cell import root
from .machines import PROGRAMS
from .toolchain import run_text, toolchain

PATH = "tests/bench/figures.json"

# A counted figure may grow by this much without a word.
_ALLOWED = 0.02

# The shipped apps that are measured, and the budget of each counted figure.
BUDGETS = {
    ("helloworld", "kvm", "x86_64"): {"image_bytes": 65536, "to_main": 25000, "to_off": 45000,
                               "memory_kib": 1152},
    ("helloworld", "kvm", "arm64"): {"image_bytes": 65536, "to_main": 70000, "to_off": 90000,
                              "memory_kib": 5120},
    ("hello_cpp", "kvm", "x86_64"): {"image_bytes": 32768, "memory_kib": 1152},
    ("hello_cpp", "kvm", "arm64"): {"memory_kib": 5120},
    # Of the instructions 10,000 are for what Xen's own interfaces ask (docs/size.md).
    ("helloworld", "xen", "x86_64"): {"image_bytes": 65536, "to_main": 35000},
}


def committed():
    """The figures of every cell by its name; none where no file is there."""
    return _file().get("cells", {})


def text(cells, arch):
    """What is committed: the figures of `cells`, and the tools of this machine."""
    return json.dumps({"measured_with": _tools(arch), "cells": cells}, indent=1) + "\n"


def not_comparable(arch):
    """Why figures of this machine are judged neither by the committed ones nor by
    budgets; empty where they are. Another compiler or linker makes other bytes, another
    emulator another machine: its firmware's tables, its memory map."""
    old, here = _file().get("measured_with"), _tools(arch)
    if old in (None, here):
        return ""
    told = [", ".join(f"{name} {version}" for name, version in tools.items())
            for tools in (old, here)]
    return f"the committed figures and the budgets are for {told[0]}; this is {told[1]}"


def _file():
    path = root() / PATH
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _tools(arch):
    """What the figures depend on, by name: its version, without that of a correction."""
    tools = toolchain(arch)
    said = {"GCC": tools.identity, "binutils": run_text([tools.tool("ld"), "--version"]),
            "QEMU": run_text([PROGRAMS[arch], "--version"])}
    return {name: re.search(r"(\d+\.\d+)[\d.]*( \(.*\))?$", line.splitlines()[0])[1]
            for name, line in said.items()}


def counted(figures):
    """What of `figures` is the same on every machine: all but times."""
    return {key: value for key, value in figures.items() if not key.startswith("time")}


def table(new, old, budget):
    """Lines that show `new` beside `old` and the budget."""
    lines = [f"  {'':22} {'now':>12} {'before':>12} {'difference':>12} {'':>8}"]
    for key, value in new.items():
        before, limit = old.get(key), budget.get(key)
        row = f"  {key:22} {value:12,}"
        if before is None:
            row += f" {'-':>12} {'new':>12} {'':>8}"
        else:
            row += f" {before:12,} {value - before:+12,} {_percent(value, before):>8}"
        if limit is not None:
            row += f"  budget {limit:,}: " + ("met" if value <= limit
                                              else f"over by {value - limit:,}")
        lines.append(row.rstrip())
    return lines


def complaints(name, new, old, budget):
    """A sentence for each counted figure of the cell `name` that has grown by more than
    2 % or is above its budget."""
    said = []
    for key, value in counted(new).items():
        before, limit = old.get(key), budget.get(key)
        if before is not None and value > before * (1 + _ALLOWED):
            said.append(f"{name}: {key} grew from {before:,} to {value:,} "
                        f"({_percent(value, before)}): `make size` and `make bench V=1` tell what "
                        "grew, UPDATE=1 accepts it")
        if limit is not None and value > limit:
            said.append(f"{name}: {key} is {value:,}, above its budget of {limit:,}")
    return said


def _percent(value, before):
    return f"{(value - before) / before:+.1%}" if before else ""
