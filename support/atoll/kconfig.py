# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The menu's tree, and one cell's configuration with every mistake explained."""

import os
import re

import kconfiglib

from . import config_file
from .errors import Mistake, relative
from .model import IMPLICIT
from .toolchain import machine
from .write import write_if_changed

# What is left of a .config that this version does not understand.
_REMEDY = "; mend {0}, or let `make olddefconfig` drop {0}"


def needs_fragment(tree):
    """Kconfig text that makes each part's needs follow from its choice."""
    lines = ["# Generated from the DEPENDS of every declaration."]
    for part in tree:
        if part.kind == "library" and part.when:
            continue   # glue is decided after the menu, which it could not ask without a loop
        lines += ["", f"config {part.symbol}", "\tbool"]
        condition = _default(part)
        if condition:
            lines.append(f"\tdefault y if {condition}" if condition != "y" else "\tdefault y")
        for name in sorted(set(tree.needs(part))):
            target = tree.part(name)
            if name == part.provides or name in part.beside:
                continue   # what is needed chooses its provider, never the other way round
            if not (target.kind == "library" and target.provides):
                lines.append(f"\tselect {target.symbol}")
    return "\n".join(lines) + "\n"


def _default(part):
    """What puts a part into every image: the compiler's needs, its place in arch/ or
    plat/."""
    if part.name in IMPLICIT:
        return "y"
    plat, arch = part.corner or ("", "")
    terms = [f"PLAT_{plat.upper()}"] if plat else []
    terms += [f"ARCH_{arch.upper()}"] if arch else []
    return " && ".join(terms) or None


class Menu:
    """The Kconfig tree of everything that was found, ready to load values."""

    def __init__(self, root, tree, scratch):
        self.root, self.tree = str(root), tree
        os.makedirs(scratch, exist_ok=True)
        self._index = os.path.join(scratch, "Kconfig.libraries")
        self._apps = os.path.join(scratch, "Kconfig.apps")
        self._write_index()
        self._check_texts()
        self.kconf = self._open()
        self.renamed = config_file.renames(self.files())
        self._check_renamed()

    def _write_index(self):
        interfaces, libraries, apps = [], [], []
        for part in self.tree:
            menu = os.path.join(part.directory, "Kconfig")
            if os.path.exists(menu):
                {"interface": interfaces, "library": libraries, "app": apps}[part.kind].append(menu)
        needs = os.path.join(os.path.dirname(self._index), "Kconfig.needs")
        write_if_changed(needs, needs_fragment(self.tree))
        listed = [f'source "{path}"' for path in interfaces + libraries]
        write_if_changed(self._index, "\n".join(listed + [f'source "{needs}"']) + "\n")
        write_if_changed(self._apps, "\n".join(f'source "{path}"' for path in apps) + "\n")

    def files(self):
        """Every Kconfig file of the menu."""
        return [os.path.join(self.root, name) if not os.path.isabs(name) else name
                for name in self.kconf.kconfig_filenames]

    def _check_texts(self):
        """What kconfiglib accepts in silence: CONFIG_ before a symbol's name."""
        texts = [os.path.join(part.directory, "Kconfig") for part in self.tree]
        for path in [os.path.join(self.root, "Kconfig"), *texts]:
            if not os.path.exists(path):
                continue
            with open(path, encoding="utf-8") as lines:
                for number, line in enumerate(lines, 1):
                    words = line.split()
                    if words and words[0] in ("select", "depends", "imply", "default", "config",
                                              "visible", "if", "choice", "menuconfig"):
                        wrong = re.search(r"\bCONFIG_\w+", line.split("#")[0])
                        if wrong:
                            raise Mistake(f"{wrong[0]} carries the prefix CONFIG_, which belongs "
                                          f"in .config only: write {wrong[0][7:]}",
                                          f"{path}:{number}")

    def _open(self):
        os.environ.update(ATOLL_LIBRARIES=self._index, ATOLL_APPS=self._apps,
                          ATOLL_MACHINE=machine(), KCONFIG_WARN_UNDEF="y", srctree=self.root)
        os.environ.setdefault("CONFIG_", "CONFIG_")
        try:
            kconf = kconfiglib.Kconfig(os.path.join(self.root, "Kconfig"), warn_to_stderr=False,
                                       suppress_traceback=False)
        except kconfiglib.KconfigError as error:
            raise Mistake(f"the Kconfig files cannot be read: {str(error).strip()}") from None
        for warning in kconf.warnings:
            raise Mistake(_readable(warning))
        return kconf

    def app_of(self, path):
        """The app that the configuration file `path` chooses, or None."""
        for name, value, _ in config_file.read(path)[0]:
            if name.startswith("APP_") and value == "y":
                chosen = name[4:].lower()
                if chosen in self.tree.apps:
                    return chosen
        return None

    def _check_renamed(self):
        for former in self.renamed:
            if former in self.kconf.syms and self.kconf.syms[former].nodes:
                raise Mistake(f"{former} is said to have another name now, and is a symbol still")

    def _today(self, said):
        """(`said` under the names of today, a sentence about each that had another)."""
        said, notes = config_file.under_todays_names(said, self.kconf, self.renamed)
        return said, [f"{relative(place)}: {sentence}" for place, sentence in notes]

    def read(self, path):
        """(what the configuration file `path` assigns, sentences about what of it has
        another name now, complaints about what makes no sense and is left out)."""
        said, complaints = config_file.read(path)
        said, notes = self._today(said)
        said, further = config_file.judge(said, self.kconf, self._close)
        return said, notes, complaints + further

    def load(self, path):
        """Loads what makes sense of `path`; sentences about the rest."""
        said, notes, complaints = self.read(path)
        self.kconf.unset_values()
        for name, value, _ in said:
            self.kconf.syms[name].set_value(value)
        return notes + [f"{relative(place)}: {sentence}: dropped" for place, sentence in complaints]

    def resolve(self, base, overrides, strict):
        """Loads the file `base` (None: only defaults), then `overrides`, a list of
        (symbol, value, said-where). Mistake for what is unknown or stays without
        effect; with `strict` that holds for the file's own lines too, taken alone.
        Returns the sentences about what of `base` the overrides forced to change.
        """
        asked, forced, complaints = self.read(base) if base else ([], [], [])
        if complaints:
            config_file.refuse(complaints, "" if strict else _REMEDY)
        overrides, notes = self._today([config_file.Assignment(*one) for one in overrides])
        forced += notes
        self.kconf.unset_values()
        self._set_all(asked, strict)
        holds = {name for name, value, _ in asked if self.kconf.syms[name].str_value == value}
        self._set_all(overrides, True)
        overridden = {name for name, _, _ in overrides}
        choices = {self.kconf.syms[name].choice for name in overridden
                   if self.kconf.syms[name].choice}
        for name, value, place in asked:
            symbol = self.kconf.syms[name]
            if name in overridden or symbol.choice in choices:
                continue
            if symbol.str_value != value and _has_prompt(symbol):
                if strict and name not in holds:
                    raise Mistake(self._why_not(symbol, value), place)
                if value != "n":
                    forced.append(f"{name}={value} became {symbol.str_value or 'unset'}")
        for name, value, place in overrides:
            symbol = self.kconf.syms[name]
            if symbol.str_value != value:
                raise Mistake(self._why_not(symbol, value), place)
        return forced

    def _set_all(self, assignments, fatal):
        for name, value, place in assignments:
            symbol = self.kconf.syms.get(name)
            if symbol is None or not symbol.nodes:
                raise Mistake(f"unknown symbol {name}{self._close(name)}", place)
            self._set(symbol, value, place, fatal)

    def _set(self, symbol, value, place, fatal):
        if symbol.type == kconfiglib.UNKNOWN:
            return
        if fatal and not _has_prompt(symbol):
            raise Mistake(f"{symbol.name} has no prompt, so that setting it has no effect: it "
                          "follows from other choices", place)
        if not symbol.set_value(value) and fatal:
            raise Mistake(f"{symbol.name} is of type {kconfiglib.TYPE_TO_STR[symbol.type]} and "
                          f"cannot be {value!r}", place)

    def _why_not(self, symbol, value):
        became = symbol.str_value or "unset"
        text = f"{symbol.name}={value} has no effect (it is {became})"
        if symbol.choice is not None and symbol.choice.tri_value == 0:
            return f"{text}: nothing chosen needs {symbol.choice.name}"
        conditions = [node.dep for node in symbol.nodes if node.prompt]
        if conditions and not any(kconfiglib.expr_value(one) for one in conditions):
            unmet = " or ".join(kconfiglib.expr_str(one) for one in conditions)
            return f"{text}: it depends on {unmet}, which does not hold"
        if symbol.ranges:
            return f"{text}: its range is {config_file.allowed(symbol)}"
        if symbol.choice is not None:
            chosen = symbol.choice.selection
            return f"{text}: {symbol.choice.name} is {chosen.name if chosen else 'undecided'}"
        if symbol.type in (kconfiglib.BOOL, kconfiglib.TRISTATE) and value == "n":
            return f"{text}: something chosen selects it; `make why LIB=...` tells what"
        return text

    def _close(self, name):
        import difflib
        close = difflib.get_close_matches(name, self.kconf.syms, 1)
        return f"; did you mean {close[0]}?" if close else ""

    def write(self, path):
        """Writes the resolved configuration to `path`, only where it changes."""
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        self.kconf.write_config(path, header="# Written by Atoll's build.\n", save_old=False)

    def value(self, name):
        """The value of a symbol as text: y, n, a number, a string."""
        symbol = self.kconf.syms.get(name)
        return symbol.str_value if symbol is not None else "n"

    def has_prompt(self, name):
        """Whether the menu, and so SET, can choose the symbol."""
        return name in self.kconf.syms and _has_prompt(self.kconf.syms[name])

    def holds(self, expression, place):
        """Whether a Kconfig expression over the resolved configuration holds."""
        try:
            return self.kconf.eval_string(expression) == 2
        except kconfiglib.KconfigError as error:
            raise Mistake(f"WHEN {expression!r} is no Kconfig expression: {error}",
                          place) from None

    def options(self, part):
        """The options that belong to `part`: (symbol, type, value), by name."""
        own = os.path.realpath(os.path.join(part.directory, "Kconfig"))
        prefix = part.name.upper() + "_"
        found = {}
        for symbol in self.kconf.unique_defined_syms:
            for node in symbol.nodes:
                path = node.filename if os.path.isabs(node.filename) else \
                    os.path.join(self.root, node.filename)
                if os.path.realpath(path) == own and symbol.name.startswith(prefix):
                    found[symbol.name] = symbol
        return [found[name] for name in sorted(found)]


def parse_set(text):
    """The assignments of SET="X=y Z=4", each with where it was said."""
    for word in text.split():
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise Mistake(f"SET holds {word!r}; write SET=\"NAME=value OTHER=y\"")
        yield name.removeprefix("CONFIG_"), value, f"SET {word}"


def _has_prompt(symbol):
    return any(node.prompt for node in symbol.nodes)


def _readable(warning):
    text = " ".join(warning.split())
    return text.removeprefix("warning: ")
