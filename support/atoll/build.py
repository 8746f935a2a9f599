# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""From what the user typed to a bootable image."""

import contextlib
import errno
import fcntl
import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import cmake, compiler_cache, generate, system_headers
from .cell import Cell, configuration, root
from .composition import Composition
from .errors import Mistake, relative
from .hints import hints
from .kconfig import Menu, parse_set
from .manifest import manifest
from .model import Tree
from .toolchain import machine, toolchain
from .verify import verify
from .write import write_if_changed

ARCHS = ("x86_64", "arm64")


class Request:
    """What a command was asked for: app, platform, architecture, overrides."""

    def __init__(self, arguments):
        self.out = Path(os.path.abspath(arguments.out or root() / "build"))
        self.libraries = [path for path in (arguments.libs or "").replace(",", " ").split() if path]
        self.outside = None
        self.app = arguments.app or None
        if self.app and ("/" in self.app or self.app in (".", "..")):
            self.outside = self._outside_app(self.app)
            self.app = None
        self.tree = Tree.load(root(), self.libraries, self.outside)
        if self.outside:
            self.app = next(app.name for app in self.tree.apps.values()
                            if Path(app.directory) == self.outside)
        self.plat, self.arch = arguments.plat or None, arguments.arch or None
        self.set = list(parse_set(arguments.set or ""))
        self.verbose = bool(arguments.verbose)
        self.compiler = getattr(arguments, "compiler", None) or "gcc"
        self._check()

    @staticmethod
    def _outside_app(path):
        folder = Path(path).resolve()
        if not (folder / "CMakeLists.txt").exists():
            raise Mistake(f"APP={path} names no application: {folder} has no CMakeLists.txt")
        return folder

    def _check(self):
        if self.app and self.app not in self.tree.apps:
            raise Mistake(f"there is no app {self.app}; there are "
                          f"{', '.join(sorted(self.tree.apps))}, or give a path with a slash")
        plats = self.tree.platforms()
        if self.plat and self.plat not in plats:
            raise Mistake(f"there is no platform {self.plat}; there is {', '.join(plats)}")
        if self.arch and self.arch not in ARCHS:
            raise Mistake(f"there is no architecture {self.arch}; there are {', '.join(ARCHS)}")

    def menu(self, scratch):
        """The Kconfig menu of this request's tree."""
        return Menu(root(), self.tree, scratch)


class Configured:
    """A cell whose configuration is resolved and written, ready to build."""

    def __init__(self, request, quiet=False):
        self.request = request
        base, strict, app, notes = _base(request)
        # By the app's defconfig, as it was committed, and nothing else.
        self.as_shipped = strict and not request.set
        plat = request.plat or _chosen(base, "PLAT_", request.tree.platforms()) or "kvm"
        arch = request.arch or _chosen(base, "ARCH_", ARCHS) or machine()
        self.cell = Cell(app, plat, arch, request.out)
        self.menu = request.menu(self.cell.directory / "menu")
        overrides = [(f"APP_{app.upper()}", "y", "APP"), (f"PLAT_{plat.upper()}", "y", "PLAT"),
                     (f"ARCH_{arch.upper()}", "y", "ARCH"), *request.set]
        self.forced = self.menu.resolve(base, overrides, strict)
        if not quiet:
            for note in notes + [f"{self.cell.name}: {text}" for text in self.forced]:
                _say(note)
        self.menu.write(self.cell.config)
        self.composition = Composition(request.tree, self.menu, app, plat, arch)


@functools.cache
def _say(note):
    """Once per command, however many cells it makes."""
    print(note, file=sys.stderr)


def _base(request):
    """The configuration file to start from: (path, strict, app, notes)."""
    own = configuration()
    menu_app = None
    if own.exists():
        menu_app = _chosen(own, "APP_", request.tree.apps)
    app = request.app or menu_app or "helloworld"
    if app not in request.tree.apps:
        raise Mistake(f"there is no app {app}")
    if menu_app == app:
        return own, False, app, []
    defconfig = Path(request.tree.apps[app].directory) / "defconfig"
    why = (f"{own.name} is for {menu_app}" if menu_app else
           f"{own.name} names no app of this tree" if own.exists() else f"there is no {own.name}")
    notes = [f"{why}: using {app}'s defconfig" if defconfig.exists() else
             f"{why}: using the defaults"]
    return (defconfig if defconfig.exists() else None), True, app, notes


def _chosen(path, prefix, names):
    """Which of `names` the configuration file `path` chooses."""
    if path is None or not Path(path).exists():
        return None
    from .config_file import read
    wanted = {prefix + name.upper(): name for name in names}
    for symbol, value, _ in read(path)[0]:
        if value == "y" and symbol in wanted:
            return wanted[symbol]
    return None


def build(configured, quiet=False):
    """Composes and links the cell; Mistake where that fails."""
    cell, composition = configured.cell, configured.composition
    toolchain(cell.arch).require()
    try:
        with _locked(cell.directory):
            ports = _ports(composition)
            _generate(configured, ports)
            _cmake(configured)
            _ninja(configured, quiet)
            if configured.request.compiler == "gcc":
                verify(configured)
                write_if_changed(cell.directory / "manifest.spdx.json", manifest(configured, ports))
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise Mistake(f"no space left on the disk that holds {relative(cell.directory)}: make "
                          "room, or build elsewhere with O=<folder>") from None
        raise
    return cell


@contextlib.contextmanager
def _locked(folder):
    """Only one build at a time in `folder`."""
    os.makedirs(folder, exist_ok=True)
    with open(folder / ".lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"waiting for another build of {folder.name}", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _ports(composition):
    """Third-party libraries, built or from the cache: name to folder."""
    from . import sources
    return {library.port: sources.build(library.port, composition.tools)
            for library in composition.libraries if library.port}


def _generate(configured, ports):
    cell, composition = configured.cell, configured.composition
    generate.config_headers(composition.parts, configured.menu, cell.generated / "include")
    system_headers.provide(composition, cell)
    texts = {"boot_sequence.cpp": generate.boot_sequence(composition),
             "boot_options.cpp": generate.boot_options(composition),
             "drivers.cpp": generate.drivers(composition)}
    if "vm_test" in composition:
        texts["vm_tests.cpp"] = generate.vm_tests(vm_test_files(composition))
    compiler = configured.request.compiler
    texts["toolchain.cmake"] = cmake.toolchain_file(cell.arch, compiler)
    texts["composition.cmake"] = cmake.composition_file(composition, cell, ports, compiler)
    for name, text in texts.items():
        if write_if_changed(cell.generated / name, text) and name == "toolchain.cmake":
            # CMake keeps the compiler that it has met first.
            shutil.rmtree(cell.objects, ignore_errors=True)


def vm_test_files(composition):
    """The in-image tests of every chosen part, and of the interfaces it binds."""
    return [os.path.join(part.directory, file) for part in composition.parts
            for file in composition.vm_tests(part)]


def _cmake(configured):
    cell = configured.cell
    if (cell.objects / "build.ninja").exists():
        return
    shutil.rmtree(cell.objects, ignore_errors=True)
    command = ["cmake", "-G", "Ninja", "-S", str(root()), "-B", str(cell.objects),
               f"-DCMAKE_TOOLCHAIN_FILE={cell.generated / 'toolchain.cmake'}",
               f"-DATOLL_COMPOSITION={cell.generated / 'composition.cmake'}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        (cell.objects / "build.ninja").unlink(missing_ok=True)
        raise Mistake("cmake cannot configure the cell:\n" + done.stdout + done.stderr)


def _ninja(configured, quiet):
    cell = configured.cell
    command = ["ninja", "-C", str(cell.objects)] + (["-v"] if configured.request.verbose else [])
    if configured.request.compiler != "gcc":
        command += ["parts"]   # only GCC links what boots
    environment = os.environ | compiler_cache.environment(cell.directory) | {"NINJA_STATUS": "[%f/%t] "}
    shown = _Progress(quiet, configured.request.verbose)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", env=environment) as process:
        for line in process.stdout:
            shown.line(line.rstrip("\n"))
    shown.end()
    if process.returncode != 0:
        text = "\n".join(shown.said)
        if os.strerror(errno.ENOSPC) in text:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        for hint in hints(text, configured.composition):
            print(hint, file=sys.stderr)
        raise Mistake(f"{cell.name} does not build: see above", status=1)


class _Progress:
    """Ninja's lines: steps overwrite each other on a terminal, the rest stays. The command
    that failed is left out, unless asked for (V=1): its errors are below it."""

    def __init__(self, quiet, verbose):
        self.said, self.quiet, self.verbose = [], quiet, verbose
        self.terminal = sys.stdout.isatty()
        self.pending = False

    def line(self, text):
        """Shows one line of ninja's output."""
        self.said.append(text)
        if not self.verbose and self.said[-2:-1] and self.said[-2].startswith("FAILED: "):
            return
        if text.startswith("ninja: ") and "no work" in text or text.startswith("ninja: Entering"):
            return
        if text.startswith("["):
            if self.quiet:
                return
            if self.terminal:
                width = shutil.get_terminal_size().columns - 1
                print("\r\033[K" + text[:width], end="", flush=True)
                self.pending = True
                return
        elif self.pending:
            self.end()
        print(text, flush=True)

    def end(self):
        """Leaves the cursor on a fresh line."""
        if self.pending:
            print("\r\033[K", end="", flush=True)
            self.pending = False


def link_compile_commands(cell):
    """compile_commands.json of the current cell, at the root."""
    link, target = root() / "compile_commands.json", cell.objects / "compile_commands.json"
    with contextlib.suppress(OSError):
        if link.is_symlink() and os.readlink(link) == str(target):
            return
        fresh = root() / f".compile_commands.{os.getpid()}"
        os.symlink(target, fresh)
        os.replace(fresh, link)
