# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Boots an image, shows its console, and turns its status record into an exit status."""

import contextlib
import dataclasses
import os
import re
import secrets
import select
import subprocess
import sys
import time

from . import crash
from .accelerator import pick_accelerator
from .errors import Mistake, relative
from .machines import check_memory, command_line
from .symbolize import Symbols, backtraces

# Exit statuses of the runner where the program has none of its own.
STATUS_PANIC = 101
STATUS_NO_RECORD = 102
STATUS_TIMEOUT = 124

_RECORD = re.compile(rb"atoll: (?:exit (\d+)|panic ([0-9a-f]+))(?: ([0-9a-f]+))?\r?$")


@dataclasses.dataclass
class Outcome:
    """How one boot ended."""

    status: int            # what the program, or the runner in its stead, exits with
    kind: str              # exit, panic, no-record, timeout
    console: bytes         # everything the image wrote
    seconds: float
    detail: str = ""


def boot(command, nonce=None, timeout=60.0, echo=None, on_output=None):
    """Runs the monitor `command` until it ends or `timeout` seconds have passed.

    `echo` is a binary stream that gets the console as it comes; `on_output` is
    called with (process, console so far) after each piece. The monitor is ended
    by its process group, also when this function is interrupted.
    """
    start = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL if echo is None else None,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               start_new_session=echo is None)
    console, complaint, timed_out = bytearray(), bytearray(), False
    try:
        streams = {process.stdout: console, process.stderr: complaint}
        while streams:
            left = timeout - (time.monotonic() - start) if timeout else None
            if left is not None and left <= 0:
                timed_out = True
                break
            for stream in select.select(list(streams), [], [], left)[0]:
                piece = os.read(stream.fileno(), 65536)
                if not piece:
                    del streams[stream]
                    continue
                streams[stream] += piece
                if stream is process.stdout:
                    if echo is not None:
                        echo.write(piece)
                        echo.flush()
                    if on_output:
                        on_output(process, bytes(console))
    finally:
        _end(process)
    seconds = time.monotonic() - start
    if timed_out:
        return Outcome(STATUS_TIMEOUT, "timeout", bytes(console), seconds,
                       f"no end within {timeout:g} s")
    return _judge(bytes(console), nonce, seconds, bytes(complaint), process.returncode)


def _end(process):
    """Ends the monitor if it still runs, and reaps it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(2)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
    for stream in (process.stdout, process.stderr):
        stream.close()


def _judge(console, nonce, seconds, complaint, returncode):
    """The outcome by the last console record."""
    lines = [line for line in console.split(b"\n") if line.strip()]
    record = _RECORD.search(lines[-1]) if lines else None
    if record and (nonce is None or (record[3] or b"").decode() == nonce):
        if record[1] is not None:
            return Outcome(int(record[1]) & 255, "exit", console, seconds)
        return Outcome(STATUS_PANIC, "panic", console, seconds, record[2].decode())
    said = complaint.decode(errors="replace").strip()
    if returncode not in (0, None) and said and not console:
        raise Mistake(f"the monitor failed: {said}", status=STATUS_NO_RECORD)
    return Outcome(STATUS_NO_RECORD, "no-record", console, seconds,
                   said or ("the last line is no status record" if lines else "it wrote nothing"))


def run_cell(configured, arguments):
    """`make run`: boots the cell on this terminal; its status, then what it was."""
    cell, memory = configured.cell, arguments.mem or "128M"
    check_memory(cell, memory)
    accelerator, why = pick_accelerator(cell.arch)
    print(why, file=sys.stderr)
    nonce = secrets.token_hex(4)
    command = command_line(cell, accelerator, memory=memory,
                           cpus=arguments.cpus or "1", machine=arguments.machine,
                           words=_words(arguments, nonce))
    if arguments.verbose:
        print(" ".join(command), file=sys.stderr)
    timeout = _seconds(arguments.timeout)
    with _terminal():
        outcome = boot(command, nonce, timeout, echo=sys.stdout.buffer)
    if outcome.console and not outcome.console.endswith(b"\n"):
        print()
    _explain(configured, outcome, command)
    return outcome.status


def _seconds(text):
    if text is None:
        return 0
    try:
        return float(text)
    except ValueError:
        raise Mistake(f"TIMEOUT={text} is no number of seconds") from None


def _words(arguments, nonce):
    words = f"shutdown.nonce={nonce}"
    if arguments.cmdline:
        words += " " + arguments.cmdline
    if arguments.args:
        words += " -- " + arguments.args
    return words


@contextlib.contextmanager
def _terminal():
    """Gives the terminal back as it was, whatever the monitor did to it."""
    saved = None
    if sys.stdin.isatty():
        import termios
        saved = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        if saved is not None:
            import termios
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, saved)


def _explain(configured, outcome, command):
    """After the console: how it ended, what it was, what to try next."""
    cell, composition = configured.cell, configured.composition
    say = lambda text: print(text, file=sys.stderr)
    if outcome.kind == "panic":
        for line in backtraces(outcome.console.decode(errors="replace"),
                               lambda _: Symbols(cell.symbols)):
            say(line)
        say(f"the image panicked (status {STATUS_PANIC}); all that a report of it needs is in "
            f"{relative(crash.write(configured, outcome, command))}")
    elif outcome.kind == "no-record":
        say(f"the image ended without a status record (status {STATUS_NO_RECORD}): {outcome.detail}")
    elif outcome.kind == "timeout":
        say(f"{outcome.detail} (status {STATUS_TIMEOUT}): ended by the runner")
    names = ", ".join(library.name for library in composition.libraries)
    say(f"\n{cell.name}: {cell.image.stat().st_size:,} bytes, {outcome.seconds:.2f} s from start "
        f"to end of the monitor, {len(composition.libraries)} micro-libraries: {names}")
    other = "arm64" if cell.arch == "x86_64" else "x86_64"
    say(f"next: make run ARCH={other}, make menuconfig, make size, make why LIB=alloc")
