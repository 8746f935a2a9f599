# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make bench`: image bytes, instructions, memory and time, beside their budgets."""

import dataclasses
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import types

from . import machines
from .build import ARCHS, Configured, Request, build
from .cell import root
from .errors import Mistake
from .runner import boot
from .toolchain import toolchain
from .write import write_if_changed

_FIGURES = "tests/bench/figures.json"
_REGRESSION = 0.02
_RUNS = 11

# The shipped apps that are measured, and the budget of each counted figure.
BUDGETS = {
    ("helloworld", "x86_64"): {"image_bytes": 65536, "to_main": 25000, "to_off": 45000,
                               "memory_kib": 1152},
    ("helloworld", "arm64"): {"image_bytes": 65536, "to_main": 70000, "to_off": 90000,
                              "memory_kib": 5120},
    ("hello_cpp", "x86_64"): {"image_bytes": 32768, "memory_kib": 1152},
    ("hello_cpp", "arm64"): {"memory_kib": 5120},
}

_MEMORY = {"x86_64": (1088, 1152, 1216, 1280, 1408, 1536, 1664, 2048, 3072, 4096, 8192),
           "arm64": (5120, 6144, 8192, 16384)}


@dataclasses.dataclass
class Counts:
    """What the instruction-counting plugin saw of one boot, from the entry on."""

    to_main: int
    to_off: int
    rep_iterations: int
    places: list      # (offset in the image or address, count before, times)
    base: int


def bench_all(arguments):
    """Measures every app and architecture; prints old, new, budget; status 1 on a
    regression of a counted figure by more than 2 %."""
    path = root() / _FIGURES
    old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    new, worse = {}, []
    for (app, arch), budget in BUDGETS.items():
        name = f"{app}_kvm-{arch}"
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        figures = measure(arguments, app, arch)
        new[name] = {key: value for key, value in figures.items() if not key.startswith("time")}
        print(f"{name}")
        for key, value in figures.items():
            before = old.get(name, {}).get(key)
            change = f"{(value - before) / before:+.1%}" if before else "new"
            limit = budget.get(key)
            said = "" if limit is None else (f"budget {limit:,}: " + ("met" if value <= limit else
                                             f"over by {value - limit:,}"))
            print(f"  {key:22} {value:12,} {before if before is not None else '-':>12} "
                  f"{change:>8}  {said}")
            if before and not key.startswith("time") and value > before * (1 + _REGRESSION):
                worse.append(f"{name} {key}: {before:,} -> {value:,}")
    if os.environ.get("N") == "update" or not old:
        write_if_changed(path, json.dumps(new, indent=1) + "\n")
        print(f"wrote {_FIGURES}")
    if worse:
        raise Mistake("counted figures grew by more than 2 %: " + "; ".join(worse)
                      + " (N=update accepts them)", status=1)


def measure(arguments, app, arch):
    """The figures of one shipped app: a dictionary in the order they are shown."""
    asked = types.SimpleNamespace(**vars(arguments))
    asked.app, asked.plat, asked.arch, asked.set = app, "kvm", arch, None
    configured = Configured(Request(asked), quiet=True)
    cell = build(configured, quiet=True)
    counts = count(cell)
    floor, floor_counts = _floor(arch)
    return {"image_bytes": cell.image.stat().st_size, "to_main": counts.to_main,
            "to_off": counts.to_off, "rep_iterations": counts.rep_iterations,
            "memory_kib": _smallest_memory(cell),
            "time_over_stub_us": round((_wall(_quiet(cell)) - floor) * 1e6)} | floor_counts


def _quiet(cell, extra=(), memory="128M"):
    return machines.command_line(cell, "tcg", memory=memory, extra=extra)


def count(cell, words="", machine=None):
    """Boots `cell` under the plugin; Mistake where the boot fails."""
    with tempfile.TemporaryDirectory(prefix="atoll-") as scratch:
        out = os.path.join(scratch, "counts")
        extra = ["-plugin", f"{plugin(cell.arch)},out={out}",
                 "-icount", "shift=0,sleep=off", "-rtc", "clock=vm,base=2026-01-01"]
        command = machines.command_line(cell, "tcg", words=words, machine=machine, extra=extra)
        outcome = boot(command, timeout=120)
        if outcome.kind not in ("exit", "panic") or not os.path.exists(out):
            raise Mistake(f"{cell.name} did not end under the plugin: {outcome.detail}", status=1)
        with open(out, encoding="utf-8") as lines:
            head = lines.readline().split()
            places = [(int(a, 16), int(b), int(c)) for a, b, c in (l.split() for l in lines)]
    return _place(cell, int(head[1]), int(head[3]), places)


def _place(cell, total, reps, places):
    """Finds where the image ran, by two symbols that every boot reaches."""
    symbols = symbol_offsets(cell)
    first = {address: before for address, before, _ in places}
    main = symbols["main"]
    other = symbols.get("atl::boot()", main)
    base = next((address - main for address in first
                 if (address - main) % 4096 == 0 and address - main + other in first
                 and address > 1 << 63), None)
    if base is None:
        raise Mistake(f"{cell.name}: main was not executed", status=1)
    start = _entry_count(cell, first)
    return Counts(first[base + main] - start, total - start, reps, places, base)


def _entry_count(cell, first):
    """Instructions before the image's entry: the firmware's."""
    text = subprocess.run([toolchain(cell.arch).tool("readelf"), "-nlhW", str(cell.symbols)],
                          capture_output=True, text=True, check=True).stdout
    if cell.arch == "arm64":
        entries = [a for a in sorted(first, key=first.get) if 0x40000000 <= a < 0x80000000
                   and a % 4096 == 0]
        return first[entries[0]] if entries else 0
    low = [a for a in first if 0x100000 <= a < 0x1000000]
    return min(first[a] for a in low) if low and text else 0


def symbol_offsets(cell):
    """Demangled function name to its offset from the image's first byte."""
    tools = toolchain(cell.arch)
    listing = subprocess.run([tools.tool("nm"), "-C", str(cell.symbols)], capture_output=True,
                             text=True, check=True).stdout
    headers = subprocess.run([tools.tool("readelf"), "-lW", str(cell.symbols)],
                             capture_output=True, text=True, check=True).stdout
    base = min(int(line.split()[2], 16) for line in headers.splitlines()
               if line.split()[:1] == ["LOAD"])
    found = {}
    for line in listing.splitlines():
        match = re.match(r"^([0-9a-f]+) [tTwW] (.+)$", line)
        if match:
            found.setdefault(match[2], int(match[1], 16) - base)
    return found


def plugin(arch):
    """Compiles the plugin for the QEMU at hand; its path."""
    program = machines.PROGRAMS[arch]
    text = subprocess.run([program, "--version"], capture_output=True, text=True,
                          check=True).stdout
    major = int(re.search(r"version (\d+)", text)[1])
    version = 1 if major < 9 else 2
    target = root() / "build" / "measure" / f"count_instructions_{version}.so"
    source = root() / "support" / "measure" / "count_instructions.c"
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        os.makedirs(target.parent, exist_ok=True)
        subprocess.run([toolchain(machines.machine()).cc, "-O2", "-shared", "-fPIC",
                        "-fvisibility=hidden", f"-DPLUGIN_VERSION={version}", str(source), "-o",
                        str(target)], check=True)
    return target


def _smallest_memory(cell):
    for size in _MEMORY[cell.arch]:
        command = machines.command_line(cell, "tcg", memory=f"{size}k")
        try:
            if boot(command, timeout=10).kind == "exit":
                return size
        except Mistake:
            continue   # QEMU itself refuses so little
    raise Mistake(f"{cell.name} boots with none of the memory sizes", status=1)


def _floor(arch):
    """Seconds of the empty kernel under the same line."""
    tools = toolchain(arch)
    folder = root() / "build" / "measure"
    os.makedirs(folder, exist_ok=True)
    source = root() / "support" / "measure" / f"stub_{arch}.S"
    linked, image = folder / f"stub_{arch}.elf", folder / f"stub_{arch}"
    base = "0x100000" if arch == "x86_64" else "0"
    subprocess.run([tools.cc, "-nostdlib", "-static", "-no-pie", f"-Wl,-Ttext={base}",
                    "-Wl,--build-id=none", "-Wl,-z,noexecstack", str(source), "-o", str(linked)],
                   check=True, capture_output=True)
    convert = ["-O", "binary"] if arch == "arm64" else ["--strip-all"]
    subprocess.run([tools.tool("objcopy"), *convert, str(linked), str(image)], check=True)
    stub = types.SimpleNamespace(arch=arch, image=image)
    return _wall(machines.command_line(stub, "tcg")), {}


def _wall(command):
    """The median time from start to end of the monitor, in seconds."""
    return statistics.median(boot(command, timeout=60).seconds for _ in range(_RUNS))
