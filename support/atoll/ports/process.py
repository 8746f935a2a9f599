# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Runs a long command with a sign of life, its output in a log."""

import os
import signal
import subprocess
import time

from . import cache

_SIGN_OF_LIFE = 15   # seconds


def run(command, what, log, directory, environment=None, seconds=3600):
    """Runs `command` in `directory`, its output appended to the file `log`.
    Says every few seconds that `what` goes on. Returns the exit status, or None
    where it took longer than `seconds`. No child survives an interrupt."""
    with open(log, "ab") as output:
        output.write(f"$ {' '.join(map(str, command))}\n".encode())
        output.flush()
        child = subprocess.Popen(command, cwd=directory, env=environment, stdout=output,
                                 stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                 start_new_session=True)
    begin = time.monotonic()
    try:
        while True:
            passed = time.monotonic() - begin
            if passed > seconds:
                _end(child)
                return None
            try:
                return child.wait(timeout=min(_SIGN_OF_LIFE, seconds - passed + 1))
            except subprocess.TimeoutExpired:
                cache.say(f"  {what}: {time.monotonic() - begin:.0f} s so far")
    except BaseException:
        _end(child)
        raise


def _end(child):
    """Ends the child's whole process group, which is its own session."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, number)
            child.wait(timeout=5)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
