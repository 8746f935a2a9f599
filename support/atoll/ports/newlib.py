# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""How newlib is built: with the ordinary GCC, for this system's headers.

Only newlib's own folder is configured, not the tree around it. What the choices
are for stands in lib/libc_newlib/README.md.
"""

import os
import shutil
import subprocess
from pathlib import Path

from .build import step, unpack

DURATION = "a minute"
RUNS_ON_HOST = False

_ROOT = Path(__file__).resolve().parents[3]
_LIBRARY = _ROOT / "lib" / "libc_newlib"

# Headers of ours that newlib itself must be compiled with; the others of the
# overlay only add what newlib has not.
_OVERLAY = ("machine/_types.h", "sys/_pthreadtypes.h", "sys/errno.h", "sys/features.h",
            "sys/sched.h", "sys/signal.h", "sys/stat.h", "time.h")

_OPTIONS = (
    "--disable-multilib", "--disable-newlib-supplied-syscalls", "--disable-dependency-tracking",
    "--enable-newlib-io-long-long", "--enable-newlib-io-long-double",
    "--enable-newlib-io-c99-formats", "--enable-newlib-io-pos-args", "--enable-newlib-mb",
    "--enable-newlib-retargetable-locking", "--enable-newlib-multithread",
    "--enable-newlib-reent-thread-local", "--enable-newlib-reent-check-verify",
    "--enable-newlib-global-atexit", "--enable-newlib-global-stdio-streams",
    "--enable-newlib-long-time_t")

# The compiler is Linux's: newlib must not take this system for Linux.
_NOT_LINUX = ("-U__linux__", "-U__linux", "-Ulinux", "-U__gnu_linux__", "-U__unix__", "-U__unix",
              "-Uunix")

_FLAGS = (
    "-Os", "-g1", "-w", "-fPIE", "-ftls-model=local-exec", "-ffunction-sections",
    "-fdata-sections", "-fno-common", "-fno-omit-frame-pointer", "-fno-stack-protector",
    "-fstack-clash-protection",
    "-U_FORTIFY_SOURCE", "-fno-asynchronous-unwind-tables", "-fno-unwind-tables",
    # System calls by their plain names, which set errno themselves; the heap is
    # lib/alloc; streams are flushed at exit, not closed.
    "-DREENTRANT_SYSCALLS_PROVIDED", "-DMISSING_SYSCALL_NAMES", "-DMALLOC_PROVIDED",
    "-DHAVE_RENAME", "-DHAVE_FCNTL", "-DHAVE_BLKSIZE", "-D_STDIO_BSD_SEMANTICS",
    # An error of BSD's that Linux has not.
    "-DEFTYPE=EINVAL")

_ARCHS = {
    "x86_64": ("x86_64-elf", ("-mno-red-zone",)),
    "arm64": ("aarch64-elf", ("-mno-outline-atomics",
                              "--param=stack-clash-protection-guard-size=12")),
}


def _patches(source):
    return [_ROOT / name for name in source["patches"]]


def inputs(source, tools):
    host, flags = _ARCHS[tools.arch]
    flags = [*_OPTIONS, *_NOT_LINUX, *_FLAGS, *flags, tools.protection]
    parts = {"host": host, "flags": " ".join(flags)}
    for name in _OVERLAY:
        parts[f"overlay {name}"] = (_LIBRARY / "include" / name).read_bytes()
    for patch in _patches(source):
        parts[f"patch {patch.name}"] = patch.read_bytes()
    return parts


def build(source, tools, archive, work, prefix, log):
    tree = unpack(source, archive, _patches(source), work, log)
    overlay, objects = work / "overlay", work / "objects"
    for name in _OVERLAY:
        (overlay / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(_LIBRARY / "include" / name, overlay / name)
    objects.mkdir()

    host, flags = _ARCHS[tools.arch]
    includes = (overlay, objects / "targ-include", tree / "newlib" / "libc" / "include")
    compiler = [tools.cc, "-nostdinc", *(f"-I{folder}" for folder in includes),
                "-idirafter", tools.gcc_include, *_NOT_LINUX]
    cflags = " ".join([*_FLAGS, *flags, tools.protection, f"-ffile-prefix-map={work}/="])
    programs = [f"{name.upper()}={tools.tool(name)}"
                for name in ("ar", "as", "nm", "ranlib", "readelf")]
    step([str(tree / "newlib" / "configure"), f"--host={host}", f"--prefix={prefix}", *_OPTIONS,
          f"CC={' '.join(compiler)}", f"CFLAGS={cflags}", f"CCASFLAGS={cflags}", *programs],
         "configuring newlib", log, objects)
    # Two jobs at least: half of the time is the shell's.
    jobs = max(2, min(os.cpu_count() or 2, 8))
    step(["make", f"-j{jobs}", "MAKEINFO=true", "libc.a", "libm.a"], "compiling newlib", log,
         objects)
    _install(tree, objects, prefix, tools, log)


def checks():
    """What check() depends on besides the installed headers."""
    return b"".join(path.read_bytes() for path in sorted(_LIBRARY.glob("src/abi*")))


def check(tools, prefix, log):
    """Compares newlib's types with what lib/libc_newlib takes them for."""
    includes = (_LIBRARY / "include", prefix / "include")
    step([tools.cc, "-nostdinc", *(f"-I{folder}" for folder in includes), "-idirafter",
          tools.gcc_include, *_NOT_LINUX, "-std=gnu17", "-Wall", "-Werror", "-fsyntax-only",
          str(_LIBRARY / "src" / "abi_check.c")],
         "comparing newlib's types with lib/libc_newlib/src/abi.h", log, prefix)


def _remove_system_calls(tree, objects, prefix, tools, log):
    """On some architectures newlib has open() and its kin, which lead nowhere: a function
    that is not in the image must not link."""
    calls = {f"libc_a-{path.stem}.o" for path in (tree / "newlib/libc/syscalls").glob("*.c")}
    kept = subprocess.run([tools.tool("ar"), "t", str(objects / "libc.a")], check=True,
                          capture_output=True, text=True).stdout.split()
    found = sorted(calls & set(kept))
    if found:
        step([tools.tool("ar"), "dD", "libc.a", *found], "removing system calls", log,
             prefix / "lib")


def _install(tree, objects, prefix, tools, log):
    (prefix / "lib").mkdir()
    for name in ("libc.a", "libm.a"):
        shutil.copy(objects / name, prefix / "lib")
        if name == "libc.a":
            _remove_system_calls(tree, objects, prefix, tools, log)
            # Its object has tables of the wide printf, too, which an image may need beside
            # another formatter: lib/libc_newlib/README.md.
            step([tools.tool("objcopy"), "-D", "--weaken-symbol=_svfiprintf_r", name],
                 "making a formatter replaceable", log, prefix / "lib")
        step([tools.tool("ranlib"), "-D", name], "indexing", log, prefix / "lib")
    # What the build generated, over what came.
    shutil.copytree(tree / "newlib" / "libc" / "include", prefix / "include")
    shutil.copytree(objects / "targ-include", prefix / "include", dirs_exist_ok=True)
