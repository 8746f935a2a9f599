# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What must hold of a linked image: proofs over what the compiler and linker did."""

import collections
import os
import re
import subprocess

from . import linkmap
from .errors import Mistake, relative
from .model import IMPLICIT
from .toolchain import toolchain
from .write import write_if_changed

# Defined by the compiler's runtime library or the linker script.
_RUNTIME = "libgcc.a"


def verify(configured):
    """All proofs, where the image is newer than the last time they held."""
    cell = configured.cell
    stamp = cell.directory / ".verified"
    if stamp.exists() and stamp.stat().st_mtime_ns > cell.symbols.stat().st_mtime_ns:
        return
    objects = _objects(configured)
    check_includes(configured)
    check_symbols(configured, objects)
    check_purity(configured, objects)
    check_inputs(configured)
    write_if_changed(stamp, "")
    os.utime(stamp)


def _objects(configured):
    """Object file to the name of the part it belongs to; of this build's, whatever an
    earlier one has left."""
    found = {}
    cell = configured.cell
    chosen = {f"{part.kind}_{part.name}.dir": part.name for part in configured.composition.parts}
    chosen["generated_generated.dir"] = "generated"
    targets = subprocess.run(["ninja", "-C", str(cell.objects), "-t", "targets", "all"],
                             capture_output=True, text=True, check=True).stdout
    for line in targets.splitlines():
        file = line.partition(": ")[0]
        folder, _, inside = file.partition("/")
        part = chosen.get(inside.partition("/")[0]) if folder == "CMakeFiles" else None
        if part and file.endswith((".o", ".obj")):
            found[str(cell.objects / file)] = part
    return found


def check_includes(configured):
    """Every header that a part's file includes belongs to what it declares."""
    composition, cell = configured.composition, configured.cell
    done = subprocess.run(["ninja", "-C", str(cell.objects), "-t", "deps"], capture_output=True,
                          text=True, check=True)
    folders = sorted(((os.path.realpath(part.directory) + os.sep, part.name)
                      for part in composition.tree), key=lambda pair: -len(pair[0]))
    user, visible = None, {}
    for line in done.stdout.splitlines():
        if line and not line.startswith(" "):
            user = linkmap.owner(line)
            continue
        header = line.strip()
        if not header or user in (None, "linker", "generated", "tests"):
            continue
        path = os.path.realpath(os.path.join(cell.objects, header))
        owner = next((name for folder, name in folders if path.startswith(folder)), None)
        if owner is None or owner == user or (user not in composition
                                              and user != composition.app.name):
            continue
        if user not in visible:
            part = composition.app if user == composition.app.name else composition.part(user)
            visible[user] = _seen(composition, part)
        if owner not in visible[user]:
            part = composition.app if user == composition.app.name else composition.part(user)
            raise Mistake(f"{user} includes {relative(path)} of {owner}, which it does not "
                          f"declare: add {owner} to its DEPENDS", part.file, status=1)


def _seen(composition, part):
    seen = set(composition.visible(part))
    if part.flavour == "libc" and composition.provider("libc"):
        seen.add(composition.provider("libc").name)
    return seen


def check_symbols(configured, objects):
    """Every symbol that a part uses is its own, of what it declares, or the compiler's."""
    composition = configured.composition
    tool = toolchain(configured.cell.arch).tool("nm")
    text = subprocess.run([tool, "-A", "-C", "--format=posix", *objects], capture_output=True,
                          text=True, check=True).stdout
    defined, used = {}, collections.defaultdict(set)
    for line in text.splitlines():
        path, _, rest = line.partition(": ")
        part = objects.get(path)
        name, kind = _symbol(rest)
        if kind == "U":
            used[part].add(name)
        elif kind and kind.isupper():
            defined.setdefault(name, part)
    for part in composition.parts:
        seen = _seen(composition, part) | set(IMPLICIT) | {"generated"}
        seen |= _stand_ins(composition, seen)
        providers = {library.name for library in composition.libraries
                     if library.provides in seen}
        hooks = {hook for one in composition.parts if one.name in seen for hook in one.hooks}
        for name in sorted(used[part.name]):
            owner = defined.get(name)
            if name.split("(")[0] in hooks:
                continue   # declared below, defined above, by contract
            if owner and owner != part.name and owner not in seen | providers:
                raise Mistake(f"{part.name} uses {name} of {owner}, which it does not declare: add "
                              f"{_interface_of(composition, owner)} to its DEPENDS", part.file,
                              status=1)


def _stand_ins(composition, seen):
    """The libraries that give what those in `seen` give in an image without them, and the
    automatic ones that join one of them to another: who calls raise() or pthread_once()
    need not know who has it."""
    parts = [part for part in composition.parts if part.name in seen]
    absent = {option[1:] for part in parts for option, _ in part.sources_if
              if option.startswith("!")}
    symbols = {part.symbol for part in parts}
    return {library.name for library in composition.libraries
            if library.symbol in absent or symbols & set(re.findall(r"\w+", library.when))}


def _interface_of(composition, owner):
    library = composition.tree.libraries.get(owner)
    return library.provides if library and library.provides else owner


def _symbol(rest):
    """(name, kind) of a posix-format line of nm; the demangled name may hold spaces."""
    words = rest.split(" ")
    for at in range(len(words) - 1, 0, -1):
        if len(words[at]) == 1 and words[at].isalpha():
            return " ".join(words[:at]), words[at]
    return rest, None


def check_purity(configured, objects):
    """Kernel parts have no thread-local variables and no static constructors."""
    composition = configured.composition
    tool = toolchain(configured.cell.arch).tool("objdump")
    kernel = {path: name for path, name in objects.items() if name != "generated"
              and name in composition and composition.part(name).flavour == "kernel"}
    if not kernel:
        return
    text = subprocess.run([tool, "-h", *kernel], capture_output=True, text=True, check=True).stdout
    current = None
    for line in text.splitlines():
        words = line.split()
        if line.endswith(("elf64-x86-64", "elf64-littleaarch64")):
            current = kernel.get(line.split(":")[0])
        elif len(words) > 2 and words[0].isdigit() and int(words[2], 16):
            for prefix, what in ((".tdata", "a thread-local variable"),
                                 (".tbss", "a thread-local variable"),
                                 (".init_array", "a static constructor"),
                                 (".ctors", "a static constructor")):
                if words[1].startswith(prefix):
                    raise Mistake(f"{current} has {what}, which kernel libraries must not have: "
                                  "use per-CPU data, or constinit",
                                  composition.part(current).file, status=1)


def check_inputs(configured):
    """Every file in the link belongs to a chosen part, a chosen port, or the compiler."""
    composition, cell = configured.composition, configured.cell
    ports = {library.port for library in composition.libraries if library.port}
    for file in linkmap.inputs(cell.map):
        owner = linkmap.owner(file + "(" if file.endswith(".a") else file)
        if owner in composition or owner in (composition.app.name, "generated", "tests", _RUNTIME):
            continue
        if file.endswith(".a") and ports:
            continue
        raise Mistake(f"the linker took {file}, which belongs to no chosen part", status=1)
