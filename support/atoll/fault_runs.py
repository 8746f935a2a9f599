# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make test-faults`: each seeded fault in a copy of the tree, and the suite that must
notice it, in an image."""

import os
import subprocess
import sys
import time
import types

from . import faults, machines
from .__main__ import VARIABLES
from .build import ARCHS, Configured, Request
from .cell import Cell, root
from .devices import USUAL
from .errors import Mistake, relative
from .library_test import configure_with
from .runner import boot
from .write import write_if_changed

_SKIPPED = ("build", ".git", "__pycache__")
_BOOT_SECONDS = 60


def test_faults(arguments):
    """Runs the faults of LIB=, ARCH=, NAME=, else all, N= of each suite; status 1 where
    one is missed."""
    request = Request(arguments)
    found, problems = faults.load(request.tree)
    if problems:
        raise Mistake("the seeded faults are out of order:\n  " + "\n  ".join(problems), status=1)
    chosen = _chosen(found, request.tree, arguments)
    folder = request.out / "faults"
    bench = _Bench(folder, _mirror(folder / "tree"))
    missed = []
    for place, group in _by_place(request, chosen).items():
        bench.expect_green(place, group)
        for fault in group:
            start = time.monotonic()
            verdict = bench.verdict(place, fault)
            print(f"{fault}: {verdict or 'noticed by ' + fault.fails} "
                  f"({time.monotonic() - start:.0f} s)", flush=True)
            if verdict:
                missed.append(str(fault))
    print(f"{len(chosen) - len(missed)} of {len(chosen)} faults noticed")
    if missed:
        raise Mistake(f"not noticed: {', '.join(missed)}", status=1)


def _chosen(found, tree, arguments):
    """The faults asked for."""
    wanted = arguments.lib
    if wanted:
        if wanted not in tree.libraries and wanted not in tree.interfaces:
            raise Mistake(f"there is no library {wanted}")
        found = {name: [one for one in many if wanted in (name, one.owner(tree).name)]
                 for name, many in found.items()}
        if not any(found.values()):
            raise Mistake(f"{wanted} has no seeded fault; there are some of "
                          f"{', '.join(faults.load(tree)[0])}")
    if arguments.arch:
        found = {name: [one for one in many if _arch(one.owner(tree)) == arguments.arch]
                 for name, many in found.items()}
    if arguments.name:
        found = {name: [one for one in many if one.name == arguments.name]
                 for name, many in found.items()}
        if not any(found.values()):
            raise Mistake(f"there is no seeded fault {arguments.name}")
    if not arguments.count:
        return [one for many in found.values() for one in many]
    count, first = _whole("N", arguments.count), _whole("SEED", arguments.seed or _of_commit())
    return [many[(first + i) % len(many)]
            for many in found.values() for i in range(min(count, len(many)))]


def _arch(owner):
    """The architecture whose images have the part `owner`."""
    return (owner.archs or ARCHS)[0]


def _whole(name, text):
    if not str(text).isdecimal():
        raise Mistake(f"{name}={text} is no whole number")
    return int(text)


def _of_commit():
    """Another number at each commit, the same one in between; 0 without git."""
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root(), capture_output=True, text=True,
                          check=False)
    return int(done.stdout[:8], 16) if done.returncode == 0 else 0


def _mirror(copy):
    """Makes the folder `copy` the tree as it is. What is the same keeps its time, so that
    only what differs is built again."""
    here = set()
    for folder, names, files in os.walk(root()):
        names[:] = [name for name in names if name not in _SKIPPED]
        for name in files:
            path = os.path.join(folder, name)
            if name.startswith(".config") or os.path.islink(path):
                continue
            inside = os.path.relpath(path, root())
            here.add(inside)
            with open(path, "rb") as file:
                _write(copy / inside, file.read())
            os.chmod(copy / inside, os.stat(path).st_mode & 0o777)
    for folder, names, files in os.walk(copy):
        names[:] = [name for name in names if name not in _SKIPPED]
        for name in files:
            path = os.path.join(folder, name)
            if os.path.relpath(path, copy) not in here:
                os.unlink(path)
    return copy


def _write(path, content):
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


class _Bench:
    """The copy of the tree, broken and mended again, and its images."""

    def __init__(self, folder, copy):
        self.copy, self.cells, self.log = copy, folder / "cells", folder / "log.txt"

    def expect_green(self, place, group):
        """Mistake where a test that `group` counts on fails without a fault."""
        outcome = self._boot(place, ":".join(dict.fromkeys(fault.fails for fault in group)))
        if outcome is None or outcome.status != 0:
            raise Mistake(f"without a fault the tests are red already: see {relative(self.log)}",
                          status=1)

    def verdict(self, place, fault):
        """What is wrong with the suite, or with the fault; None where it is noticed."""
        broken = self.copy / fault.file
        try:
            write_if_changed(broken, fault.broken())
            outcome = self._boot(place, fault.fails)
        finally:
            _write(broken, (root() / fault.file).read_bytes())
        return _judge(fault, outcome) if outcome else f"DOES NOT BUILD: see {relative(self.log)}"

    def _boot(self, place, tests):
        """Builds the copy's image and runs `tests` in it; None where it does not build."""
        arch, settings = place
        built = _build(self.copy, self.cells, arch, settings)
        self.log.write_text(built.stdout + built.stderr, encoding="utf-8")
        if built.returncode != 0:
            return None
        cell = Cell("vm_tests", "kvm", arch, self.cells)
        outcome = boot(machines.launch(cell, "tcg", memory="128M", devices=USUAL,
                                       words=f"vm_test.filter={tests}"),
                       timeout=_BOOT_SECONDS)
        self.log.write_bytes(outcome.console)
        return outcome


def _by_place(request, chosen):
    """The faults by what `_place` gives for the part that they break."""
    groups, places = {}, {}
    for fault in chosen:
        owner = fault.owner(request.tree)
        if owner.name not in places:
            places[owner.name] = _place(request, owner)
        groups.setdefault(places[owner.name], []).append(fault)
    return groups


def _place(request, owner):
    """The architecture and the settings of an image that has the part `owner`."""
    arch = _arch(owner)

    def configure(settings):
        given = {"app": "vm_tests", "plat": "kvm", "arch": arch, "set": settings,
                 "out": str(request.out / "faults" / "menu")}
        asked = types.SimpleNamespace(**dict.fromkeys(VARIABLES) | given)
        return Configured(Request(asked), quiet=True)

    configured = configure_with(owner.name, configure)
    if configured is None:
        raise Mistake(f"no image of vm_tests has {owner.name}, which seeded faults break")
    return arch, " ".join(f"{name}={value}" for name, value, *_ in configured.request.set)


def _build(copy, out, arch, settings):
    """Builds vm_tests of the tree `copy`; the finished process."""
    kept = {name: value for name, value in os.environ.items()
            if name not in (*VARIABLES.values(), "KCONFIG_CONFIG")}
    return subprocess.run([sys.executable, "-m", "atoll", "all"], cwd=copy,
                          env=kept | {"PYTHONPATH": str(copy / "support"), "O": str(out),
                                      "PYTHONDONTWRITEBYTECODE": "1", "APP": "vm_tests",
                                      "PLAT": "kvm", "ARCH": arch, "SET": settings},
                          stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          errors="replace", check=False)


def _judge(fault, outcome):
    """None where the test that the fault names failed, panicked or never ended."""
    said = outcome.console.decode(errors="replace")
    if f"[ RUN      ] {fault.fails}" not in said:
        return (f"DOES NOT RUN: the image with it never reaches {fault.fails}: {outcome.kind} "
                f"{outcome.detail}")
    if f"[       OK ] {fault.fails}" in said:
        return (f"NOT NOTICED: {fault.fails} passes, so that \"{fault.promise}\" has no test in "
                f"the suite of {fault.interface}")
    if f"[  SKIPPED ] {fault.fails}" in said:
        return f"NOT NOTICED: {fault.fails} is skipped where the fault is"
    return None
