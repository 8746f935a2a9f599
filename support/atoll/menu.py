# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The menu commands: the only ones that write .config."""

import os
import runpy
import sys
from pathlib import Path

from .cell import configuration, root
from .errors import Mistake, relative

_HEADER = "# Written by Atoll's menu commands.\n"


def _open(request, rewrite=False):
    """The menu with .config loaded, or the app's defconfig. With `rewrite`, for who is
    going to read .config again, what of it makes no sense today is gone from it."""
    menu = request.menu(request.out / "menu")
    config = configuration()
    if config.exists() and not request.app:
        if _load(menu, config) and rewrite:
            _save(menu)
    else:
        _load_defaults(request, menu)
    return menu


def _load(menu, config):
    """Loads .config, as far as it makes sense today; True where some of it did not."""
    sentences = menu.load(config)
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    return bool(sentences)


def _load_defaults(request, menu):
    """The defconfig of the app asked for (helloworld by default), as the base."""
    app = request.app or "helloworld"
    defconfig = Path(request.tree.apps[app].directory) / "defconfig"
    overrides = [(f"APP_{app.upper()}", "y", "APP")]
    for prefix, value in (("PLAT_", request.plat), ("ARCH_", request.arch)):
        if value:
            overrides.append((prefix + value.upper(), "y", prefix.rstrip("_")))
    menu.resolve(defconfig if defconfig.exists() else None, overrides + request.set, True)


def _save(menu):
    """Writes .config; the one that it replaces stays as .config.old."""
    config = configuration()
    if config.exists() and not config.is_file():
        raise Mistake("is no plain file, and would be replaced by one", config)
    print(menu.kconf.write_config(str(config), header=_HEADER))


def _gather_choices(kconf):
    """Moves the entries of a choice that several files define to where it has its
    prompt: kconfiglib's screen leaves an entry to the place that defines it, and
    cannot where that place is not shown."""
    for choice in kconf.unique_choices:
        home = next((node for node in choice.nodes if node.prompt), None)
        entries = [entry for node in choice.nodes for entry in _entries(node)]
        if home is None or not entries:
            continue
        for node in choice.nodes:
            node.list = None
        home.list = entries[0]
        for entry, following in zip(entries, [*entries[1:], None]):
            entry.parent, entry.next = home, following


def _entries(node):
    entry = node.list
    while entry:
        yield entry
        entry = entry.next


def menuconfig(request, _arguments):
    """The full-screen menu."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Mistake("menuconfig needs a terminal; SET=\"NAME=value\" changes one build")
    import menuconfig as screen
    menu = _open(request, rewrite=True)
    config = configuration()
    os.environ["KCONFIG_CONFIG"] = str(config)
    os.environ["KCONFIG_CONFIG_HEADER"] = _HEADER
    os.environ.setdefault("MENUCONFIG_STYLE", "aquatic")
    if not config.exists() or request.app:
        _save(menu)
    _gather_choices(menu.kconf)
    screen.menuconfig(menu.kconf)


def defconfig(request, _arguments):
    """.config from the app's defconfig."""
    menu = request.menu(request.out / "menu")
    _load_defaults(request, menu)
    _save(menu)


def olddefconfig(request, _arguments):
    """.config brought up to date, new options at their defaults."""
    _save(_open(request))


def oldconfig(request, _arguments):
    """The same, asking about each new option."""
    menu = _open(request, rewrite=True)
    config = configuration()
    if not config.exists():
        _save(menu)
    os.environ["KCONFIG_CONFIG"] = str(config)
    os.environ["KCONFIG_CONFIG_HEADER"] = _HEADER
    sys.argv = ["oldconfig", str(root() / "Kconfig")]
    runpy.run_module("oldconfig", run_name="__main__")


def savedefconfig(request, _arguments):
    """The shortest file with the same meaning, as `defconfig` at the root."""
    menu = _open(request)
    target = root() / "defconfig"
    menu.kconf.write_min_config(str(target), header="")
    print(f"wrote {relative(target)}: what differs from the defaults")


def listnewconfig(request, _arguments):
    """The options that .config does not mention yet."""
    menu = request.menu(request.out / "menu")
    config = configuration()
    if config.exists():
        _load(menu, config)
    for symbol in menu.kconf.unique_defined_syms:
        if symbol.visibility and symbol.choice is None and symbol.user_value is None:
            print(f"CONFIG_{symbol.name}={symbol.str_value}")
