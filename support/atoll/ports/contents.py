# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What an installed source brings: headers, and the symbols of its archives."""

import functools

from ..toolchain import run_text


def has_header(prefix, name):
    """Whether `#include <name>` finds a file of it."""
    return (prefix / "include" / name).is_file()


@functools.cache
def symbols(prefix, tools):
    """The names that its archives define for others (nm's POSIX format)."""
    archives = sorted(str(path) for path in (prefix / "lib").glob("*.a"))
    if not archives:
        return frozenset()
    listing = run_text([tools.tool("nm"), "-P", "-g", "--defined-only", *archives])
    return frozenset(line.split()[0] for line in listing.splitlines() if " " in line)
