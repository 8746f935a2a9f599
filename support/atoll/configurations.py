# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The configuration space: what a menu lets one choose, walked at random or in order."""

import contextlib
import dataclasses
import random

import kconfiglib

from .errors import Mistake

# The choices that a cell is made of; they come from APP, PLAT and ARCH.
_CELL = ("APP", "PLAT", "ARCH")


@dataclasses.dataclass(frozen=True)
class Configuration:
    """One point of the space, as one types it."""

    name: str
    app: str            # as APP= takes it
    plat: str
    arch: str
    settings: str       # as SET= takes it, over the app's defconfig
    machine: str = ""   # as MACHINE= takes it

    @property
    def cell(self):
        """app, platform and architecture, for people."""
        return f"{self.app.rstrip('/').split('/')[-1]} {self.plat}-{self.arch}"


class Picker:
    """What walk() asks at each place of the menu; this one leaves everything as it is."""

    def order(self, items):
        """The order in which `items`, symbols and choices, are asked about."""
        return items

    def switch(self, symbol):
        """True or False for a bool; None leaves it."""

    def number(self, symbol, least, greatest):
        """A number in that range; None leaves it."""

    def entry(self, choice, entries):
        """One of `entries` of `choice`; None leaves it."""


class RandomPicker(Picker):
    """Any value; of numbers the default, the least and a third, which is the greatest or,
    with some seeds, one between: so that the configurations of a seed share objects."""

    def __init__(self, dice, seed):
        self.dice, self.seed = dice, seed

    def order(self, items):
        return self.dice.sample(items, len(items))

    def switch(self, symbol):
        return self.dice.random() < 0.5

    def number(self, symbol, least, greatest):
        of_seed = random.Random(f"{self.seed}/{symbol.name}")
        third = of_seed.choice((greatest, greatest, of_seed.randint(least, greatest)))
        return self.dice.choice((None, least, third))

    def entry(self, choice, entries):
        return self.dice.choice(entries)


class ExtremePicker(Picker):
    """Everything off and least, or on and greatest; `weight(entry)` ranks a choice's."""

    def __init__(self, greatest, weight):
        self.greatest, self.weight = greatest, weight

    def switch(self, symbol):
        return self.greatest

    def number(self, symbol, least, greatest):
        return greatest if self.greatest else least

    def entry(self, choice, entries):
        weights = [self.weight(entry) for entry in entries]
        if 0 in weights and any(weights):
            return None   # what the one that is no library stands for is not known
        ranked = sorted(entries, key=self.weight)
        return ranked[-1 if self.greatest else 0]


def walk(menu, picker):
    """Asks `picker` about everything that the resolved `menu` shows, and about what its
    answers make visible, each place once."""
    asked = set()
    while fresh := [item for item in _places(menu.kconf) if item not in asked]:
        for item in picker.order(fresh):
            asked.add(item)
            if isinstance(item, kconfiglib.Choice):
                _ask_entry(item, picker)
            elif _is_shown(item):
                _ask_value(item, picker)


def _places(kconf):
    """Where a person could make a difference now: choices, then switches, then numbers,
    whose ranges depend on them."""
    return choices_shown(kconf) + sorted(shown(kconf),
                                         key=lambda symbol: symbol.type not in _SWITCHES)


def choices_shown(kconf):
    """The choices between several entries, but for those that make the cell."""
    return [choice for choice in kconf.unique_choices
            if choice.name not in _CELL and len(entries_of(choice)) > 1]


def shown(kconf):
    """The symbols outside choices that a person could change now, in menu order."""
    return [symbol for symbol in kconf.unique_defined_syms
            if symbol.choice is None and _is_shown(symbol)]


def _is_shown(symbol):
    return symbol.visibility and (symbol.type not in _SWITCHES or len(symbol.assignable) > 1)


_SWITCHES = (kconfiglib.BOOL, kconfiglib.TRISTATE)


def entries_of(choice):
    """The entries of `choice` that can be chosen now."""
    if choice.tri_value == 0:
        return []
    return [symbol for symbol in choice.syms if symbol.visibility]


def _ask_entry(choice, picker):
    entries = entries_of(choice)
    chosen = picker.entry(choice, entries) if len(entries) > 1 else None
    if chosen is not None:
        chosen.set_value(2)


def _ask_value(symbol, picker):
    if symbol.type in _SWITCHES:
        value = picker.switch(symbol)
        if value is not None:
            symbol.set_value(2 if value else 0)
    elif symbol.type in (kconfiglib.INT, kconfiglib.HEX):
        ends = number_range(symbol)
        value = picker.number(symbol, *ends) if ends else None
        if value is not None:
            symbol.set_value(hex(value) if symbol.type == kconfiglib.HEX else str(value))


def number_range(symbol):
    """The least and greatest value that `symbol` can have now; None for any."""
    base = 16 if symbol.type == kconfiglib.HEX else 10
    for low, high, condition in symbol.ranges:
        if kconfiglib.expr_value(condition):
            return int(low.str_value, base), int(high.str_value, base)
    return None


def values(menu):
    """Every symbol's value."""
    return {symbol.name: symbol.str_value for symbol in menu.kconf.unique_defined_syms}


def settings_of(menu, base, cell):
    """The shortest list of (symbol, value) that makes, of the file `base` and the
    assignments `cell`, the configuration that `menu` has now. Leaves it as it is."""
    target = values(menu)
    can_be_said = {symbol.name for symbol in menu.kconf.unique_defined_syms if symbol.visibility}

    def load(settings):
        with contextlib.suppress(Mistake):   # of a setting that others must first make visible
            menu.resolve(base, cell + [(name, value, "SET") for name, value in settings.items()],
                         False)
        return values(menu)

    def differing():
        now = load(settings)
        return {name: value for name, value in target.items() if value != now[name]}

    settings = {}
    while left := differing():
        sayable = {name: value for name, value in left.items() if name in can_be_said
                   and (menu.kconf.syms[name].choice is None or value == "y")}
        if not sayable.keys() - settings.keys():
            raise AssertionError(f"no assignment gives {left}")
        settings |= sayable
    for name in list(settings):
        shorter = {other: value for other, value in settings.items() if other != name}
        if load(shorter) == target:
            settings = shorter
    load(settings)
    return list(settings.items())
