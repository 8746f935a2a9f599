# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make bench-operations`: guest instructions of the kernel's operations."""

import sys
import types

from .build import ARCHS, Configured, Request, build
from .cell import root
from .counting import count
from .errors import Mistake

_APP = root() / "tests" / "bench" / "apps" / "operations"

# Two boots, which differ in nothing but how often they do it.
_FEW, _MANY = 200, 2200

_THREADS = {"LIB_SCHED_COOP": {"yield": 150, "create_join": None, "mutex": 25, "wake_to_run": 400},
            "LIB_SCHED_PREEMPT": {"yield": 300, "create_join": None, "mutex": 25,
                                  "wake_to_run": 400}}
_SIZES = ("malloc_32", "malloc_256", "malloc_4000", "malloc_100000", "malloc_mix")
_MEMORY = {"LIB_ALLOC_BUDDY": dict.fromkeys(_SIZES),
           "LIB_ALLOC_TLSF": dict.fromkeys(_SIZES) | {"malloc_32": 120}}
_TIMERS = {"": {"timer_1": None, "timer_10000": None}}

# Settings of a provider: its operations, and what each may cost at most.
PROVIDERS = _THREADS | _MEMORY | _TIMERS


def bench_operations(arguments):
    """Prints what each operation costs with each provider; status 1 where one costs more
    than its target. KVM's cells: what is below Xen is Xen's."""
    known = {name for operations in PROVIDERS.values() for name in operations}
    if arguments.only is not None and arguments.only not in known:
        raise Mistake(f"there is no operation {arguments.only}; there are "
                      f"{', '.join(sorted(known))}")
    over = []
    for arch in ARCHS:
        if arguments.arch in (None, arch):
            for provider, operations in PROVIDERS.items():
                over += _measure(arguments, arch, provider, operations)
    if over:
        raise Mistake("\natoll: ".join(over), status=1)


def _measure(arguments, arch, provider, operations):
    """Prints the rows of one image; a sentence for each that is above its target."""
    wanted = [name for name in operations if arguments.only in (None, name)]
    if not wanted:
        return []
    asked = types.SimpleNamespace(**vars(arguments))
    asked.app, asked.plat, asked.arch = str(_APP), "kvm", arch
    asked.out = str((root() / (arguments.out or "build")) / "operations" / (provider or "default"))
    asked.set = f"{provider + '=y' if provider else ''} {arguments.set or ''}".strip()
    where = f"kvm-{arch} {provider.removeprefix('LIB_').lower()}".strip()
    print(f"measuring {where} ...", file=sys.stderr, flush=True)
    cell = build(Configured(Request(asked), quiet=True), quiet=True)
    over = []
    for name in wanted:
        cost, target = round(instructions(cell, name), 1), operations[name]
        row = f"{where:28} {name:14} {cost:12,.1f}"
        if target is not None:
            row += f"   target {target:5,}: " + ("met" if cost <= target else
                                                 f"over by {cost - target:,.1f}")
            if cost > target:
                over.append(f"{where}: {name} takes {cost:,.1f} instructions, more than {target}")
        print(row, flush=True)
    return over


def instructions(cell, name):
    """What `name` takes once, iterations of rep instructions apart."""
    few, many = (count(cell, words=f"-- {name} {times}").to_off for times in (_FEW, _MANY))
    return (many - few) / (_MANY - _FEW)
