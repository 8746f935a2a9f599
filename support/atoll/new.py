# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make new-lib` and `make new-app`: folders that build at once."""

import os
import re
import shutil
import string
from pathlib import Path

from .build import Request
from .cell import root
from .errors import Mistake, relative

_TEMPLATES = Path("support") / "templates"

# Interface: the provider of the tree that is small enough to start from a copy of.
_STARTS = {"sched": "sched_coop"}


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
    folder = (Path(arguments.lib) if arguments.lib else root() / "lib") / name
    note = ""
    if interface is None:
        _instantiate("library", folder, _words(name))
    elif interface.name in _STARTS:
        _copy(tree.part(_STARTS[interface.name]), folder, name)
    else:
        note = _provider(tree, interface, folder, name)
    print(f"wrote {relative(folder)}: " + ", ".join(sorted(_files(folder))))
    outside = f"ATOLL_LIBS={relative(folder)} " if arguments.lib else ""
    print(f"{note}try: make {outside}SET=\"LIB_{name.upper()}=y\"   and   "
          f"make test {outside}LIB={name}")


def _provider(tree, interface, folder, name):
    """A provider that works where there is a template of one, else a skeleton whose
    build says what it lacks; what to tell the user about it."""
    words = _words(name) | {"version": interface.version, "interface": interface.name,
                            "INTERFACE": interface.name.upper(),
                            "layer": f"\n  LAYER {interface.layer}" * (interface.layer != "kernel")}
    working = f"provider_{interface.name}"
    if (root() / _TEMPLATES / working).is_dir():
        _instantiate(working, folder, words)
        return ""
    providers = sorted(tree.providers(interface.name), key=_source_bytes)
    example = os.path.relpath(providers[0].directory, root()) if providers else None
    if interface.provider_header:
        raise Mistake(f"there is no skeleton for a provider of {interface.name}, whose header "
                      f"<{interface.provider_header}> shapes the whole image"
                      + (f": start from a copy of {example}" if example else ""))
    headers = [str(path.relative_to(interface.include))
               for path in sorted(Path(interface.include).rglob("*.hpp"))]
    words["includes"] = "\n".join(f"#include <{header}>" for header in headers)
    words["headers"] = " and ".join(f"<{header}>" for header in headers)
    words["example"] = f", as {example} does" if example else ""
    _instantiate("provider", folder, words)
    return (f"before it builds, src/{name}.cpp must define what a provider owes "
            f"{words['headers']}{words['example']}; then ")


def _source_bytes(library):
    return sum(os.path.getsize(os.path.join(library.directory, file)) for file in library.sources)


def new_app(arguments):
    """`make new-app NAME=x [LIB=folder]`."""
    request, name = Request(arguments), _name(arguments, "new-app")
    if name in request.tree.apps:
        raise Mistake(f"there is an app {name} already")
    parent = Path(arguments.lib) if arguments.lib else root() / "apps"
    folder = parent / name
    _instantiate("app", folder, _words(name))
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


def _words(name):
    """What templates call the new part: @name, @NAME, @Type."""
    return {"name": name, "NAME": name.upper(),
            "Type": "".join(word.capitalize() for word in name.split("_"))}


def _files(folder):
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]


def _instantiate(template, folder, words):
    """Writes `folder` from a template."""
    source = root() / _TEMPLATES / template
    texts = {}
    for path in source.rglob("*"):
        if path.is_file():
            name = str(path.relative_to(source)).replace("NAME", words["name"])
            text = _Template(path.read_text(encoding="utf-8")).substitute(words)
            texts[name.removesuffix(".in")] = text
    _write(folder, texts)


def _copy(provider, folder, name):
    """Writes `folder` as a copy of `provider` by another name."""
    source, old = Path(provider.directory), provider.name
    texts = {str(path.relative_to(source)).replace(old, name):
             path.read_text(encoding="utf-8").replace(old, name).replace(old.upper(), name.upper())
             for path in source.rglob("*") if path.is_file()}
    texts["CMakeLists.txt"] = re.sub(r"\s+SIZE_BUDGET(\s+\w+)+", "", texts["CMakeLists.txt"])
    texts["Kconfig"] = re.sub('bool ".*"', f'bool "{name}"', texts["Kconfig"], count=1)
    _write(folder, texts)


def _write(folder, texts):
    """Makes `folder` with these files; nothing is left behind where that fails."""
    if folder.exists():
        raise Mistake(f"{relative(folder)} exists already")
    fresh = folder.parent / f".{folder.name}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        for name, text in texts.items():
            os.makedirs((fresh / name).parent, exist_ok=True)
            (fresh / name).write_text(text, encoding="utf-8")
        os.rename(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


class _Template(string.Template):
    delimiter = "@"
