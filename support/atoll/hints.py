# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""One line after a compiler's or linker's error: which library would help."""

import os
import re

from . import sources
from .ports import contents

_MISSING = re.compile(r"fatal error: ['\"]?([\w./+-]+)['\"]?(?:: No such file| file not found)")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_UNDEFINED = re.compile(r"undefined reference to `([^']+)'")


def hints(output, composition):
    """The sentences for what `output` misses and some library provides."""
    found = []
    for pattern, search in ((_MISSING, header_owners), (_UNDEFINED, symbol_owners)):
        for name in dict.fromkeys(pattern.findall(output)):
            owners = search(composition, name)
            if owners:
                found.append(_sentence(name, owners, composition))
            else:
                found += [f"hint: {name} may belong to {text}"
                          for text in unbuilt_ports(composition)]
    return found


def _sentence(name, owners, composition):
    chosen = [owner for owner in owners if owner.name in composition]
    owner = (chosen or owners)[0]
    needed = owner.provides or owner.name
    limit = "; only what has FLAVOUR libc sees it" if owner.provides == "libc" else ""
    if owner.name in composition:
        return (f"hint: {name} belongs to {owner.name}, which is in the image: add {needed} to the "
                f"DEPENDS of the library that uses it{limit}")
    if owner.provides:
        return (f"hint: {name} belongs to {owner.name}: add {needed} to DEPENDS and choose "
                f"{owner.symbol} (SET=\"{owner.symbol}=y\" or make menuconfig){limit}")
    return f"hint: {name} belongs to {owner.name}: add {needed} to DEPENDS"


def header_owners(composition, name):
    """The parts whose include folder, or whose port's, has the header `name`."""
    return [part for part in composition.tree
            if part.include and os.path.exists(os.path.join(part.include, name))
            or _in_port(composition, part, lambda port: contents.has_header(port, name))]


def symbol_owners(composition, name):
    """The parts that give others the function or object `name`: by their public
    headers, by the archives of their port, or as what a port's headers declare and
    POSIX libraries define (malloc, nanosleep)."""
    bare = re.sub(r"\(.*", "", name).strip()
    scope, _, last = bare.rpartition("::")
    word = re.compile(rf"\b{re.escape(last)}\b\s*[(;=\[{{]")
    namespace = scope.replace("(anonymous namespace)", "").split("::")[-1]
    # A definition starts a line, a call does not.
    definition = re.compile(rf"^\w[\w:*& ]*\b{re.escape(last)}\(", re.MULTILINE)
    tools = composition.tools

    def declares(text):
        return word.search(text) and (not namespace or namespace in text)

    promised = not scope and any(
        _any(declares, _headers(part.include))
        or _in_port(composition, part, lambda port: _any(declares, _headers(port / "include")))
        for part in composition.tree if part.port)
    return [part for part in composition.tree
            if _in_port(composition, part, lambda port: bare in contents.symbols(port, tools))
            or promised and part.layer == "posix" and _any(definition.search, _sources(part))
            or not part.port and _any(declares, _headers(part.include))]


def unbuilt_ports(composition):
    """Of each port that nobody can look into yet: what it is, and what builds it."""
    return [f"{part.name}, whose port {part.port} has not been built for {composition.arch} yet: "
            "an image that holds it builds it"
            for part in composition.tree.libraries.values()
            if part.port and sources.built(part.port, composition.tools) is None]


def _in_port(composition, part, holds):
    port = sources.built(part.port, composition.tools) if part.port else None
    return port is not None and holds(port)


def _any(holds, paths):
    for path in paths:
        with open(path, encoding="utf-8", errors="replace") as text:
            if holds(_COMMENT.sub(" ", text.read())):
                return True
    return False


def _sources(part):
    return [os.path.join(part.directory, file) for file in part.sources]


def _headers(include):
    for folder, _, files in os.walk(include or os.devnull):
        for file in files:
            yield os.path.join(folder, file)
