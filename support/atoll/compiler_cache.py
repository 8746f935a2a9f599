# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""ccache, where it is installed: cells share most of their objects."""

import functools
import os
import shutil

from .errors import Mistake
from .ports import cache


@functools.cache
def launcher():
    """The program to put before the compiler; "" where there is none, or no folder to
    keep objects in."""
    program = shutil.which("ccache")
    return program if program and _folder() else ""


def environment(folder):
    """The variables that compilations in `folder` need beside those of this process; the
    files of two such folders that are the same are one for the cache."""
    if not launcher():
        return {}
    return {"CCACHE_DIR": _folder(), "CCACHE_BASEDIR": str(folder),
            "CCACHE_MAXSIZE": os.environ.get("CCACHE_MAXSIZE", "1G")}


@functools.cache
def _folder():
    if "CCACHE_DIR" in os.environ:
        return os.environ["CCACHE_DIR"]
    try:
        folder = str(cache.folder("objects"))
    except (OSError, Mistake):
        return None
    return folder if os.access(folder, os.W_OK) else None
