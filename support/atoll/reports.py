# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What is in an image, why, and in which order: the commands that only tell."""

import re
import sys

from . import figures, sizes
from .build import build
from .errors import Mistake
from .hints import header_owners, symbol_owners, unbuilt_ports


def size(configured, arguments):
    """`make size`: bytes in the image per micro-library; with LIB, or V=1 for all, per
    symbol."""
    cell = build(configured, quiet=True)
    if arguments.lib:
        return _symbols(cell, arguments.lib)
    totals = sizes.by_owner(cell)
    budgets = {part.name: part.budget(cell.arch) for part in configured.composition.parts}
    heads = [*sizes.KINDS, "in image", "budget"]
    print(f"{'bytes of':24}" + "".join(f"{head:>12}" for head in heads))
    for name in sorted(totals, key=lambda name: (-sizes.in_image(totals[name]), name)):
        numbers = [totals[name][kind] for kind in sizes.KINDS] + [sizes.in_image(totals[name])]
        budget = budgets.get(name)
        print(f"{name:24}" + "".join(f"{number:12,}" for number in numbers)
              + (f"{budget:12,}" if budget is not None else ""))
        if arguments.verbose:
            _symbols(cell, name, "    ")
    whole = cell.image.stat().st_size
    rest = whole - sum(map(sizes.in_image, totals.values()))
    print(f"{'headers, relocations, padding':72}{rest:12,}")
    print(f"{cell.image.name}: {whole:,} bytes")
    if configured.as_shipped and cell.app in sizes.SHIPPED:
        over = sizes.over_budget(configured.composition, cell)
        why = figures.not_comparable(cell.arch)
        if over and why:
            print(f"above its budget: {len(over)}, which is no failure: {why}")
        elif over:
            raise Mistake("\natoll: ".join(over), status=1)
    return 0


def _symbols(cell, name, indent=""):
    rows = sizes.by_symbol(cell, name)
    if not rows:
        raise Mistake(f"{name} has no bytes in {cell.name}", status=1)
    for used, kind, symbol in rows:
        print(f"{indent}{used:8,}  {kind:10} {symbol}")
    return 0


def graph(configured, _arguments):
    """`make graph`: the dependencies of the image, as a Graphviz file on stdout."""
    composition = configured.composition
    print("digraph atoll {\n  rankdir=LR; node [shape=box, fontname=sans];")
    for part in composition.parts:
        shape = {"interface": "ellipse", "app": "doubleoctagon"}.get(part.kind, "box")
        print(f'  "{part.name}" [shape={shape}];')
    for part in composition.parts:
        for name in composition.tree.needs(part):
            style = " [style=dashed, label=provides]" if name == part.provides else ""
            print(f'  "{part.name}" -> "{name}"{style};')
    print("}")


def boot_order(configured, _arguments):
    """`make boot-order`: the calls of the boot sequence, and what each waits for."""
    composition = configured.composition
    for attribute, title in (("init", "boot"), ("init_cpu", "each further CPU")):
        steps = composition.steps(attribute)
        if steps:
            print(f"{title}:")
        for number, part in enumerate(steps, 1):
            step = getattr(part, attribute)
            after = f"  after {' '.join(step.after)}" if step.after else ""
            after += f"  before {' '.join(step.before)}" if step.before else ""
            print(f"  {number:2}. {part.name:24} {step.function}(){after}")
    print("then: the application's constructors, main(), and in reverse:")
    for part in reversed(composition.steps("init")):
        if part.fini:
            print(f"      {part.name:24} {part.fini}()")


def why(configured, arguments):
    """`make why LIB=x`: the chain of needs that put x into the image."""
    name, composition = arguments.lib, configured.composition
    if not name:
        raise Mistake("say which library: make why LIB=<name>")
    tree = composition.tree
    if name not in tree.libraries and name not in tree.interfaces:
        raise Mistake(f"there is no library {name}")
    if name not in composition:
        symbol = tree.part(name).symbol
        print(f"{name} is not in {configured.cell.name}; SET=\"{symbol}=y\" or the menu adds it")
        return 1
    path = composition.why(name)
    if path:
        print(" needs ".join(path))
    else:
        print(f"{name} is in {configured.cell.name} because {tree.part(name).symbol} is chosen in "
              "the menu, or by default")
    for part in composition.parts:
        if name in composition.tree.needs(part) and name != part.provides:
            print(f"  {part.name} depends on it")
    return 0


def who_provides(configured, arguments):
    """`make who-provides NAME=x`: which library has a header or symbol."""
    name, composition = arguments.name, configured.composition
    if not name:
        raise Mistake("say what to look for: make who-provides NAME=<header, symbol or interface>")
    tree = composition.tree
    owners = header_owners(composition, name) or symbol_owners(composition, name)
    if name in tree.interfaces:
        owners = tree.providers(name)
    for text in unbuilt_ports(composition):
        print(f"not searched: {text}", file=sys.stderr)
    if not owners:
        print(f"no library of the tree provides {name}")
        return 1
    for owner in owners:
        state = "in the image" if owner.name in composition else \
            f"not in the image: {owner.symbol} chooses it"
        print(f"{owner.name:24} {owner.summary}  ({state})")
    return 0


def interfaces(configured, _arguments):
    """`make interfaces`: docs/interfaces.md from the declarations."""
    from .cell import root
    from .write import write_if_changed
    write_if_changed(root() / "docs" / "interfaces.md", interfaces_page(configured.composition.tree))


def interfaces_page(tree):
    """The generated list of interfaces and micro-libraries, as Markdown."""
    lines = ["# Interfaces and micro-libraries", "",
             "Generated by `make interfaces` from the declarations.", "",
             "| interface | version | what it is | providers |", "|---|---|---|---|"]
    for interface in sorted(tree.interfaces.values(), key=lambda part: part.name):
        names = ", ".join(f"`{library.name}`" for library in tree.providers(interface.name))
        lines.append(f"| `{interface.name}` | {interface.version} | {interface.summary} | {names} |")
    lines += ["", "| micro-library | layer | what it is | needs |", "|---|---|---|---|"]
    for library in sorted(tree.libraries.values(), key=lambda part: part.name):
        needs = " ".join(sorted(set(tree.needs(library))))
        lines.append(f"| `{library.name}` | {library.layer} | {library.summary} | {needs} |")
    return re.sub(r" +\|", " |", "\n".join(lines)) + "\n"
