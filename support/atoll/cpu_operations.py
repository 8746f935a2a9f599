# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The rows of `make bench-operations` that are about several CPUs."""

import re

from . import machines
from .counting import count, count_by_cpu
from .errors import Mistake
from .runner import boot

APP, PROVIDER = "cpu_operations", "LIB_SCHED_PREEMPT"

# A call on every CPU, so often that the boot does not count.
_FEW, _MANY = 100, 1100

# Rounds of a thread that computes: so many that the boot, in which CPUs wait for each other,
# does not count. And how far two CPUs may be apart, and two threads above one with all of
# the work, in percent.
_ROUNDS = 20_000
_APART, _ABOVE = 10, 3


def call(cell):
    """Instructions of two CPUs for one call on both."""
    less, more = (count(cell, words=f"-- call {times}", cpus="2").to_off
                  for times in (_FEW, _MANY))
    return [("cpu_call", f"{(more - less) / (_MANY - _FEW):12,.1f}", "")]


def compute(cell):
    """Two threads that compute, on two CPUs, beside one that does the work of both."""
    shares = _compute(cell, 2, _ROUNDS)
    alone, = _compute(cell, 1, 2 * _ROUNDS)
    apart = 100 * (max(shares) - min(shares)) / max(shares)
    above = 100 * (sum(shares) - alone) / alone
    return [("compute_apart", f"{apart:12,.1f} %", _judge("two CPUs are apart", apart, _APART)),
            ("compute_above", f"{above:12,.1f} %", _judge("two threads are above one", above, _ABOVE)),
            ("compute_time", f"{_time(cell, 2, '2') / _time(cell, 1, '1'):12,.2f} of one CPU", "")]


ROWS = {"cpu_call": call, "compute_2": compute}


def _judge(what, percent, most):
    return f"{what} by {percent:.1f} %, more than {most} %" if percent > most else ""


def _compute(cell, threads, rounds):
    """What each of as many CPUs executes for it, beyond a boot."""
    nothing, all_of_it = (count_by_cpu(cell, f"-- compute {threads} {many}", threads)
                          for many in (0, rounds))
    return [more - less for less, more in zip(nothing, all_of_it)]


def _time(cell, threads, cpus):
    """Microseconds that the same work takes, the CPUs at the same time."""
    rounds = 100_000 // threads
    outcome = boot(machines.launch(cell, "tcg", cpus=cpus, words=f"-- compute {threads} {rounds}"),
                   timeout=120)
    found = re.search(rb"(\d+) us", outcome.console)
    if found is None:
        raise Mistake(f"{cell.name} computed nothing: {outcome.detail}", status=1)
    return int(found[1])
