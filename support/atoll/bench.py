# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make bench`: image bytes, instructions, memory and time, beside their budgets."""

import os
import statistics
import subprocess
import sys
import types

from . import figures, machines, sizes
from .build import Configured, Request, build
from .cell import root
from .counting import by_function, by_step, count
from .errors import Mistake
from .runner import boot
from .toolchain import toolchain
from .write import write_if_changed

_RUNS = 11       # of which the median time counts
_COUNTS = 3      # of which the lowest counts: the random layout is luck

_MEMORY = {"x86_64": (1088, 1152, 1216, 1280, 1408, 1536, 1664, 2048, 3072, 4096, 8192),
           "arm64": (5120, 6144, 8192, 16384)}


def bench_all(arguments):
    """Measures every app and architecture; prints them beside the committed figures and the
    budgets; status 1 where a counted figure has grown by more than 2 % or something is
    above its budget. With SET= it is the cost of those settings that is shown: nothing is
    judged or written. Nor is anything judged with other tools than the committed figures
    were measured with."""
    if arguments.set and arguments.update:
        raise Mistake("UPDATE=1 is for the apps as they are shipped: leave out SET=")
    old = figures.committed()
    new, complaints = dict(old), []
    for (app, plat, arch), budget in figures.BUDGETS.items():
        if (arguments.app not in (None, app) or arguments.arch not in (None, arch)
                or arguments.plat not in (None, plat)):
            continue
        name = f"{app}_{plat}-{arch}"
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        configured, cell = shipped(arguments, app, plat, arch)
        counts = lowest_count(cell)
        if arguments.verbose:
            _print_functions(cell, counts)
        measured = measure(cell, counts)
        new[name] = figures.counted(measured)
        print(f"{name} with {arguments.set}" if arguments.set else name)
        print("\n".join(figures.table(measured, old.get(name, {}), budget)))
        print("  instructions of which: " + ", ".join(
            f"{step} {spent:,}" for step, spent in by_step(configured, counts)))
        if arguments.set:
            continue
        if not arguments.update and (why := figures.not_comparable(arch)):
            print(f"nothing is judged: {why}")
            continue
        complaints += figures.complaints(name, measured, {} if arguments.update
                                         else old.get(name, {}), budget)
        complaints += sizes.over_budget(configured.composition, cell)
    if arguments.update or not old:
        write_if_changed(root() / figures.PATH, figures.text(new, arch))
        print(f"wrote {figures.PATH}")
    if complaints:
        raise Mistake("\natoll: ".join(complaints), status=1)


def shipped(arguments, app, plat, arch):
    """The app as it is shipped, but for SET=: (its configuration, its cell, built)."""
    asked = types.SimpleNamespace(**vars(arguments))
    asked.app, asked.plat, asked.arch = app, plat, arch
    if asked.set:
        asked.out = os.path.join(asked.out or "build", "with-settings")
    configured = Configured(Request(asked), quiet=True)
    return configured, build(configured, quiet=True)


def lowest_count(cell):
    """The Counts of the boot that took the fewest instructions, of a few."""
    return min((count(cell) for _ in range(_COUNTS)), key=lambda counts: counts.to_off)


def measure(cell, counts):
    """The figures of a cell: a dictionary in the order they are shown."""
    counted = {"image_bytes": cell.image.stat().st_size, "to_main": counts.to_main,
               "to_off": counts.to_off, "rep_iterations": counts.rep_iterations}
    if cell.plat != "kvm":   # memory and time would be a hypervisor's
        return counted
    return counted | {
        "memory_kib": _smallest_memory(cell),
        "time_over_stub_us": round((_wall(_quiet(cell)) - _empty_kernel(cell)) * 1e6)}


def _print_functions(cell, counts):
    print(f"{'instructions':>12} {'calls':>7}  function")
    for times, calls, name in by_function(cell, counts)[:40]:
        print(f"{times:12,} {calls:7,}  {name[:100]}")


def _quiet(cell):
    return machines.launch(cell, "tcg")


def _smallest_memory(cell):
    for size in _MEMORY[cell.arch]:
        launch = machines.launch(cell, "tcg", memory=f"{size}k")
        try:
            if boot(launch, timeout=10).kind == "exit":
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
    stub = types.SimpleNamespace(plat="kvm", arch=arch, image=image)
    return _wall(machines.launch(stub, "tcg"))


def _wall(launch):
    """The median time from start to end of the monitor, in seconds."""
    return statistics.median(boot(launch, timeout=60).seconds for _ in range(_RUNS))
