# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""One line after a compiler's or linker's error: which library would help."""

import os
import re

_MISSING = re.compile(r"fatal error: ['\"]?([\w./+-]+)['\"]?(?:: No such file| file not found)")
_UNDEFINED = re.compile(r"undefined reference to `([^']+)'")
_OBJECT = re.compile(r"(?:library|interface|app)_(\w+)\.dir/")


def hints(output, composition):
    """The sentences for what `output` misses and some library provides."""
    found = []
    for pattern, search in ((_MISSING, header_owners), (_UNDEFINED, symbol_owners)):
        for name in dict.fromkeys(pattern.findall(output)):
            owners = search(composition.tree, name)
            if owners:
                found.append(_sentence(name, owners, composition))
    return found


def _sentence(name, owners, composition):
    chosen = [owner for owner in owners if owner.name in composition]
    owner = (chosen or owners)[0]
    if owner.name in composition:
        return (f"hint: {name} belongs to {owner.name}, which is in the image: add "
                f"{owner.name} to the DEPENDS of the library that uses it")
    if owner.provides:
        return (f"hint: {name} belongs to {owner.name}: add {owner.provides} to DEPENDS and choose "
                f"{owner.symbol} (SET=\"{owner.symbol}=y\" or make menuconfig)")
    return f"hint: {name} belongs to {owner.name}: add {owner.name} to DEPENDS"


def header_owners(tree, name):
    """The parts whose include folder has the header `name`."""
    return [part for part in tree if part.include
            and os.path.exists(os.path.join(part.include, name))]


def symbol_owners(tree, name):
    """The parts whose public headers declare the function or object `name`."""
    bare = re.sub(r"\(.*", "", name).strip()
    scope, _, last = bare.rpartition("::")
    word = re.compile(rf"\b{re.escape(last)}\b\s*[(;=\[{{]")
    namespace = scope.replace("(anonymous namespace)", "").split("::")[-1]
    owners = []
    for part in tree:
        for path in _headers(part):
            with open(path, encoding="utf-8", errors="replace") as text:
                content = text.read()
            if word.search(content) and (not namespace or namespace in content):
                owners.append(part)
                break
    return owners


def _headers(part):
    if not part.include:
        return
    for folder, _, files in os.walk(part.include):
        for file in files:
            yield os.path.join(folder, file)
