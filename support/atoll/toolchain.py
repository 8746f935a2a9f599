# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The one place that names compilers and the folders of their headers."""

import dataclasses
import functools
import os
import shutil
import subprocess

from .errors import Mistake

# What Atoll is built and tested with. GCC= and CLANG= name other versions.
_SUPPORTED = {"GCC": 12, "CLANG": 14}


def _version(name):
    asked = os.environ.get(name) or str(_SUPPORTED[name])
    return int(asked) if asked.isdigit() else asked


GCC_VERSION, CLANG_VERSION = _version("GCC"), _version("CLANG")
CLANG, CLANGXX = f"clang-{CLANG_VERSION}", f"clang++-{CLANG_VERSION}"


@dataclasses.dataclass(frozen=True)
class Toolchain:
    """A GCC for one architecture, with its binutils."""

    arch: str
    prefix: str        # of binutils: "" is never used, so that arm64 and x86_64 are named alike
    triple: str        # the folder that Debian puts libstdc++'s target headers in
    cxx_include: str   # libstdc++'s own headers
    control_flow: bool = False   # code has landing pads and signed return addresses

    @property
    def cc(self):
        return f"{self.prefix}gcc-{GCC_VERSION}"

    @property
    def cxx(self):
        return f"{self.prefix}g++-{GCC_VERSION}"

    def tool(self, name):
        """`ar`, `nm`, `objcopy`, `strip`, `ld`, `readelf` for this architecture."""
        return f"{self.prefix}{name}"

    @property
    def protection(self):
        """The option that says so to the compiler."""
        return _CONTROL_FLOW[self.arch][self.control_flow]

    @functools.cached_property
    def gcc_include(self):
        return self._ask("-print-file-name=include")

    @functools.cached_property
    def libgcc(self):
        return self._ask("-print-libgcc-file-name")

    @functools.cached_property
    def identity(self):
        """The compiler's version line: part of the key of whatever it builds."""
        return run_text([self.cc, "--version"]).splitlines()[0]

    def _ask(self, flag):
        return run_text([self.cc, flag]).strip()

    def require(self):
        """Raises Mistake where the compiler is not installed."""
        if not isinstance(GCC_VERSION, int) or GCC_VERSION < _SUPPORTED["GCC"]:
            raise Mistake(f"GCC={GCC_VERSION} is not a version from {_SUPPORTED['GCC']} on")
        if shutil.which(self.cxx) is None:
            remedy = ("`make prerequisites` lists and installs what Atoll needs"
                      if GCC_VERSION == _SUPPORTED["GCC"] else
                      f"install it, or leave out GCC={GCC_VERSION}")
            raise Mistake(f"{self.cxx} is not installed; {remedy}")


_CONTROL_FLOW = {
    "x86_64": {False: "-fcf-protection=none", True: "-fcf-protection=branch"},
    "arm64": {False: "-mbranch-protection=none", True: "-mbranch-protection=standard"},
}

_TOOLCHAINS = {
    "x86_64": Toolchain("x86_64", "x86_64-linux-gnu-", "x86_64-linux-gnu", ""),
    "arm64": Toolchain("arm64", "aarch64-linux-gnu-", "aarch64-linux-gnu", ""),
}


def strict(compiler):
    """Whether a warning of "gcc" or "clang" is an error: of a version that Atoll is tested
    with, and wherever CI runs. Other versions warn of more."""
    version = GCC_VERSION if compiler == "gcc" else CLANG_VERSION
    return version == _SUPPORTED[compiler.upper()] or bool(os.environ.get("CI"))


def machine():
    """This machine's architecture by Atoll's name; x86_64 where it is neither."""
    import platform
    return {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")


@functools.cache
def toolchain(arch, control_flow=False):
    """The toolchain that builds what boots on `arch`, on request with control-flow
    protection."""
    triple = _TOOLCHAINS[arch].triple
    native = machine() == arch
    include = (f"/usr/include/c++/{GCC_VERSION}" if native
               else f"/usr/{triple}/include/c++/{GCC_VERSION}")
    return dataclasses.replace(_TOOLCHAINS[arch], cxx_include=include, control_flow=control_flow)


def cxx_target_include(tools):
    """libstdc++'s headers that depend on the target (bits/c++config.h)."""
    if machine() == tools.arch:
        return f"/usr/include/{tools.triple}/c++/{GCC_VERSION}"
    return f"{tools.cxx_include}/{tools.triple}"


def run_text(command):
    """The standard output of `command`; Mistake where it is missing or fails."""
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except FileNotFoundError:
        raise Mistake(f"{command[0]} is not installed; `make prerequisites` lists and installs "
                      "what Atoll needs") from None
    except subprocess.CalledProcessError as error:
        raise Mistake(f"{' '.join(command)} failed: {error.stderr.strip()}") from None
