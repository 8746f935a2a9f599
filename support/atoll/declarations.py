# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Finds the declarations of all micro-libraries and apps, and reads them.

A declaration is one call of micro_interface(), micro_library() or micro_app() in
a CMakeLists.txt. CMake itself evaluates the files, so that variables and lists
mean what they mean everywhere; what the keywords mean is decided here.
"""

import dataclasses
import difflib
import os
import subprocess
import tempfile
from pathlib import Path

from .errors import Mistake, find_line

LAYERS = ("base", "kernel", "posix", "app")


@dataclasses.dataclass
class Step:
    """A function that the boot sequence calls."""

    function: str
    after: list
    before: list


@dataclasses.dataclass
class Driver:
    """A device identity of a bus, and the function that takes such a device."""

    bus: str
    identity: str
    probe: str


@dataclasses.dataclass
class Declaration:
    """One interface, micro-library or app as its CMakeLists.txt states it."""

    kind: str
    file: str
    name: str = ""
    summary: str = ""
    version: str = ""
    layer: str = "kernel"
    flavour: str = ""
    provides: str = ""
    provider_header: str = ""
    sources: list = dataclasses.field(default_factory=list)
    sources_if: list = dataclasses.field(default_factory=list)   # (option, [files])
    depends: list = dataclasses.field(default_factory=list)
    public_depends: list = dataclasses.field(default_factory=list)
    archs: list = dataclasses.field(default_factory=list)
    plats: list = dataclasses.field(default_factory=list)
    init: Step = None
    init_cpu: Step = None
    fini: str = ""
    boot_options: list = dataclasses.field(default_factory=list)  # (name, function)
    drivers: list = dataclasses.field(default_factory=list)
    program_exit: str = ""
    port: str = ""
    linker_script: str = ""
    compile_options: list = dataclasses.field(default_factory=list)
    tests: list = dataclasses.field(default_factory=list)
    test_sources: list = dataclasses.field(default_factory=list)
    test_depends: list = dataclasses.field(default_factory=list)
    vm_tests: list = dataclasses.field(default_factory=list)
    vm_test_depends: list = dataclasses.field(default_factory=list)
    vm_tests_if: list = dataclasses.field(default_factory=list)    # (option, files)
    cpus_tests: list = dataclasses.field(default_factory=list)
    conformance: list = dataclasses.field(default_factory=list)
    vm_conformance: list = dataclasses.field(default_factory=list)
    size_budgets: dict = dataclasses.field(default_factory=dict)  # architecture or "": bytes
    licence: str = "BSD-3-Clause"
    when: str = ""
    hooks: list = dataclasses.field(default_factory=list)
    beside: list = dataclasses.field(default_factory=list)
    system_headers: list = dataclasses.field(default_factory=list)  # (header, package)

    @property
    def directory(self):
        return os.path.dirname(self.file)

    @property
    def symbol(self):
        """Its Kconfig symbol."""
        prefix = {"interface": "NEED_", "library": "LIB_", "app": "APP_"}[self.kind]
        return prefix + self.name.upper()

    @property
    def include(self):
        """Its folder of public headers, or None."""
        folder = os.path.join(self.directory, "include")
        return folder if os.path.isdir(folder) else None

    @property
    def corner(self):
        """(platform, architecture) that a library's folder under plat/ or arch/ stands
        for, either of them "" where it is for all; None elsewhere. Such a library is in
        every image of its corner."""
        places = ("", "", "", *os.path.normpath(self.directory).split(os.sep))
        if self.kind == "library" and places[-2] == "arch":
            return "", places[-1]
        if self.kind == "library" and places[-2] == "plat":
            return places[-1], ""
        if self.kind == "library" and places[-3] == "plat":
            return places[-2], places[-1]
        return None

    def budget(self, arch):
        """The bytes that it may take in a shipped app for `arch`, or None."""
        return self.size_budgets.get(arch, self.size_budgets.get(""))

    def place(self, word):
        """file:line where `word` stands in the declaration."""
        return find_line(self.file, word)

    def files(self):
        """Every file the declaration names, relative to its folder."""
        optional = [file for _, files in self.sources_if + self.vm_tests_if for file in files]
        linker = [self.linker_script] if self.linker_script else []
        return (self.sources + optional + self.tests + self.test_sources + self.vm_tests
                + self.cpus_tests + self.conformance + self.vm_conformance + linker)


# keyword -> (attribute, how its arguments are read, kinds that may use it)
_EVERY = ("interface", "library", "app")
_PARTS = ("interface", "library")
_LIBRARY = ("library",)
_KEYWORDS = {
    "NAME": ("name", "one", _EVERY),
    "SUMMARY": ("summary", "one", _EVERY),
    "VERSION": ("version", "one", _PARTS),
    "LAYER": ("layer", "one", _PARTS),
    "FLAVOUR": ("flavour", "one", ("library", "app")),
    "PROVIDES": ("provides", "one", _LIBRARY),
    "PROVIDER_HEADER": ("provider_header", "one", ("interface",)),
    "SOURCES": ("sources", "many", _EVERY),
    "SOURCES_IF": ("sources_if", "conditional", _EVERY),
    "DEPENDS": ("depends", "many", _EVERY),
    "PUBLIC_DEPENDS": ("public_depends", "many", _PARTS),
    "ARCHS": ("archs", "many", _LIBRARY),
    "PLATS": ("plats", "many", _LIBRARY),
    "INIT": ("init", "step", _PARTS),
    "INIT_CPU": ("init_cpu", "step", _PARTS),
    "FINI": ("fini", "one", _PARTS),
    "BOOT_OPTIONS": ("boot_options", "pairs", _PARTS),
    "DRIVERS": ("drivers", "drivers", _LIBRARY),
    "PROGRAM_EXIT": ("program_exit", "one", _LIBRARY),
    "PORT": ("port", "one", _LIBRARY),
    "SYSTEM_HEADERS": ("system_headers", "pairs", _LIBRARY),
    "LINKER_SCRIPT": ("linker_script", "one", _LIBRARY),
    "COMPILE_OPTIONS": ("compile_options", "many", ("interface", "library", "app")),
    "TESTS": ("tests", "many", _PARTS),
    "TEST_SOURCES": ("test_sources", "many", _PARTS),
    "TEST_DEPENDS": ("test_depends", "many", _PARTS),
    "VM_TESTS": ("vm_tests", "many", _EVERY),
    "VM_TEST_DEPENDS": ("vm_test_depends", "many", _PARTS),
    "VM_TESTS_IF": ("vm_tests_if", "conditional", _EVERY),
    "CPUS_TESTS": ("cpus_tests", "many", _PARTS),
    "CONFORMANCE": ("conformance", "many", ("interface",)),
    "VM_CONFORMANCE": ("vm_conformance", "many", ("interface",)),
    "SIZE_BUDGET": ("size_budgets", "budgets", _EVERY),
    "LICENCE": ("licence", "one", _LIBRARY),
    "BESIDE": ("beside", "many", _LIBRARY),
    "HOOKS": ("hooks", "many", _PARTS),
    "WHEN": ("when", "one", _LIBRARY),
}


def find_files(root, libraries=(), app=None):
    """Every CMakeLists.txt with a declaration: of the tree at `root`, of the
    folders in `libraries` (each a library or a folder of libraries), and of an
    app outside the tree."""
    root = Path(root)
    found = []
    for pattern in ("lib/*/", "arch/*/", "plat/*/", "plat/*/*/", "apps/*/"):
        found += sorted(root.glob(pattern + "CMakeLists.txt"))
    for folder in libraries:
        folder = Path(folder)
        if not folder.is_dir():
            raise Mistake(f"ATOLL_LIBS names {folder}, which is no folder")
        own = folder / "CMakeLists.txt"
        listed = [own] if own.exists() else sorted(folder.glob("*/CMakeLists.txt"))
        if not listed:
            raise Mistake(f"ATOLL_LIBS names {folder}, which holds no micro-library "
                          "(a folder with a CMakeLists.txt)")
        found += listed
    if app is not None:
        found.append(Path(app) / "CMakeLists.txt")
    return [str(file.resolve()) for file in found]


def read(files):
    """The declarations in `files`, each checked by itself."""
    with tempfile.TemporaryDirectory(prefix="atoll-") as scratch:
        listing, output = os.path.join(scratch, "list"), os.path.join(scratch, "records")
        with open(listing, "w", encoding="utf-8") as out:
            out.write("\n".join(files) + "\n")
        script = Path(__file__).parent.parent / "cmake" / "declare.cmake"
        try:
            done = subprocess.run(["cmake", f"-DLIST={listing}", f"-DOUTPUT={output}",
                                   "-P", str(script)], capture_output=True, text=True, check=False)
        except FileNotFoundError:
            raise Mistake("cmake is not installed; `make prerequisites` lists and installs what "
                          "Atoll needs") from None
        if done.returncode != 0:
            raise Mistake("a CMakeLists.txt of a micro-library cannot be read:\n"
                          + done.stderr.strip())
        with open(output, encoding="utf-8") as lines:
            records = lines.read().splitlines()
    return [_parse(kind, file, arguments) for kind, file, arguments in _split(records)]


def _split(records):
    call = None
    for line in records:
        if line.startswith("@ "):
            if call:
                yield call
            kind, _, file = line[2:].partition("\t")
            call = (kind, file, [])
        else:
            call[2].append(line)
    if call:
        yield call


def _parse(kind, file, arguments):
    declaration = Declaration(kind, file)
    groups = []
    for word in arguments:
        if word in _KEYWORDS:
            groups.append((word, []))
        elif _is_misspelt(word, groups):
            close = difflib.get_close_matches(word, _KEYWORDS, 1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise Mistake(f"unknown argument {word} of micro_{kind}(){hint}", find_line(file, word))
        elif not groups:
            raise Mistake(f"micro_{kind}() starts with {word} instead of a keyword such as NAME",
                          find_line(file, word))
        else:
            groups[-1][1].append(word)
    for word, values in groups:
        attribute, reading, kinds = _KEYWORDS[word]
        if kind not in kinds:
            raise Mistake(f"micro_{kind}() takes no {word}", find_line(file, word))
        _READERS[reading](declaration, attribute, word, values)
    _check(declaration)
    return declaration


def _is_misspelt(word, groups):
    """A word in capitals is a keyword, except where options are named."""
    if not (word.isupper() and word.replace("_", "").isalpha() and len(word) > 2):
        return False
    if groups and groups[-1][0] in ("SOURCES_IF", "VM_TESTS_IF", "WHEN") and not groups[-1][1]:
        return False
    return not (groups and groups[-1][0] in ("INIT", "INIT_CPU") and word in ("AFTER", "BEFORE"))


def _one(declaration, attribute, word, values):
    if len(values) != 1:
        raise Mistake(f"{word} takes one value, not {len(values)}", declaration.place(word))
    setattr(declaration, attribute, values[0])


def _many(declaration, attribute, word, values):
    if not values:
        raise Mistake(f"{word} is empty", declaration.place(word))
    getattr(declaration, attribute).extend(values)


def _budgets(declaration, attribute, word, values):
    archs, numbers = (values[::2], values[1::2]) if len(values) > 1 else ([""], values)
    if not values or len(archs) != len(numbers) or not all(n.isdigit() for n in numbers):
        raise Mistake(f"{word} takes a number of bytes, or pairs of an architecture and a number",
                      declaration.place(word))
    setattr(declaration, attribute, dict(zip(archs, map(int, numbers))))


def _conditional(declaration, attribute, word, values):
    if len(values) < 2:
        raise Mistake(f"{word} takes an option and at least one file", declaration.place(word))
    getattr(declaration, attribute).append((values[0], values[1:]))


_PAIRED = {"BOOT_OPTIONS": "an option's name and a function",
           "SYSTEM_HEADERS": "a header and the package that has it"}


def _pairs(declaration, attribute, word, values):
    if not values or len(values) % 2:
        raise Mistake(f"{word} takes pairs of {_PAIRED[word]}",
                      declaration.place(word))
    getattr(declaration, attribute).extend(zip(values[::2], values[1::2]))


def _step(declaration, attribute, word, values):
    lists, current = {"AFTER": [], "BEFORE": []}, None
    for value in values[1:]:
        if value in lists:
            current = lists[value]
        elif current is None:
            break
        else:
            current.append(value)
    named = [bool(lists[key]) for key in lists if key in values]
    if not values or (len(values) > 1 and current is None) or not all(named):
        raise Mistake(f"{word} takes a function, then AFTER or BEFORE and names of libraries",
                      declaration.place(word))
    setattr(declaration, attribute, Step(values[0], lists["AFTER"], lists["BEFORE"]))


def _drivers(declaration, attribute, word, values):
    if not values or len(values) % 3:
        raise Mistake(f"{word} takes a bus, an identity and a function, any number of times",
                      declaration.place(word))
    for bus, identity, probe in zip(values[::3], values[1::3], values[2::3]):
        getattr(declaration, attribute).append(Driver(bus, identity, probe))


_READERS = {"one": _one, "many": _many, "budgets": _budgets, "conditional": _conditional,
            "pairs": _pairs, "step": _step, "drivers": _drivers}


def _check(declaration):
    kind, place = declaration.kind, declaration.place
    if not declaration.name:
        raise Mistake(f"micro_{kind}() without NAME", declaration.file)
    name = declaration.name
    if not name.isidentifier() or name != name.lower():
        raise Mistake(f"the name {name} is not in snake_case", place(name))
    if kind == "interface" and not declaration.version:
        raise Mistake(f"the interface {name} has no VERSION", place("NAME"))
    if declaration.provides and not declaration.version:
        raise Mistake(f"{name} PROVIDES {declaration.provides} without saying which VERSION",
                      place("PROVIDES"))
    if declaration.layer not in LAYERS:
        raise Mistake(f"LAYER {declaration.layer} is none of {', '.join(LAYERS)}", place("LAYER"))
    if kind == "app":
        declaration.layer = "app"
    if not declaration.flavour:
        declaration.flavour = "libc" if declaration.layer == "posix" else "kernel"
    if declaration.flavour not in ("kernel", "libc"):
        raise Mistake(f"FLAVOUR {declaration.flavour} is neither kernel nor libc", place("FLAVOUR"))
    for file in declaration.files():
        if not os.path.isfile(os.path.join(declaration.directory, file)):
            raise Mistake(f"{name} names {file}, which does not exist", place(file))
