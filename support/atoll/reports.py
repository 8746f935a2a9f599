# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What is in an image, why, and in which order: the commands that only tell."""

import collections
import re
import sys

from .build import build
from .errors import Mistake
from .hints import header_owners, symbol_owners, unbuilt_ports
from .linkmap import contributions


def size(configured, _arguments):
    """`make size`: bytes in the image per micro-library."""
    cell = build(configured, quiet=True)
    totals = collections.defaultdict(collections.Counter)
    for item in contributions(cell.map):
        totals[item.owner][item.kind] += item.size
    kinds = ("code", "constants", "data", "zeroed")
    rows = sorted(totals.items(), key=lambda row: (-sum(row[1][k] for k in kinds[:3]), row[0]))
    print(f"{'bytes of':24}" + "".join(f"{kind:>12}" for kind in kinds) + f"{'in image':>12}")
    for owner, counts in rows:
        print(f"{owner:24}" + "".join(f"{counts[kind]:12,}" for kind in kinds)
              + f"{sum(counts[k] for k in kinds[:3]):12,}")
    sums = [sum(counts[kind] for counts in totals.values()) for kind in kinds]
    print(f"{'sum':24}" + "".join(f"{number:12,}" for number in sums) + f"{sum(sums[:3]):12,}")
    print(f"{cell.image.name}: {cell.image.stat().st_size:,} bytes")
    over = [(part.name, sum(totals[part.name][k] for k in kinds[:3]), part.size_budget)
            for part in configured.composition.parts if part.size_budget]
    for name, used, budget in over:
        if used > budget:
            raise Mistake(f"{name} takes {used:,} bytes, more than its SIZE_BUDGET of {budget:,}",
                          status=1)


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
