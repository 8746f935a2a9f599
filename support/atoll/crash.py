# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""A crash report: what somebody else needs to understand a panic, on one page."""

import json
import re
import subprocess

from .cell import root
from .errors import Mistake
from .symbolize import Symbols, place_of, symbolize

_PANIC = re.compile(r"^panic(?: inside a panic)?:")
_STACK = re.compile(r"^\s*stack ([0-9a-f]{16}):((?: [0-9a-f]{16})+)\s*$")
_BASE = re.compile(r"image base 0x([0-9a-f]+)")
_BEFORE = 40      # lines of the console before the panic


def report(log, find, ran=None):
    """The lines of the report on the first panic of `log`. `find` gives the Symbols of a
    build id, `ran` says under what the image ran, where that is known. Mistake where the
    log has no panic."""
    lines = [line.rstrip() for line in log.splitlines()]
    start = next((at for at, line in enumerate(lines) if _PANIC.match(line)), None)
    if start is None:
        raise Mistake("the log has no panic: a report is made of the lines from `panic: ` on",
                      status=1)
    end = next((at for at in range(start, len(lines)) if lines[at].startswith("atoll: panic ")),
               len(lines) - 1)
    panic = "\n".join(lines[start:end + 1])
    symbols = _Once(find)
    told = [line for line in symbolize(panic, symbols) if not _STACK.match(line)]
    yield "Atoll crash report"
    yield ""
    yield from _identity(symbols.found, ran)
    yield from _section("panic", told)
    yield from _section("stack, with the functions that it may return to",
                        _stack(lines[start:end + 1], symbols.found))
    yield from _section(f"console, the last {_BEFORE} lines before",
                        lines[max(0, start - _BEFORE):start])


class _Once:
    """Finds symbols, and remembers them."""

    def __init__(self, find):
        self._find, self.found = find, None

    def __call__(self, build):
        self.found = self._find(build)
        return self.found


def _section(title, lines):
    lines = list(lines)
    if lines:
        yield ""
        yield f"--- {title}"
        yield from lines


def _identity(symbols, ran):
    """What the image is, by the files beside its symbols."""
    if symbols is None:
        return
    yield f"image: {symbols.path.stem} for {symbols.arch}"
    manifest = symbols.path.with_name("manifest.spdx.json")
    if manifest.is_file():
        known = json.loads(manifest.read_text(encoding="utf-8"))
        yield f"compiler: {known['creationInfo']['creators'][-1].removeprefix('Tool: ')}"
        yield "set: " + " ".join(package["name"] for package in known["packages"][1:])
    config = symbols.path.with_name(".config")
    if config.is_file():
        chosen = [line.removeprefix("CONFIG_") for line in
                  config.read_text(encoding="utf-8").splitlines()
                  if re.match(r"CONFIG_(?!LIB_|NEED_|APP_|PLAT_|ARCH_\w+=y)", line)]
        yield "options: " + " ".join(chosen)
    yield f"tree: {_commit()}"
    if ran:
        yield f"ran under: {ran}"


def _commit():
    done = subprocess.run(["git", "-C", str(root()), "describe", "--always", "--dirty", "--abbrev=40"],
                          capture_output=True, text=True, check=False)
    return done.stdout.strip() or "not known"


def _stack(lines, symbols):
    """The words of the stack, one a line, with the place in the image that each may be a
    return address to."""
    words = [(int(found[1], 16) + 8 * number, int(word, 16)) for line in lines
             if (found := _STACK.match(line)) for number, word in enumerate(found[2].split())]
    base = next((int(found[1], 16) for line in lines if (found := _BASE.search(line))), None)
    places = {}
    if symbols is not None and base is not None:
        code = symbols.code()
        offsets = sorted({word - base for _, word in words if word - base - 1 in code})
        places = dict(zip(offsets, symbols.places([offset - 1 for offset in offsets])))
    for address, word in words:
        place = places.get(word - (base or 0))
        yield f"  {address:016x}  {word:016x}" + (f"  {place_of(place)}" if place else "")


def write(configured, outcome, command):
    """The report on a boot that panicked, beside the image; its path."""
    cell = configured.cell
    path = cell.directory / "crash-report.txt"
    version = subprocess.run([command[0], "--version"], capture_output=True, text=True,
                             check=False).stdout.partition("\n")[0]
    lines = report(outcome.console.decode(errors="replace"), lambda _: Symbols(cell.symbols),
                   f"{version}: {' '.join(command)}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
