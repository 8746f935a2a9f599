# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""How mimalloc is built: as one unit with lib/alloc_mimalloc/port/mimalloc.c, of which only
what that library calls stays.
"""

from pathlib import Path

from .build import step, unpack

DURATION = "ten seconds"
RUNS_ON_HOST = True

_ROOT = Path(__file__).resolve().parents[3]
_LIBRARY = _ROOT / "lib" / "alloc_mimalloc"
_OURS = ("src/port.h", "port/mimalloc.c", *(f"port/include/{name}.h" for name in
                                             ("errno", "limits", "stdio", "stdlib", "string")))

_FLAGS = (
    "-O2", "-g1", "-w", "-std=gnu17", "-DNDEBUG", "-ffreestanding", "-fPIE", "-fvisibility=hidden",
    "-ffunction-sections", "-fdata-sections", "-fno-common", "-fno-omit-frame-pointer",
    "-mgeneral-regs-only", "-fno-stack-protector", "-fstack-clash-protection",
    "-U_FORTIFY_SOURCE", "-fno-asynchronous-unwind-tables", "-fno-unwind-tables",
    # The compiler is Linux's: mimalloc must not take this system for Linux.
    "-U__linux__", "-U__linux", "-Ulinux", "-U__gnu_linux__", "-U__unix__", "-U__unix", "-Uunix")

_ARCHS = {"x86_64": ("-mno-red-zone",),
          "arm64": ("-mno-outline-atomics", "--param=stack-clash-protection-guard-size=12")}

# What the library calls (src/port.h).
_KEPT = tuple(f"atoll_mi_{name}" for name in (
    "heap_size", "heap_make", "heap_end", "heap_counts", "in_use", "allocate", "allocate_aligned", "free",
    "usable_size", "owner", "largest_free"))


def _patches(source):
    return [_ROOT / name for name in source["patches"]]


def inputs(source, tools):
    parts = {"flags": " ".join([*_FLAGS, *_ARCHS[tools.arch], tools.protection])}
    for name in _OURS:
        parts[f"file {name}"] = (_LIBRARY / name).read_bytes()
    for patch in _patches(source):
        parts[f"patch {patch.name}"] = patch.read_bytes()
    return parts


def build(source, tools, archive, work, prefix, log):
    tree = unpack(source, archive, _patches(source), work, log)
    folders = (_LIBRARY / "port" / "include", tree / "include", tree / "src")
    step([tools.cc, "-nostdinc", *(f"-I{folder}" for folder in folders), "-idirafter",
          tools.gcc_include, *_FLAGS, *_ARCHS[tools.arch], tools.protection,
          f"-ffile-prefix-map={work}/=", f"-ffile-prefix-map={_ROOT}/=", "-c",
          str(_LIBRARY / "port" / "mimalloc.c"), "-o", "whole.o"],
         "compiling mimalloc", log, work)
    kept = [word for name in _KEPT for word in ("-u", name)]
    step([tools.tool("ld"), "-r", "--gc-sections", *kept, "-o", "mimalloc.o", "whole.o"],
         "linking mimalloc", log, work)
    step([tools.tool("objcopy"), *(f"--keep-global-symbol={name}" for name in _KEPT),
          "mimalloc.o"], "hiding mimalloc's names", log, work)
    (prefix / "lib").mkdir()
    step([tools.tool("ar"), "-rcsD", str(prefix / "lib" / "libmimalloc.kernel.a"), "mimalloc.o"],
         "packing mimalloc", log, work)


def checks():
    return b""


def check(tools, prefix, log):
    """Nothing of the tree depends on what is installed but its symbols."""
