# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Seeded faults: what is broken in a provider on purpose, and which test must see it.

`lib/<interface>/faults.toml` has one table a fault:

    [fires_although_disarmed]
    promise = "disarm() silences the timer"
    file = "lib/timer_lapic/src/timer.cpp"
    old = '''text that the file has once'''
    new = '''what stands there instead'''
    fails = "TimerConformance.a_disarmed_timer_is_silent"
"""

import dataclasses
import os
import tomllib

from .cell import root
from .generate import vm_test_names

LEAST = 5   # faults of each suite that runs in an image
_KEYS = ("promise", "file", "old", "new", "fails")


@dataclasses.dataclass(frozen=True)
class Fault:
    """One deliberate breakage."""

    interface: str
    name: str
    promise: str   # of the interface's contract, that it breaks
    file: str      # from the root of the tree
    old: str
    new: str
    fails: str     # Suite.test

    def __str__(self):
        return f"{self.interface}.{self.name}"

    def broken(self):
        """The file's text with the fault; None where the text to replace is not there once."""
        try:
            text = (root() / self.file).read_text(encoding="utf-8")
        except OSError:
            return None
        return text.replace(self.old, self.new) if text.count(self.old) == 1 else None

    def owner(self, tree):
        """The library or interface whose source it breaks; None for a file of none."""
        path = str(root() / self.file)
        owners = [part for part in tree if path.startswith(part.directory + os.sep)]
        return max(owners, key=lambda part: len(part.directory), default=None)


def load(tree):
    """The faults by interface, for each that has some or has a suite in an image; and
    what is wrong with them, a sentence each."""
    found, problems = {}, []
    for interface in sorted(tree.interfaces.values(), key=lambda one: one.name):
        path = os.path.join(interface.directory, "faults.toml")
        if os.path.exists(path):
            found[interface.name] = _read(path, interface, problems)
        count = len(found.get(interface.name, ()))
        if interface.vm_conformance and count < LEAST:
            problems.append(f"{interface.name}: {count} seeded faults for its suite; write "
                            f"{LEAST} or more in {_shown(path)}")
    for fault in (one for faults in found.values() for one in faults):
        problems += _wrong(fault, tree)
    return found, problems


def _read(path, interface, problems):
    try:
        with open(path, "rb") as text:
            tables = tomllib.load(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{_shown(path)}: {error}")
        return []
    faults = []
    for name, table in tables.items():
        if not isinstance(table, dict) or sorted(table) != sorted(_KEYS):
            problems.append(f"{_shown(path)}: {name} needs {', '.join(_KEYS)}, and nothing else")
        else:
            faults.append(Fault(interface.name, name, **table))
    return faults


def _wrong(fault, tree):
    interface = tree.interfaces[fault.interface]
    if fault.owner(tree) is None:
        yield f"{fault}: {fault.file} belongs to no library"
    elif fault.broken() is None:
        yield (f"{fault} no longer applies: its `old` text is not once in {fault.file}; write "
               "the fault anew for what the file says now")
    files = interface.vm_conformance + [file for _, some in interface.vm_tests_if for file in some]
    suites = [os.path.join(interface.directory, file) for file in files]
    if tuple(fault.fails.split(".")) not in vm_test_names(suites):
        yield f"{fault}: there is no test {fault.fails} in the suite of {fault.interface}"


def _shown(path):
    return os.path.relpath(path, root())
