# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The user's cache folder: files by hash, built things by key, locks.

A name in it is either whole or absent: work happens under a temporary name on
the same file system, and a rename publishes it.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from ..errors import Mistake


def folder(*parts):
    """A folder inside the cache, made where it is missing."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):   # XDG Base Directory Specification: others are ignored
        base = os.path.expanduser("~/.cache")
    path = Path(base, "atoll", *parts)
    with explained(f"make the cache folder {path}"):
        path.mkdir(parents=True, exist_ok=True)
    return path


@contextlib.contextmanager
def explained(action):
    """Turns the file system's refusals during `action` into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Mistake(f"the disk is full: cannot {action}; free some space or set "
                          "XDG_CACHE_HOME to a folder on another disk, and run the command "
                          "again") from None
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise Mistake(f"no permission: cannot {action}; set XDG_CACHE_HOME to a folder that "
                          "you may write") from None
        raise


def say(text):
    """A line of progress; never on standard output, which carries results."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def lock(name):
    """Holds the lock `name` against other processes; says so when it must wait."""
    path = folder("locks") / name
    with open(path, "w", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another build of {name} to finish")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def workplace(parent, prefix):
    """A temporary folder in `parent`, gone afterwards whatever happens. Leftovers
    of killed runs are removed: call it with the lock of `prefix` held."""
    for left in parent.glob(f".{prefix}.*"):
        shutil.rmtree(left, ignore_errors=True)
    with explained(f"write into {parent}"):
        path = Path(tempfile.mkdtemp(prefix=f".{prefix}.", dir=parent))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def sha256(path):
    """The hash of the file at `path`, as hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def publish(temporary, final):
    """Gives `temporary` its name, surviving a power cut right after."""
    if temporary.is_file():
        with open(temporary, "rb") as file:
            os.fsync(file.fileno())
    os.rename(temporary, final)
    handle = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
