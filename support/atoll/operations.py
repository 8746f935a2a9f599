# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make bench-operations`: guest instructions of the kernel's operations."""

import re
import sys
import types

from . import cpu_operations
from .build import ARCHS, Configured, Request, build
from .cell import root
from .counting import count
from .errors import Mistake

_APPS = root() / "tests" / "bench" / "apps"

_TRACE = _APPS / "operations" / "trace" / "addr2line.inc"

# Two boots, which differ in nothing but how often they do it.
_FEW, _MANY = 200, 2200

_THREADS = {"LIB_SCHED_COOP": {"yield": 150, "create_join": None, "mutex": 25, "wake_to_run": 400},
            "LIB_SCHED_PREEMPT": {"yield": 300, "create_join": None, "mutex": 25,
                                  "wake_to_run": 400}}
_SIZES = ("malloc_32", "malloc_256", "malloc_4000", "malloc_100000", "malloc_mix",
          "malloc_trace")
# alloc_region never frees: what it is asked for must fit into memory.
_MEMORY = {"LIB_ALLOC_REGION": dict.fromkeys(size for size in _SIZES if size != "malloc_100000"),
           "LIB_ALLOC_BUDDY": dict.fromkeys(_SIZES),
           "LIB_ALLOC_TLSF": dict.fromkeys(_SIZES) | {"malloc_32": 120},
           "LIB_ALLOC_MIMALLOC": dict.fromkeys(_SIZES) | {"malloc_32": {"x86_64": 60}}}
_TIMERS = {"": {"timer_1": None, "timer_10000": None}}

_PTHREADS = {provider: {"pthread_create": None, "pthread_mutex": None}
             for provider in _THREADS}

# App, settings of a provider, its operations and what each may cost at most, on each
# architecture or on those that are named.
ROWS = ([("operations", provider, operations)
         for provider, operations in (_THREADS | _MEMORY | _TIMERS).items()]
        + [("posix_operations", provider, operations)
           for provider, operations in _PTHREADS.items()])


def bench_operations(arguments):
    """Prints what each operation costs with each provider; status 1 where one costs more
    than its target. KVM's cells: what is below Xen is Xen's."""
    known = {name for _, _, operations in ROWS for name in operations} | set(cpu_operations.ROWS)
    if arguments.only is not None and arguments.only not in known:
        raise Mistake(f"there is no operation {arguments.only}; there are "
                      f"{', '.join(sorted(known))}")
    over = []
    for arch in ARCHS:
        if arguments.arch in (None, arch):
            for app, provider, operations in ROWS:
                over += _measure(arguments, arch, app, provider, operations)
            over += _measure_cpus(arguments, arch)
    if over:
        raise Mistake("\natoll: ".join(over), status=1)


def _measure(arguments, arch, app, provider, operations):
    """Prints the rows of one image; a sentence for each that is above its target."""
    wanted = [name for name in operations if arguments.only in (None, name)]
    if not wanted:
        return []
    where, cell = _image(arguments, arch, app, provider)
    over = []
    for name in wanted:
        cost, target = round(instructions(cell, name), 1), operations[name]
        if isinstance(target, dict):
            target = target.get(arch)
        row = f"{where:28} {name:14} {cost:12,.1f}"
        if target is not None:
            row += f"   target {target:5,}: " + ("met" if cost <= target else
                                                 f"over by {cost - target:,.1f}")
            if cost > target:
                over.append(f"{where}: {name} takes {cost:,.1f} instructions, more than {target}")
        print(row, flush=True)
    return over


def _measure_cpus(arguments, arch):
    """The same for what concerns several CPUs."""
    wanted = [name for name in cpu_operations.ROWS if arguments.only in (None, name)]
    if not wanted:
        return []
    where, cell = _image(arguments, arch, cpu_operations.APP, cpu_operations.PROVIDER)
    over = []
    for name in wanted:
        for row, cost, complaint in cpu_operations.ROWS[name](cell):
            print(f"{where:28} {row:14} {cost}", flush=True)
            over += [f"{where}: {row}: {complaint}"] if complaint else []
    return over


def _image(arguments, arch, app, provider):
    """What the rows of an image begin with, and the image."""
    asked = types.SimpleNamespace(**vars(arguments))
    asked.app, asked.plat, asked.arch = str(_APPS / app), "kvm", arch
    asked.out = str((root() / (arguments.out or "build")) / "operations" / (provider or "default"))
    asked.set = f"{provider + '=y' if provider else ''} {arguments.set or ''}".strip()
    where = f"kvm-{arch} {provider.removeprefix('LIB_').lower()}".strip()
    print(f"measuring {where} ...", file=sys.stderr, flush=True)
    return where, build(Configured(Request(asked), quiet=True), quiet=True)


def instructions(cell, name):
    """What `name` takes once, iterations of rep instructions apart; of a trace, the mean of
    its steps."""
    few, many, each = _FEW, _MANY, 1
    if name == "malloc_trace":
        trace = _TRACE.read_text(encoding="utf-8").split('R"(', 1)[1]
        few, many, each = 1, 3, len(re.findall("[ARF]", trace))
    less, more = (count(cell, words=f"-- {name} {times}").to_off for times in (few, many))
    return (more - less) / (many - few) / each
