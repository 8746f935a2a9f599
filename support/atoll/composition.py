# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The chosen set of one cell: which parts, who sees what, and in which order they start."""

from .errors import Mistake
from .toolchain import toolchain


class Composition:
    """What a resolved configuration makes of a tree."""

    def __init__(self, tree, menu, app, plat, arch):
        self.tree, self.menu = tree, menu
        self.app, self.plat, self.arch = tree.apps[app], plat, arch
        self.libraries = self._chosen()
        self.interfaces = [part for part in sorted(tree.interfaces.values(), key=lambda p: p.name)
                           if self._wanted(part)]
        self.parts = self.interfaces + self.libraries + [self.app]
        self._by_name = {part.name: part for part in self.interfaces + self.libraries}
        self._check_places()
        self._check_bound()

    @property
    def tools(self):
        """The toolchain that the cell is built with."""
        return toolchain(self.arch, self.menu.value("BUILD_CONTROL_FLOW") == "y")

    def _chosen(self):
        """The libraries of the menu, then the glue whose WHEN holds with the leaf
        libraries that it needs."""
        every = self.tree.libraries
        chosen = {name for name, part in every.items() if self.menu.value(part.symbol) == "y"}
        todo = [part for part in every.values()
                if part.when and self.menu.holds(part.when, part.file)]
        while todo:
            part = todo.pop()
            chosen.add(part.name)
            todo += [every[name] for name in self.tree.needs(part)
                     if name in every and name not in chosen]
        return [every[name] for name in sorted(chosen)]

    def _wanted(self, interface):
        return (self.menu.value(interface.symbol) == "y"
                or any(library.provides == interface.name for library in self.libraries))

    def __contains__(self, name):
        return name in self._by_name

    def part(self, name):
        """The chosen interface or library `name`."""
        return self._by_name[name]

    def provider(self, interface):
        """The chosen provider of `interface`, or None for one that many may provide."""
        chosen = [library for library in self.libraries if library.provides == interface]
        return chosen[0] if len(chosen) == 1 else None

    def sources(self, part):
        """The files of `part` that its options choose, relative to its folder."""
        return part.sources + self._optional(part, "SOURCES_IF", part.sources_if)

    def vm_tests(self, part):
        """The same of its in-image tests, with an interface's conformance suite."""
        return (part.vm_tests + self._optional(part, "VM_TESTS_IF", part.vm_tests_if)
                + part.vm_conformance)

    def _optional(self, part, keyword, conditional):
        chosen = []
        for option, files in conditional:
            negated = option.startswith("!")
            name = option.lstrip("!")
            if name not in self.menu.kconf.syms:
                raise Mistake(f"{keyword} names {name}, which no Kconfig file defines",
                              part.place(option))
            if (self.menu.value(name) == "y") != negated:
                chosen += files
        return chosen

    def _check_places(self):
        for library in self.libraries:
            for what, allowed, here in (("architecture", library.archs, self.arch),
                                        ("platform", library.plats, self.plat)):
                if allowed and here not in allowed:
                    raise Mistake(f"{library.name} is for the {what} {' '.join(allowed)} only, not "
                                  f"for {here}: its Kconfig entry lacks a `depends on`",
                                  library.file)

    def _check_bound(self):
        for interface in self.interfaces:
            chosen = [library.name for library in self.libraries
                      if library.provides == interface.name]
            if not chosen:
                users = [part.name for part in self.parts if interface.name in self.tree.needs(part)]
                known = [library.name for library in self.tree.providers(interface.name)]
                remedy = (f"choose one of {', '.join(known)} in the menu" if known else
                          "no library of the tree provides it")
                raise Mistake(f"the interface {interface.name} has no provider, and "
                              f"{', '.join(users) or 'the menu'} needs it: {remedy}",
                              interface.file)
            if len(chosen) > 1:
                raise Mistake(f"the interface {interface.name} has {len(chosen)} providers, "
                              f"{' and '.join(chosen)}: its entries in the menu must stand in one "
                              "choice", interface.file)

    # Who sees what.

    def visible(self, part):
        """The names whose headers and symbols `part` may use, itself included."""
        seen = {part.name}
        for name in self.tree.needs(part):
            self._add_public(name, seen)
        if part.kind == "interface" and part.provider_header and self.provider(part.name):
            self._add_public(self.provider(part.name).name, seen)
        return seen

    def _add_public(self, name, seen):
        if name in seen or name not in self:
            return
        seen.add(name)
        part = self.part(name)
        further = part.public_depends + (part.depends if part.kind == "interface" else [])
        if part.kind == "interface" and part.provider_header and self.provider(name):
            further = further + [self.provider(name).name]
        if part.kind == "library" and part.provides:
            further = further + [part.provides]
        for other in further:
            self._add_public(other, seen)

    def includes(self, part):
        """The include folders that `part` is compiled with, nearest first."""
        names = [part.name] + sorted(self.visible(part) - {part.name})
        parts = [part if name == part.name else self.part(name) for name in names]
        return [one.include for one in parts if one.include]

    # In which order they start.

    def steps(self, attribute="init"):
        """The parts with a boot step (`init`) or CPU step (`init_cpu`), in order:
        after what they depend on and what AFTER names; ties by name."""
        having = {part.name: part for part in self.parts if getattr(part, attribute)}
        before = {name: sorted(self._reached(part, getattr(part, attribute).after) & set(having)
                               - {name}) for name, part in having.items()}
        for name, part in having.items():
            for other in getattr(part, attribute).before:
                for later in self._started_by(other, having):
                    before[later] = sorted({*before[later], name})
        self._check_after(having, attribute)
        done, order = set(), []
        while len(order) < len(having):
            ready = [name for name in sorted(having) if name not in done
                     and all(other in done for other in before[name])]
            if not ready:
                raise Mistake("the boot steps wait for each other: "
                              + " -> ".join(_cycle(before, set(having) - done)))
            done.add(ready[0])
            order.append(having[ready[0]])
        return order

    def _started_by(self, name, having):
        """The steps that `name`, a leaf library or an interface, stands for."""
        return [part.name for part in having.values()
                if part.name == name or part.provides == name]

    def _reached(self, part, after):
        """The names that come before `part`: dependencies with their providers."""
        seen = set()
        todo = list(self.tree.needs(part)) + list(after)
        if part.provides:
            todo.remove(part.provides)
            todo += self.tree.needs(self.part(part.provides))
            seen_own = {part.provides}
        else:
            seen_own = set()
        while todo:
            name = todo.pop()
            if name in seen or name in seen_own or name not in self or name == part.name:
                continue
            seen.add(name)
            other = self.part(name)
            todo += self.tree.needs(other)
            if other.kind == "interface":
                todo += [library.name for library in self.libraries if library.provides == name]
        return seen

    def _check_after(self, having, attribute):
        for part in having.values():
            step = getattr(part, attribute)
            for name in step.after + step.before:
                known = self.tree.interfaces.get(name) or self.tree.libraries.get(name)
                if known is None:
                    raise Mistake(f"the boot step names {name}, which no folder declares", part.place(name))
                if known.kind == "library" and known.provides:
                    raise Mistake(f"the boot step names {name}, a provider; name its interface "
                                  f"{known.provides}", part.place(name))

    def why(self, name):
        """A path of needs from the app (or the platform) to `name`, as names."""
        roots = [self.app.name] + [library.name for library in self.libraries
                                   if library.corner]
        for root in roots:
            path = self._path(self.app if root == self.app.name else self.part(root), name)
            if path:
                return path
        return None

    def _path(self, start, name):
        queue, came = [start], {start.name: None}
        while queue:
            part = queue.pop(0)
            following = list(self.tree.needs(part))
            if part.kind == "interface":
                following += [lib.name for lib in self.libraries if lib.provides == part.name]
            if part.name == name and part is not start or start.name == name:
                path = []
                at = name
                while at is not None:
                    path.append(at)
                    at = came[at]
                return path[::-1]
            for other in following:
                if other in self and other not in came:
                    came[other] = part.name
                    queue.append(self.part(other))
        return None


def _cycle(before, left):
    at = sorted(left)[0]
    path = []
    while at not in path:
        path.append(at)
        at = next(other for other in before[at] if other in left)
    return path[path.index(at):] + [at]
