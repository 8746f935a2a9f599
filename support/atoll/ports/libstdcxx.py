# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""How libstdc++ is built over newlib, and libgcc's unwinder beside it: with the ordinary
GCC, whose own source this is. What the choices are for stands in lib/libcxx/README.md.
"""

import os
import shutil
from pathlib import Path

from . import build as builds
from .build import step, unpack

DURATION = "three minutes"
RUNS_ON_HOST = False

_ROOT = Path(__file__).resolve().parents[3]
_LIBC = _ROOT / "lib" / "libc_newlib" / "include"
_LIBRARY = _ROOT / "lib" / "libcxx"

# The twentieth part of the compiler's source that this is made of.
_MEMBERS = (
    "COPYING3", "COPYING.RUNTIME", "config.guess", "config.sub", "config-ml.in", "install-sh",
    "ltmain.sh", "missing", "mkinstalldirs", "gcc/BASE-VER", "gcc/DATESTAMP", "include", "config",
    "libiberty/cp-demangle.c", "libiberty/cp-demangle.h", "libgcc", "libstdc++-v3",
    "!*/ChangeLog*", "!*/libgcc/config/[!a]*", "!*/libgcc/soft-fp", "!*/config/abi/post",
    "!*/libstdc++-v3/doc/[!Mx]*", "!*/libstdc++-v3/doc/xml", "!*/testsuite/[!M]*")

_OPTIONS = (
    "--with-newlib", "--disable-shared", "--enable-static", "--disable-multilib", "--disable-nls",
    "--enable-libstdcxx-threads", "--enable-libstdcxx-time=no", "--enable-tls",
    "--disable-libstdcxx-pch", "--disable-libstdcxx-backtrace", "--enable-libstdcxx-filesystem-ts=no",
    "--enable-cstdio=stdio", "--enable-clocale=newlib", "--disable-dependency-tracking",
    # Random numbers come from getentropy(), never from the CPU alone.
    "ac_cv_x86_rdrand=no", "ac_cv_x86_rdseed=no",
    # No program can be linked while this is configured, and these are asked for that way.
    "ac_cv_func_fcntl=yes", "ac_cv_func_strnlen=yes", "ac_cv_func_getexecname=no")
_NO_LINK = "LDFLAGS=-Wl,--this-does-not-link"

# What newlib and the POSIX libraries have, and configure does not ask where it cannot link.
_LONG_DOUBLE = ("ACOS", "ASIN", "ATAN2", "ATAN", "CEIL", "COS", "COSH", "EXP", "FABS", "FLOOR", "FMOD",
                "FREXP", "HYPOT", "LDEXP", "LOG10", "LOG", "MODF", "POW", "SIN", "SINH", "SQRT", "TAN",
                "TANH", "FINITE", "ISINF", "ISNAN", "SINCOS")
_HAVE = (
    *(f"HAVE_{name}L" for name in _LONG_DOUBLE if name not in ("FINITE", "ISINF", "ISNAN")),
    "HAVE_STRTOLD", "HAVE_TLS", "HAVE_CC_TLS", "HAVE_ALIGNED_ALLOC", "HAVE_POSIX_MEMALIGN",
    "HAVE_USELOCALE", "HAVE_SETENV", "_GLIBCXX_USE_CLOCK_REALTIME", "_GLIBCXX_USE_CLOCK_MONOTONIC",
    "_GLIBCXX_USE_NANOSLEEP", "_GLIBCXX_USE_SCHED_YIELD", "_GLIBCXX_USE_REALPATH",
    "_GLIBCXX_USE_PTHREAD_COND_CLOCKWAIT", "_GLIBCXX_USE_PTHREAD_MUTEX_CLOCKLOCK",
    "_GLIBCXX_USE_PTHREAD_RWLOCK_CLOCKLOCK")
# Semaphores are made of atomics, so that one thread needs no library of threads for them.
_HAVE_NOT = ("HAVE_ICONV", "HAVE_ARC4RANDOM", "HAVE_POSIX_SEMAPHORE")

_NOT_LINUX = ("-U__linux__", "-U__linux", "-Ulinux", "-U__gnu_linux__", "-U__unix__", "-U__unix",
              "-Uunix")
_FLAGS = (
    "-O2", "-g1", "-w", "-fPIE", "-ftls-model=local-exec", "-ffunction-sections", "-fdata-sections",
    "-fno-common", "-fno-omit-frame-pointer", "-fno-stack-protector", "-fstack-clash-protection",
    "-fasynchronous-unwind-tables", "-U_FORTIFY_SOURCE")

_ARCHS = {
    "x86_64": ("x86_64-elf", ("-mno-red-zone",), None),
    "arm64": ("aarch64-elf", ("-mno-outline-atomics",
                              "--param=stack-clash-protection-guard-size=12"),
              "config/aarch64/aarch64-unwind.h"),
}   # configure's name of the architecture, flags, libgcc's header of what unwinding it adds

# A macro of GCC's that is missing would become a function.
_STRICT = ("-Werror=implicit-function-declaration",)

# What the unwinder includes and GCC's own build would have made.
_EMPTY = ("auto-target.h", "coretypes.h", "libgcc_tm.h", "tconfig.h", "tm.h")


def _patches(source):
    return [_ROOT / name for name in source["patches"]]


def _newlib(tools):
    """The folder of the C library that this is compiled against, built where it is not."""
    from .. import sources
    return Path(sources.build("newlib", tools))


def inputs(source, tools):
    from .. import sources
    from . import newlib
    host, flags, _ = _ARCHS[tools.arch]
    parts = {"host": host, "newlib": builds.place(sources.find("newlib"), newlib, tools).name,
             "flags": " ".join([*_OPTIONS, *_HAVE, *_HAVE_NOT, *_FLAGS, *flags, tools.protection])}
    for folder in (_LIBC, _LIBRARY / "unwinder"):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            parts[f"header {path.relative_to(folder)}"] = path.read_bytes()
    for patch in _patches(source):
        parts[f"patch {patch.name}"] = patch.read_bytes()
    return parts


def build(source, tools, archive, work, prefix, log):
    newlib = _newlib(tools)
    tree = unpack(source, archive, _patches(source), work, log, _MEMBERS)
    (tree / "libgcc" / "gthr-default.h").symlink_to("gthr-posix.h")
    # Behind libstdc++'s own, whose <stdlib.h> includes the next one.
    includes = ["-nostdinc", "-isystem", str(_LIBC), "-isystem", str(newlib / "include"),
                "-idirafter", tools.gcc_include, *_NOT_LINUX]
    _, flags, _ = _ARCHS[tools.arch]
    cflags = [*_FLAGS, *flags, tools.protection, f"-ffile-prefix-map={work}/="]
    (prefix / "lib").mkdir()
    _unwinder(tree, tools, work, prefix, includes + [flag for flag in cflags if flag != "-w"], log)
    objects = work / "objects"
    objects.mkdir()
    _configure(tree, tools, objects, prefix, includes, cflags, log)
    # Two jobs: the larger files take 500 MB each.
    for folder in ("include", "libsupc++", "src"):
        step(["make", "-j2", "-C", folder], f"compiling libstdc++ ({folder})", log, objects)
    _install(objects, prefix, tools, log)


def _configure(tree, tools, objects, prefix, includes, cflags, log):
    host, _, _ = _ARCHS[tools.arch]
    programs = [f"{name.upper()}={tools.tool(name)}"
                for name in ("ar", "as", "ld", "nm", "objdump", "ranlib", "strip")]
    options = " ".join(cflags)
    step([str(tree / "libstdc++-v3" / "configure"), "--build=x86_64-build-linux-gnu",
          "--with-cross-host=x86_64-build-linux-gnu", f"--host={host}", f"--target={host}",
          f"--prefix={prefix}", f"--with-gxx-include-dir={prefix}/c++", *_OPTIONS, _NO_LINK,
          f"CC={' '.join([tools.cc, *includes])}", f"CPP={' '.join([tools.cc, '-E', *includes])}",
          f"CXX={' '.join([tools.cxx, '-nostdinc++', *includes])}",
          f"CFLAGS={options}", f"CXXFLAGS={options}", *programs],
         "configuring libstdc++", log, objects)
    with open(objects / "config.h", "a", encoding="utf-8") as config:
        for name in (*_HAVE, *_HAVE_NOT):
            config.write(f"#undef {name}\n")
        for name in _HAVE:
            config.write(f"#define {name} 1\n")


def _unwinder(tree, tools, work, prefix, options, log):
    """libgcc_eh.a without the search for tables, which is lib/libcxx/src/find_fde.cpp."""
    folder = work / "unwinder"
    shutil.copytree(_LIBRARY / "unwinder", folder)
    for name in _EMPTY:
        (folder / name).touch()
    libgcc = tree / "libgcc"
    _, _, machine = _ARCHS[tools.arch]
    if machine:
        (folder / "md-unwind-support.h").symlink_to(libgcc / machine)
    else:
        (folder / "md-unwind-support.h").touch()
    (folder / "unwind.h").symlink_to(libgcc / "unwind-generic.h")
    for name in ("unwind-dw2", "unwind-c"):
        step([tools.cc, f"-I{folder}", f"-I{libgcc}", f"-I{tree / 'include'}", *options,
              *_STRICT, "-fbuilding-libgcc", "-fexceptions", "-DIN_LIBGCC2", "-DGTHREAD_USE_WEAK=0",
              "-c", str(libgcc / f"{name}.c"), "-o", f"{name}.o"],
             f"compiling {name}.c", log, folder)
    step([tools.tool("ar"), "rcsD", str(prefix / "lib" / "libgcc_eh.a"), "unwind-dw2.o",
          "unwind-c.o"], "collecting the unwinder", log, folder)


def checks():
    """check() depends on nothing besides."""
    return b""


def check(_tools, _prefix, _log):
    """configure compared what it found with newlib already."""


def _install(objects, prefix, tools, log):
    """Headers in one folder, those of the target among the others."""
    for folder in ("include", "libsupc++"):
        what = "install-headers" if folder == "include" else "install"
        step(["make", "-C", folder, what], f"installing libstdc++ ({folder})", log, objects)
    shutil.move(prefix / "c++", prefix / "include")
    target = prefix / "include" / _ARCHS[tools.arch][0]
    shutil.copytree(target, prefix / "include", dirs_exist_ok=True)
    shutil.rmtree(target)
    for path in (prefix / "lib").glob("libsupc++*"):   # libstdc++.a has its objects
        path.unlink()
    archive = prefix / "lib" / "libstdc++.a"
    shutil.copy(objects / "src" / ".libs" / "libstdc++.a", archive)
    step([tools.tool("ranlib"), "-D", archive.name], "indexing", log, prefix / "lib")
    for name in os.listdir(prefix):
        if name not in ("include", "lib"):
            shutil.rmtree(prefix / name)
