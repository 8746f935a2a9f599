# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Boots an image, shows its console, and turns its status record into an exit status."""

import contextlib
import dataclasses
import re
import secrets
import sys
import time

from . import crash
from .accelerator import pick_for
from .errors import Mistake, relative
from .launch import Launch
from .machines import check_memory, launch
from .network import devices
from .symbolize import Symbols, backtraces

# Exit statuses of the runner where the program has none of its own.
STATUS_PANIC = 101
STATUS_NO_RECORD = 102
STATUS_TIMEOUT = 124

_DELIVERED_TWICE = b"panic: an interrupt came while interrupts were masked"
_RECORD = re.compile(rb"atoll: (?:exit (\d+)|panic ([0-9a-f]+))(?: ([0-9a-f]+))?\r?$")


@dataclasses.dataclass
class Outcome:
    """How one boot ended."""

    status: int            # what the program, or the runner in its stead, exits with
    kind: str              # exit, panic, no-record, timeout
    console: bytes         # everything the image wrote
    seconds: float
    detail: str = ""
    told: str = ""         # after a timeout: what a hypervisor below told of all CPUs


def boot(what, nonce=None, timeout=60.0, echo=None, on_output=None, log=None):
    """Boots `what`, a Launch or a plain command, until the image or its monitor ends,
    or `timeout` seconds have passed.

    `echo` is a binary stream that gets the console as it comes, `log` one for all that the
    monitor writes; `on_output` is called with (process, console so far) after each piece.
    The monitor is ended also when this function is interrupted.
    """
    start, console, timed_out, told = time.monotonic(), bytearray(), False, b""
    made = what if isinstance(what, Launch) else Launch(what)
    with made.start(echo is not None, log) as monitor:
        try:
            for piece in monitor.output(start + timeout if timeout else None):
                console += piece
                if echo is not None:
                    echo.write(piece)
                    echo.flush()
                if on_output:
                    on_output(monitor.process, bytes(console))
        except TimeoutError:
            timed_out, told = True, monitor.interrogate()
    seconds = time.monotonic() - start
    if timed_out:
        return Outcome(STATUS_TIMEOUT, "timeout", bytes(console), seconds,
                       f"no end within {timeout:g} s", told.decode(errors="replace"))
    status = 0 if monitor.console.ended else monitor.process.returncode
    return _judge(bytes(console), nonce, seconds, status,
                  monitor.console.reason or monitor.complaint.decode(errors="replace").strip())


def delivered_twice(plat, arch, console):
    """Whether an image's `console` has what it says where QEMU delivered an interrupt twice: a
    fault that docs/xen.md describes, and that no image can cause."""
    return (plat, arch) == ("xen", "x86_64") and _DELIVERED_TWICE in console


def boot_again_if_delivered_twice(cell, launching, **how):
    """boot(launching(), **how) for tests, and once more, twice at most, where QEMU
    delivered_twice()."""
    outcome = boot(launching(), **how)
    for _ in range(2):
        if outcome.kind != "panic" or not delivered_twice(cell.plat, cell.arch, outcome.console):
            break
        print("QEMU delivered an interrupt twice (docs/xen.md): booting again", file=sys.stderr)
        outcome = boot(launching(), **how)
    return outcome


def _judge(console, nonce, seconds, returncode, said):
    """The outcome by the last console record; `said` is what the monitor or a hypervisor
    said of the end."""
    lines = [line for line in console.split(b"\n") if line.strip()]
    record = _RECORD.search(lines[-1]) if lines else None
    if record and (nonce is None or (record[3] or b"").decode() == nonce):
        if record[1] is not None:
            return Outcome(int(record[1]) & 255, "exit", console, seconds)
        return Outcome(STATUS_PANIC, "panic", console, seconds, record[2].decode())
    if returncode not in (0, None) and said and not console:
        raise Mistake(f"the monitor failed: {said}", status=STATUS_NO_RECORD)
    return Outcome(STATUS_NO_RECORD, "no-record", console, seconds,
                   said or ("the last line is no status record" if lines else "it wrote nothing"))


def run_cell(configured, arguments):
    """`make run`: boots the cell on this terminal; its status, then what it was."""
    cell, memory = configured.cell, arguments.mem or "128M"
    check_memory(cell, memory)
    accelerator, why = pick_for(cell)
    print(why, file=sys.stderr)
    nonce = secrets.token_hex(4)
    _note_cpus(configured, arguments.cpus or "1")
    timeout = _seconds(arguments.timeout)
    with devices(arguments, cell.plat) as given:
        made = launch(cell, accelerator, memory=memory, cpus=arguments.cpus or "1",
                      machine=arguments.machine, words=_words(arguments, nonce), devices=given)
        if arguments.verbose:
            print(" ".join(made.command), file=sys.stderr)
        with _terminal(made.console.relays), _log_of(cell, made) as log:
            outcome = boot(made, nonce, timeout, echo=sys.stdout.buffer, log=log)
    if outcome.console and not outcome.console.endswith(b"\n"):
        print()
    _explain(configured, outcome, made)
    return outcome.status


def _note_cpus(configured, cpus):
    """Says where the machine gets more CPUs than the image uses."""
    most = int(configured.menu.value("ARCH_MAX_CPUS") or 1)
    if cpus.isdecimal() and int(cpus) > most:
        print(f"the image uses {most} of {cpus} CPUs: SET=\"LIB_SCHED_PREEMPT=y "
              f"ARCH_MAX_CPUS={cpus}\" uses them all", file=sys.stderr)


def _log_of(cell, made):
    """The file for all that the monitor writes, where that is more than the console."""
    if not made.log:
        return contextlib.nullcontext()
    return open(cell.directory / made.log, "wb")


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
def _terminal(relays):
    """Gives the terminal back as it was, whatever the monitor did to it. Where it is us who
    read it for the image, each key goes there at once, and is not shown by the terminal."""
    saved = None
    if sys.stdin.isatty():
        import termios
        saved = termios.tcgetattr(sys.stdin)
        if relays:
            changed = termios.tcgetattr(sys.stdin)
            changed[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)   # c_lflag
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, changed)
    try:
        yield
    finally:
        if saved is not None:
            import termios
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, saved)


def _explain(configured, outcome, made):
    """After the console: how it ended, what it was, what to try next."""
    cell, composition = configured.cell, configured.composition
    say = lambda text: print(text, file=sys.stderr)
    if outcome.kind == "panic":
        for line in backtraces(outcome.console.decode(errors="replace"),
                               lambda _: Symbols(cell.symbols)):
            say(line)
        say(f"the image panicked (status {STATUS_PANIC}); all that a report of it needs is in "
            f"{relative(crash.write(configured, outcome, made.command))}")
    elif outcome.kind == "no-record":
        say(f"the image ended without a status record (status {STATUS_NO_RECORD}): {outcome.detail}")
    elif outcome.kind == "timeout":
        say(f"{outcome.detail} (status {STATUS_TIMEOUT}): ended by the runner")
    if made.log and outcome.kind in ("no-record", "timeout"):
        say(f"all that Xen said is in {relative(cell.directory / made.log)}")
    names = ", ".join(library.name for library in composition.libraries)
    say(f"\n{cell.name}: {cell.image.stat().st_size:,} bytes, {outcome.seconds:.2f} s from start "
        f"to end of the monitor, {len(composition.libraries)} micro-libraries: {names}")
    other = "arm64" if cell.arch == "x86_64" else "x86_64"
    say(f"next: make run ARCH={other}, make menuconfig, make size, make why LIB=alloc")
