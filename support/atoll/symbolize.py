# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Turns the addresses of a console log into functions and lines, by the build id that
the log names."""

import re
from pathlib import Path

from . import elf
from .errors import Mistake, relative
from .toolchain import run_text, toolchain

_FRAME = re.compile(r"^\s*(?:#\d+|lr) image\+0x([0-9a-f]+) \(0x[0-9a-f]+\)"
                    r"(?: \S+\+0x[0-9a-f]+)?( interrupted)?\s*$")
_BUILD = re.compile(r"\b(?:build|panic) ([0-9a-f]{40})\b")
_MACHINES = {62: "x86_64", 183: "arm64"}   # e_machine


class Symbols:
    """The functions and lines of one image, by its file with symbols."""

    def __init__(self, path):
        self.path, self.base = Path(path), elf.link_base(path)
        self.arch = _MACHINES.get(elf.machine(path))
        if self.arch is None:
            raise Mistake(f"{path} is for a machine that Atoll does not know")

    def code(self):
        """The offsets from the image's first byte where code lies."""
        first = elf.loaded(self.path)[0]
        return range(first.virtual - self.base, first.virtual - self.base + first.file_size)

    def places(self, offsets):
        """For each offset from the image's first byte the functions there, innermost
        first, as `name at file:line`."""
        if not offsets:
            return []
        addresses = [hex(self.base + offset) for offset in offsets]
        text = run_text([toolchain(self.arch).tool("addr2line"), "-aCfip", "-e",
                         str(self.path), *addresses])
        found = []
        for line in text.splitlines():
            head, _, rest = line.partition(": ")
            if head.startswith("0x"):
                found.append([_tidy(rest)])
            else:
                found[-1].append(_tidy(line.strip().removeprefix("(inlined by) ")))
        return found


def _tidy(place):
    """With the file's path from the checkout's root."""
    return re.sub(r" at (\./)+", " at ", place)


def symbolize(log, find):
    """The lines of `log`; behind each of a backtrace the functions and lines that it
    stands for. `find` gives the Symbols of a build id. Mistake where the log names no
    build."""
    lines = log.splitlines()
    places = _places(lines, find)
    for at, line in enumerate(lines):
        yield line.rstrip()
        for place in places.get(at, ()):
            yield f"       {place}"


def backtraces(log, find):
    """Of those lines only the ones of backtraces."""
    lines = log.splitlines()
    for at, places in sorted(_places(lines, find).items()):
        yield lines[at].rstrip()
        for place in places:
            yield f"       {place}"


def _places(lines, find):
    """The number of each line of a backtrace, and the places that it stands for."""
    build = next((found[1] for line in lines if (found := _BUILD.search(line))), None)
    frames = {}     # build id: {number of a line: offset}
    for at, line in enumerate(lines):
        if found := _BUILD.search(line):
            build = found[1]
        if frame := _FRAME.match(line):
            frames.setdefault(build, {})[at] = _instruction(frame)
    if None in frames:
        raise Mistake("the log names no build id: it needs the panic's lines from `panic: ` on",
                      status=1)
    return {at: place for build, offsets in frames.items()
            for at, place in zip(offsets, find(build).places(offsets.values()))}


def _instruction(frame):
    """The offset of the instruction that a frame is in: a return address is behind it,
    and may be another function's first."""
    offset = int(frame[1], 16)
    return offset if frame[2] else max(0, offset - 1)


def place_of(functions):
    """One of Symbols.places() on one line: the function that is there in the code."""
    return functions[-1]


def _known(path):
    """(build id, path), or nothing for a file that is being written."""
    try:
        return [(elf.build_id(path), path)] if elf.is_elf(path) else []
    except Mistake:
        return []


def find_symbols(build, folders, given=None):
    """The symbols of the image with that build id: of the file `given`, or of one below
    `folders`. Mistake where there are none, naming what there is."""
    if given:
        if not Path(given).is_file() or not elf.is_elf(given):
            raise Mistake(f"SYMBOLS={given} is no file with symbols; each image has one beside it, "
                          "<cell>.dbg")
        found = {elf.build_id(given): given}
    else:
        found = dict(pair for folder in folders
                     for path in sorted(Path(folder).glob("**/*.dbg")) for pair in _known(path))
    if build not in found:
        known = ", ".join(f"{relative(path)} ({name})" for name, path in found.items())
        raise Mistake(f"the log is of build {build}, whose symbols are not here: "
                      f"{'there are ' + known if known else 'there is no image'}; name its file "
                      "with SYMBOLS=<file>.dbg", status=1)
    return Symbols(found[build])
