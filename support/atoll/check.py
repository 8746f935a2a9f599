# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make check`: the shape of the tree, its formatting, and clang's opinion."""

import itertools
import os
import re
import shutil
import subprocess
import sys
import types

from . import faults
from .build import ARCHS, Configured, Request, build
from .cell import root
from .errors import Mistake
from .reports import interfaces_page
from .toolchain import CLANG_VERSION, CLANGXX

_SPDX = "SPDX-License-Identifier: BSD-3-Clause"
_OURS = (".cpp", ".hpp", ".c", ".h", ".S", ".inc", ".py", ".cmake", ".ld", ".lds")
_NAMED = ("CMakeLists.txt", "Kconfig", "Makefile", "memory", "cstdlib", "cstring")


def check_all(request, _arguments):
    """Runs every rule; prints what each found; status 1 where one found something."""
    failed = 0
    for rule in (licences, shape, scripts, python, formatting, interface_list, seeded_faults,
                 clang):
        print(f"check: {rule.__doc__.splitlines()[0]}", file=sys.stderr, flush=True)
        for finding in rule(request):
            print(f"  {finding}", file=sys.stderr)
            failed += 1
    if failed:
        raise Mistake(f"{failed} findings of make check", status=1)
    print("make check found nothing")


def tracked():
    """The files of the tree that git knows or would add."""
    done = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root(),
                          capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if (root() / line).is_file()]


def _has_comments(name):
    """Whether `name` is a source file; a template is what it becomes."""
    name = os.path.basename(name.removesuffix(".in"))
    return name.endswith(_OURS) or name in _NAMED


def licences(_request):
    """every source file names its licence"""
    for name in tracked():
        if _has_comments(name):
            with open(root() / name, encoding="utf-8") as text:
                if _SPDX not in "".join(text.readline() for _ in range(4)):
                    yield f"{name}: no SPDX line at the top"


def shape(request):
    """each micro-library has what a reader looks for"""
    for part in request.tree:
        name = os.path.relpath(part.directory, root())
        if not part.summary:
            yield f"{name}: no SUMMARY"
        if not os.path.exists(os.path.join(part.directory, "README.md")):
            yield f"{name}: no README.md"
    for name in tracked():
        if name.endswith((".cpp", ".hpp", ".py", ".c", ".h")):
            with open(root() / name, encoding="utf-8") as text:
                length = sum(1 for _ in text)
            if length > 600:
                yield f"{name}: {length} lines; a file is one thing"
    for pattern, what in ((r"\bTODO\b|\bFIXME\b|\bXXX\b", "a plan in a comment"),):
        for name in tracked():
            if name.endswith((".cpp", ".hpp", ".c", ".h", ".S")):
                with open(root() / name, encoding="utf-8") as text:
                    for number, line in enumerate(text, 1):
                        if re.search(pattern, line):
                            yield f"{name}:{number}: {what}"


def scripts(_request):
    """shell scripts pass shellcheck"""
    if shutil.which("shellcheck") is None:
        yield "shellcheck is not installed"
        return
    shells = [name for name in tracked() if name.endswith(".sh") or name == ".ci/run"]
    done = subprocess.run(["shellcheck", *shells], cwd=root(), capture_output=True, text=True,
                          check=False)
    yield from done.stdout.splitlines()


def python(_request):
    """Python files pass pyflakes"""
    if shutil.which("pyflakes3") is None:
        yield "pyflakes3 is not installed"
        return
    files = [name for name in tracked() if name.endswith(".py")]
    done = subprocess.run(["pyflakes3", *files], cwd=root(), capture_output=True, text=True,
                          check=False)
    yield from done.stdout.splitlines()


def _formatter():
    return next((name for name in (f"clang-format-{CLANG_VERSION}", "clang-format")
                 if shutil.which(name)), None)


def _formatted():
    return [name for name in tracked() if name.endswith((".cpp", ".hpp", ".c", ".h"))]


def formatting(_request):
    """C and C++ files are formatted by .clang-format"""
    program = _formatter()
    if program != f"clang-format-{CLANG_VERSION}":
        print(f"  left out: clang-format-{CLANG_VERSION} is not installed", file=sys.stderr)
        return
    done = subprocess.run([program, "--dry-run", "--Werror", *_formatted()], cwd=root(),
                          capture_output=True, text=True, check=False)
    for name in sorted(set(re.findall(r"^(\S+?):\d+:\d+: error", done.stderr, re.MULTILINE))):
        yield f"{name}: make format changes it"


def format_all():
    """Formats every C and C++ file of the tree."""
    program = _formatter()
    if program is None:
        raise Mistake("clang-format is not installed; `make prerequisites` lists it")
    subprocess.run([program, "-i", *_formatted()], cwd=root(), check=True)


def interface_list(request):
    """docs/interfaces.md is what make interfaces writes"""
    path = root() / "docs" / "interfaces.md"
    if not path.exists() or path.read_text(encoding="utf-8") != interfaces_page(request.tree):
        yield "docs/interfaces.md is out of date: make interfaces"


def seeded_faults(request):
    """each suite has seeded faults, which fit the sources and name their test"""
    yield from faults.load(request.tree)[1]


def clang(request):
    """clang compiles our own sources without a warning"""
    if shutil.which(CLANGXX) is None:
        print(f"  left out: {CLANGXX} is not installed", file=sys.stderr)
        return
    for app in sorted(request.tree.apps):
        for plat, arch in itertools.product(sorted(request.tree.platforms()), ARCHS):
            asked = types.SimpleNamespace(app=app, plat=plat, arch=arch, set=None, libs=None,
                                          out=str(request.out / "clang"), verbose=None,
                                          compiler="clang")
            try:
                build(Configured(Request(asked), quiet=True), quiet=True)
            except Mistake as mistake:
                yield str(mistake)
