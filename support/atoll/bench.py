# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make bench`: image bytes, instructions, memory and time, beside their budgets."""

import json
import os
import statistics
import subprocess
import sys
import types

from . import machines
from .build import Configured, Request, build
from .cell import root
from .counting import by_function, count
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


def bench_all(arguments):
    """Measures every app and architecture; prints old, new, budget; status 1 on a
    regression of a counted figure by more than 2 %."""
    path = root() / _FIGURES
    old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    new, worse = dict(old), []
    for (app, arch), budget in BUDGETS.items():
        if arguments.app not in (None, app) or arguments.arch not in (None, arch):
            continue
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
    if arguments.update or not old:
        write_if_changed(path, json.dumps(new, indent=1) + "\n")
        print(f"wrote {_FIGURES}")
    if worse:
        raise Mistake("counted figures grew by more than 2 %: " + "; ".join(worse)
                      + " (UPDATE=1 accepts them)", status=1)


def measure(arguments, app, arch):
    """The figures of one shipped app: a dictionary in the order they are shown."""
    asked = types.SimpleNamespace(**vars(arguments))
    asked.app, asked.plat, asked.arch, asked.set = app, "kvm", arch, None
    configured = Configured(Request(asked), quiet=True)
    cell = build(configured, quiet=True)
    counts = count(cell)
    if arguments.verbose:
        _print_functions(cell, counts)
    return {"image_bytes": cell.image.stat().st_size, "to_main": counts.to_main,
            "to_off": counts.to_off, "rep_iterations": counts.rep_iterations,
            "memory_kib": _smallest_memory(cell),
            "time_over_stub_us": round((_wall(_quiet(cell)) - _empty_kernel(cell)) * 1e6)}


def _print_functions(cell, counts):
    print(f"{'instructions':>12} {'calls':>7}  function")
    for times, calls, name in by_function(cell, counts)[:40]:
        print(f"{times:12,} {calls:7,}  {name[:100]}")


def _quiet(cell):
    return machines.command_line(cell, "tcg")


def _smallest_memory(cell):
    for size in _MEMORY[cell.arch]:
        command = machines.command_line(cell, "tcg", memory=f"{size}k")
        try:
            if boot(command, timeout=10).kind == "exit":
                return size
        except Mistake:
            continue   # QEMU itself refuses so little
    raise Mistake(f"{cell.name} boots with none of the memory sizes", status=1)


def _empty_kernel(cell):
    """Seconds of a kernel that does nothing but power off, under the same line."""
    arch, folder = cell.arch, cell.out / "measure"
    tools = toolchain(arch)
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
    return _wall(machines.command_line(stub, "tcg"))


def _wall(command):
    """The median time from start to end of the monitor, in seconds."""
    return statistics.median(boot(command, timeout=60).seconds for _ in range(_RUNS))
