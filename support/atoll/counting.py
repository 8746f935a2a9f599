# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Counts the guest instructions of one boot with a QEMU plugin, and says whose they are."""

import bisect
import collections
import dataclasses
import os
import re
import subprocess
import tempfile

from . import elf, machines
from .cell import root
from .devices import NONE
from .errors import Mistake
from .runner import boot
from .toolchain import machine, toolchain

# Xen runs in the same emulated machine: the image is what runs at low addresses, or in the
# last 2 GiB, once Xen has reached its own (xen/arch/x86/include/asm/config.h).
_WHAT = {"xen": ("only=0-ffffffff", "only=ffffffff80000000-ffffffffffffffff",
                 "after=ffff82d040000000-ffff82d07fffffff")}

# Time that advances with the instructions makes every boot alike. Not below Xen, where
# QEMU 10 ends with "Bad icount read", and where no figure has been seen to need it.
_TIME = {"kvm": ("-icount", "shift=0,sleep=off", "-rtc", "clock=vm,base=2026-01-01")}

# No image is larger in memory, as far as addresses are told apart here.
_LARGEST = 0x1000000


@dataclasses.dataclass
class Counts:
    """What the instruction-counting plugin saw of one boot, from the entry on."""

    to_main: int
    to_off: int
    rep_iterations: int
    places: list      # (address, count before its first execution, times executed)
    base: int         # where the image's first byte was when main ran,
    loaded: int       # and where the loader put it
    start: int        # the count before its first instruction
    console: bytes = b""


def count(cell, words="", machine=None, cpus="1", extra=(), devices=NONE, timed=True,
          on_output=None):
    """Boots `cell` under the plugin, with `extra` words of the monitor's; Mistake where the boot
    fails. `timed`: time advances with the instructions."""
    with tempfile.TemporaryDirectory(prefix="atoll-") as scratch:
        out = os.path.join(scratch, "counts")
        extra = ["-plugin", ",".join([str(plugin(cell)), f"out={out}", *_WHAT.get(cell.plat, ())]),
                 *(_TIME.get(cell.plat, ()) if timed else ()), *extra]
        launch = machines.launch(cell, "tcg", words=words, machine=machine, extra=extra,
                                 cpus=cpus, devices=devices)
        outcome = boot(launch, timeout=120, on_output=on_output)
        if outcome.kind not in ("exit", "panic") or not os.path.exists(out):
            raise Mistake(f"{cell.name} did not end under the plugin: {outcome.detail}", status=1)
        with open(out, encoding="utf-8") as lines:
            head = lines.readline().split()
            places = [(int(a, 16), int(b), int(c)) for a, b, c in (l.split() for l in lines)]
    return dataclasses.replace(_place(cell, int(head[3]), places), console=outcome.console)


def count_by_cpu(cell, words, cpus):
    """The instructions of each of that many CPUs, which QEMU runs in turns: how busy the
    machine is has no part in it."""
    with tempfile.TemporaryDirectory(prefix="atoll-") as scratch:
        out = os.path.join(scratch, "counts")
        launch = machines.launch(cell, "tcg", words=words, cpus=str(cpus),
                                 extra=["-plugin", f"{plugin(cell)},out={out},cpus=on",
                                        *_TIME.get(cell.plat, ())])
        outcome = boot(launch, timeout=120)
        if outcome.kind != "exit" or outcome.status != 0 or not os.path.exists(out):
            raise Mistake(f"{cell.name} did not end under the plugin: {outcome.detail}", status=1)
        with open(out, encoding="utf-8") as line:
            return [int(number) for number in line.read().split()[1:1 + cpus]]


def _place(cell, reps, places):
    """Finds where the image ran: where most of its functions were entered."""
    symbols = symbol_offsets(cell)
    first = {address: before for address, before, _ in places}
    main = symbols["main"]
    bases = [address - main for address in first
             if (address - main) % 4096 == 0 and address > 1 << 63]
    if not bases:
        raise Mistake(f"{cell.name}: main was not executed", status=1)
    base = max(bases, key=lambda one: sum(one + offset in first for offset in symbols.values()))
    loaded = _loaded_at(cell, first)
    start = min((before for address, before in first.items()
                 if loaded <= address < loaded + _LARGEST))
    # What repeats after the last new instruction waits for the monitor to end.
    end = max(first.values()) + 1
    return Counts(first[base + main] - start, end - start, reps, places, base, loaded, start)


def _loaded_at(cell, first):
    """The physical address of the image's first byte."""
    segments = elf.loaded(cell.symbols)
    if cell.arch != "arm64":
        return min(segment.physical for segment in segments)
    # On a page, where most of what ran before the MMU was on lies behind it.
    size = max(segment.physical + segment.memory_size for segment in segments) - \
        elf.link_base(cell.symbols)
    low = [address for address in first if 0x40000000 <= address < 0x80000000]
    return max((address for address in low if address % 4096 == 0),
               key=lambda page: sum(page <= address < page + size for address in low))


def symbol_offsets(cell):
    """Demangled function name to its offset from the image's first byte."""
    listing = subprocess.run([toolchain(cell.arch).tool("nm"), "-C", str(cell.symbols)],
                             capture_output=True, text=True, check=True).stdout
    base = elf.link_base(cell.symbols)
    found = {}
    for line in listing.splitlines():
        match = re.match(r"^([0-9a-f]+) [tTwW] (.+)$", line)
        if match:
            found.setdefault(match[2], int(match[1], 16) - base)
    return found


def by_function(cell, counts):
    """(instructions, calls, name) of each function of the image, most first."""
    symbols = sorted((offset, name) for name, offset in symbol_offsets(cell).items())
    starts = [offset for offset, _ in symbols]
    spent, entered = collections.Counter(), collections.Counter()
    for address, _before, times in counts.places:
        # Before the image has moved, it runs where the loader put it.
        offset = address - (counts.base if address >= counts.base else counts.loaded)
        at = bisect.bisect_right(starts, offset) - 1
        if at < 0 or offset >= _LARGEST:
            continue
        spent[symbols[at][1]] += times
        if offset == starts[at]:
            entered[symbols[at][1]] += times
    return [(times, entered[name], name) for name, times in spent.most_common()]


def by_step(configured, counts):
    """(name, instructions) of the entry, of each boot step with what is called in it, of
    the way to main, and of all from main to the end."""
    symbols = symbol_offsets(configured.cell)
    first = {address: before for address, before, _ in counts.places}

    def begin(function):
        return first.get(counts.base + symbols.get(function, -1))

    marks = [("entry", counts.start), ("boot", begin("atl::boot()"))]
    marks += [(part.name, begin(f"atl::{part.init.function}()"))
              for part in configured.composition.steps("init")]
    marks += [("program", begin("atl::generated::run_program()")),
              ("main and end", counts.start + counts.to_main),
              ("", counts.start + counts.to_off)]
    marks = [(name, at) for name, at in marks if at is not None]
    return [(name, after - at) for (name, at), (_, after) in zip(marks, marks[1:])]


def plugin(cell):
    """Compiles the plugin for the QEMU at hand; its path."""
    program = machines.program(cell.arch)
    text = subprocess.run([program, "--version"], capture_output=True, text=True,
                          check=True).stdout
    major = int(re.search(r"version (\d+)", text)[1])
    version = 1 if major < 9 else 2
    target = cell.out / "measure" / f"count_instructions_{version}.so"
    source = root() / "support" / "measure" / "count_instructions.c"
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        os.makedirs(target.parent, exist_ok=True)
        subprocess.run([toolchain(machine()).cc, "-O2", "-shared", "-fPIC",
                        "-fvisibility=hidden", f"-DPLUGIN_VERSION={version}", str(source), "-o",
                        str(target)], check=True)
    return target
