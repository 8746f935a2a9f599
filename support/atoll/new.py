# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make new-lib` and `make new-app`: folders that build at once."""

import os
import shutil
import string
from pathlib import Path

from .build import Request
from .cell import root
from .errors import Mistake, relative

_TEMPLATES = Path("support") / "templates"


def new_library(arguments):
    """`make new-lib NAME=x [PROVIDES=interface] [LIB=folder]`."""
    request, name = Request(arguments), _name(arguments, "new-lib")
    tree = request.tree
    if name in tree.libraries or name in tree.interfaces:
        raise Mistake(f"there is a library {name} already: {relative(tree.part(name).directory)}")
    interface = tree.interfaces.get(arguments.provides) if arguments.provides else None
    if arguments.provides and interface is None:
        raise Mistake(f"there is no interface {arguments.provides}; there are "
                      f"{', '.join(sorted(tree.interfaces))}")
    if interface and not name.startswith(interface.name + "_"):
        raise Mistake(f"a provider is named <interface>_<how>: {interface.name}_{name}")
    parent = Path(arguments.lib) if arguments.lib else root() / "lib"
    words = {"name": name, "NAME": name.upper(), "version": interface.version if interface else "",
             "interface": interface.name if interface else "",
             "INTERFACE": interface.name.upper() if interface else ""}
    template = "library"
    if interface:
        template = "provider"
        special = root() / _TEMPLATES / f"provider_{interface.name}"
        if special.is_dir():
            template = special.name
    folder = _instantiate(template, parent / name, words)
    print(f"wrote {relative(folder)}: " + ", ".join(sorted(_files(folder))))
    outside = f"ATOLL_LIBS={relative(folder)} " if arguments.lib else ""
    print(f"try: make {outside}SET=\"LIB_{words['NAME']}=y\"   and   "
          f"make test {outside}LIB={name}")


def new_app(arguments):
    """`make new-app NAME=x [LIB=folder]`."""
    request, name = Request(arguments), _name(arguments, "new-app")
    if name in request.tree.apps:
        raise Mistake(f"there is an app {name} already")
    parent = Path(arguments.lib) if arguments.lib else root() / "apps"
    folder = _instantiate("app", parent / name, {"name": name, "NAME": name.upper()})
    print(f"wrote {relative(folder)}: " + ", ".join(sorted(_files(folder))))
    said = name if not arguments.lib else f"{folder}"
    print(f"try: make run APP={said}")


def _name(arguments, command):
    name = arguments.name
    if not name:
        raise Mistake(f"say its name: make {command} NAME=<snake_case>")
    if not name.isidentifier() or name != name.lower():
        raise Mistake(f"the name {name} is not in snake_case")
    return name


def _files(folder):
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]


def _instantiate(template, folder, words):
    """Copies a template; nothing is left behind where that fails."""
    source = root() / _TEMPLATES / template
    if folder.exists():
        raise Mistake(f"{relative(folder)} exists already")
    fresh = folder.parent / f".{folder.name}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        for path in source.rglob("*"):
            if path.is_file():
                name = str(path.relative_to(source)).replace("NAME", words["name"])
                target = fresh / name.removesuffix(".in")
                os.makedirs(target.parent, exist_ok=True)
                text = _Template(path.read_text(encoding="utf-8")).substitute(words)
                target.write_text(text, encoding="utf-8")
        os.makedirs(folder.parent, exist_ok=True)
        os.rename(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


class _Template(string.Template):
    delimiter = "@"
