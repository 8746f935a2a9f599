# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""All declarations of a tree, and what must hold between them whatever is chosen."""

import difflib

from . import declarations
from .errors import Mistake

# What the compiler calls by itself; any library may come to need it.
IMPLICIT = ("cstring", "stack_protector")


class Tree:
    """The interfaces, micro-libraries and apps that can be chosen from."""

    def __init__(self, found):
        self.interfaces, self.libraries, self.apps = {}, {}, {}
        kinds = {"interface": self.interfaces, "library": self.libraries, "app": self.apps}
        for declaration in found:
            same = kinds[declaration.kind]
            shared = (same,) if declaration.kind == "app" else (self.interfaces, self.libraries)
            for names in shared:
                if declaration.name in names:
                    other = names[declaration.name]
                    raise Mistake(f"{declaration.name} is declared twice: also in {other.file}",
                                  declaration.place(declaration.name))
            same[declaration.name] = declaration
        self._check_names()
        self._check_layers()
        self._check_cycles()

    @classmethod
    def load(cls, root, libraries=(), app=None):
        """The tree at `root` with folders outside it."""
        return cls(declarations.read(declarations.find_files(root, libraries, app)))

    def __iter__(self):
        yield from self.interfaces.values()
        yield from self.libraries.values()
        yield from self.apps.values()

    def part(self, name):
        """The interface or library `name`."""
        return self.interfaces.get(name) or self.libraries[name]

    def providers(self, interface):
        """Every library that provides `interface`, by name."""
        return sorted((library for library in self.libraries.values()
                       if library.provides == interface), key=lambda library: library.name)

    def platforms(self):
        """The names of the folders under plat/."""
        return sorted({library.corner[0] for library in self.libraries.values()
                       if library.corner and library.corner[0]})

    def needs(self, declaration):
        """The names of what `declaration` cannot be built without."""
        needed = list(dict.fromkeys(declaration.depends + declaration.public_depends
                                    + declaration.beside))
        if declaration.provides:
            needed.append(declaration.provides)
        return needed

    def _check_names(self):
        for declaration in self:
            for name in declaration.depends + declaration.public_depends + declaration.beside:
                if name not in self.interfaces and name not in self.libraries:
                    raise Mistake(f"{declaration.name} depends on {name}, which no folder declares"
                                  + self._close(name), declaration.place(name))
                self._check_provider_edge(declaration, name)
            if declaration.provides:
                self._check_provider(declaration)

    def _check_provider(self, library):
        interface = self.interfaces.get(library.provides)
        if interface is None:
            raise Mistake(f"{library.name} provides {library.provides}, which is no interface"
                          + self._close(library.provides), library.place("PROVIDES"))
        if library.version != interface.version:
            raise Mistake(f"{library.name} provides version {library.version} of {interface.name}, "
                          f"whose contract is at version {interface.version}: bring it up to the "
                          "header, then change VERSION", library.place("VERSION"))

    def _check_provider_edge(self, declaration, name):
        """Nobody depends on a provider by name, but one architecture's hardware."""
        target = self.libraries.get(name)
        if target is None or not target.provides:
            return
        if declaration.kind == "library" and (declaration.archs or declaration.plats):
            return
        raise Mistake(f"{declaration.name} depends on {name}, a provider; depend on its interface "
                      f"{target.provides}", declaration.place(name))

    def _check_layers(self):
        order = declarations.LAYERS.index
        for declaration in self:
            for name in self.needs(declaration):
                target = self.part(name)
                if order(target.layer) > order(declaration.layer):
                    raise Mistake(f"{declaration.name} (layer {declaration.layer}) depends upwards "
                                  f"on {name} (layer {target.layer})", declaration.place(name))

    def _check_cycles(self):
        state, path = {}, []

        def visit(declaration):
            state[declaration.name] = "open"
            path.append(declaration.name)
            for name in self.needs(declaration):
                if state.get(name) == "open":
                    cycle = path[path.index(name):] + [name]
                    raise Mistake("a cycle of dependencies: " + " -> ".join(cycle),
                                  declaration.place(name))
                if name not in state:
                    visit(self.part(name))
            path.pop()
            state[declaration.name] = "done"

        for declaration in self:
            if declaration.kind != "app" and declaration.name not in state:
                visit(declaration)

    def _close(self, name):
        close = difflib.get_close_matches(name, [*self.interfaces, *self.libraries], 1)
        return f"; did you mean {close[0]}?" if close else ""
