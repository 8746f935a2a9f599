# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Reads the GNU linker's map: which object put how many bytes where."""

import dataclasses
import re

from .errors import Mistake, relative

_KINDS = (("zeroed", (".bss", ".tbss", "COMMON")),
          ("constants", (".rodata", ".eh_frame", ".gcc_except", ".note", ".rela", ".init_array",
                         ".fini_array", ".data.rel.ro", ".dyn", ".hash", ".gnu", ".got")),
          ("data", (".data", ".tdata", ".sdata")),
          ("code", (".text", ".init", ".fini", ".head", ".entry", ".boot", ".vectors")))
# What is not in the image, or not as the map shows it: relocations are packed.
_LEFT_OUT = (".debug", ".comment", ".symtab", ".strtab", ".shstrtab", "/DISCARD/", ".riscv",
             ".ARM.attributes", ".rela", ".relr")
# What the linker makes stands under the first object.
_LINKERS = (".got", ".note.gnu.build-id", ".eh_frame_hdr")
_LINE = re.compile(r"^ (\.?[\w.$*+-]+)?\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (\S.*)$")
_OBJECT = re.compile(r"CMakeFiles/(interface|library|app|tests|generated)_(\w+)\.dir/")


@dataclasses.dataclass(frozen=True)
class Contribution:
    """One input section that is in the image."""

    section: str
    size: int
    file: str
    owner: str   # a part's name, "generated", "tests", an archive, or "linker"
    kind: str    # code, constants, data, zeroed


def owner(file):
    """Whose object `file` is."""
    match = _OBJECT.search(file)
    if match:
        return match[1] if match[1] in ("generated", "tests") else match[2]
    archive = re.search(r"([\w+.-]+\.a)\(", file)
    return archive[1] if archive else "linker"


def kind(section):
    """What an input section holds."""
    for name, prefixes in _KINDS:
        if section.startswith(prefixes):
            return name
    return "data"


def contributions(path):
    """Every input section that the map at `path` shows in the image."""
    with open(path, encoding="utf-8", errors="replace") as text:
        _, found, listing = text.read().partition("\nLinker script and memory map\n")
    if not found:
        raise Mistake(f"{relative(path)} is no linker's map: build the image again", status=1)
    lines = listing.splitlines()
    found, pending, debug = [], None, False
    for line in lines:
        if re.match(r"^[./\w]", line):
            debug = line.startswith(_LEFT_OUT)
        if re.match(r"^ \.?[\w.$+-]+$", line):
            pending = line.strip()
            continue
        match = _LINE.match(line)
        if match and not debug:
            section = match[1] or pending
            length = int(match[3], 16)
            if section and length and not section.startswith(_LEFT_OUT):
                file = match[4].strip()
                if "*fill*" not in section:
                    whose = "linker" if section.startswith(_LINKERS) else owner(file)
                    found.append(Contribution(section, length, file, whose, kind(section)))
        pending = None
    return found


def inputs(path):
    """The object files and archive members that the linker loaded."""
    with open(path, encoding="utf-8", errors="replace") as text:
        content = text.read()
    loaded = re.findall(r"^LOAD (\S+)$", content, re.MULTILINE)
    return loaded
