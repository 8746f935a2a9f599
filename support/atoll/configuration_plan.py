# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Which configurations `make test-configs` tries: systematic ones, then random ones."""

import functools
import os
import random

from .build import Request
from .cell import root
from .configurations import (Configuration, ExtremePicker, Picker, RandomPicker, choices_shown,
                             entries_of, settings_of, shown, walk)
from .matrix import CELLS

# Of the machines that tests/images/test_machines.py boots, those that change devices; "" is
# the platform's only one.
_MACHINES = {("kvm", "x86_64"): ("microvm", "q35", "pc"),
             ("kvm", "arm64"): ("virt", "virt,gic-version=3"),
             ("xen", "x86_64"): ("",), ("xen", "arm64"): ("",)}
_SUITE = "vm_tests"
# These take and give back more than there is, which an allocator that never reuses
# memory cannot serve: they get another.
_REUSING = ("pthread_suite", "signal_suite", "thread_stress")
_NEVER_REUSES, _INSTEAD = "LIB_ALLOC_REGION", "LIB_ALLOC_BUDDY"


class Plan:
    """The space of the apps of the tree and of tests/images/apps, with the libraries
    outside the tree that `arguments` names."""

    def __init__(self, arguments, scratch, seed):
        self.arguments, self.scratch, self.seed = arguments, scratch, seed
        self.apps = [*sorted(self._request(None).tree.apps), *_test_apps()]

    def _request(self, app):
        asked = type(self.arguments)(**vars(self.arguments) | {
            "app": app, "plat": None, "arch": None, "set": None})
        return Request(asked)

    @functools.cache
    def _space(self, app):
        """(menu, defconfig or None, the app's name) of `app`."""
        request = self._request(app)
        defconfig = os.path.join(request.tree.apps[request.app].directory, "defconfig")
        return (request.menu(os.path.join(self.scratch, request.app)),
                defconfig if os.path.exists(defconfig) else None, request.app)

    def systematic(self):
        """The names of the systematic configurations, in a fixed order."""
        names = [f"{extreme}-{os.path.basename(app)}-{plat}-{arch}" for app in self.apps
                 for plat, arch in CELLS for extreme in ("smallest", "largest")]
        for plat, arch in CELLS:
            names += [f"alone-{symbol}-{plat}-{arch}" for symbol in self._alone(plat, arch)]
            names += [f"entry-{symbol}-{plat}-{arch}" for symbol in self._entries(plat, arch)]
        return names

    def random(self, count):
        """The names of the random ones."""
        return [f"random-{number}" for number in range(1, count + 1)]

    def configuration(self, name):
        """The configuration `name`, as systematic() or random() calls it."""
        kind, _, rest = name.partition("-")
        if kind == "random":
            return self._random(name)
        subject, plat, arch = rest.rsplit("-", 2)
        if kind in ("smallest", "largest"):
            app = next(app for app in self.apps if os.path.basename(app) == subject)
            return self._made(name, app, plat, arch,
                              lambda menu: walk(menu, _extreme(menu, kind == "largest")))
        if kind == "alone":
            chosen = self._alone(plat, arch)[subject]
            return self._made(name, _SUITE, plat, arch, lambda menu: _switch_on(menu, chosen))
        return self._made(name, _SUITE, plat, arch, lambda menu: _choose(menu, subject))

    def _random(self, name):
        dice = random.Random(f"{self.seed}/{name}")
        app, (plat, arch) = dice.choice(self.apps), dice.choice(CELLS)
        machine = dice.choice(_MACHINES[plat, arch])
        return self._made(name, app, plat, arch,
                          lambda menu: walk(menu, RandomPicker(dice, self.seed)), machine)

    def _made(self, name, app, plat, arch, choose, machine=""):
        menu, base, cell = self._resolved(app, plat, arch)
        choose(menu)
        if os.path.basename(app) in _REUSING and menu.value(_NEVER_REUSES) == "y":
            _switch(menu, _INSTEAD)
        settings = settings_of(menu, base, cell)
        return Configuration(name, app, plat, arch,
                             " ".join(f"{symbol}={value}" for symbol, value in settings), machine)

    def _resolved(self, app, plat, arch):
        """The app's menu as its defconfig leaves it, that file, the cell's assignments."""
        menu, base, name = self._space(app)
        cell = [(f"APP_{name.upper()}", "y", "APP"), (f"PLAT_{plat.upper()}", "y", "PLAT"),
                (f"ARCH_{arch.upper()}", "y", "ARCH")]
        menu.resolve(base, cell, True)
        return menu, base, cell

    @functools.cache
    def _alone(self, plat, arch):
        """Switch to the shortest list of switches that, over the smallest suite, turns it
        on: itself, after those that it is shown by, some of which turn it on, too."""
        menu, _, _ = self._resolved(_SUITE, plat, arch)
        _switch_on(menu, [])
        ways = {symbol.name: [symbol.name] for symbol in shown(menu.kconf)
                if symbol.str_value == "n"}
        always = {symbol.name for symbol in shown(menu.kconf)} - ways.keys()
        todo = list(ways.values())
        while todo:
            way = todo.pop(0)
            self._resolved(_SUITE, plat, arch)
            _switch_on(menu, way)
            for symbol in shown(menu.kconf):
                if symbol.name not in ways and symbol.name not in always:
                    ways[symbol.name] = [*way, symbol.name]
                    todo.append(ways[symbol.name])
        return ways

    def _entries(self, plat, arch):
        """Every entry of every choice, where all switches are on."""
        menu, _, _ = self._resolved(_SUITE, plat, arch)
        walk(menu, _AllOn())
        return [entry.name for choice in choices_shown(menu.kconf)
                for entry in entries_of(choice)]


class _AllOn(Picker):
    def switch(self, symbol):
        return True


def _switch_on(menu, names):
    walk(menu, _extreme(menu, greatest=False))
    for name in names:
        _switch(menu, name)


def _choose(menu, entry):
    walk(menu, _AllOn())
    _switch(menu, entry)


def _switch(menu, name):
    menu.kconf.syms[name].set_value(2)


def _extreme(menu, greatest):
    return ExtremePicker(greatest, functools.partial(_source_bytes, menu.tree))


def _source_bytes(tree, entry):
    """The bytes of the sources that a choice's entry brings; 0 where it is no library."""
    parts = {part.symbol: part for part in tree.libraries.values()}
    todo, seen = [parts[entry.name]] if entry.name in parts else [], {}
    while todo:
        part = todo.pop()
        if part.name not in seen:
            seen[part.name] = sum(os.path.getsize(os.path.join(part.directory, file))
                                  for file in part.sources)
            todo += [tree.part(name) for name in tree.needs(part)]
    return sum(seen.values())


def _test_apps():
    """The apps that exist for tests, as APP= takes them."""
    folder = root() / "tests" / "images" / "apps"
    return [str(app) for app in sorted(folder.iterdir())] if folder.is_dir() else []
