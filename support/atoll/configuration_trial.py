# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""One configuration composed, built, booted and judged."""

import contextlib
import dataclasses
import os
import re
import shutil
import signal
import time
import traceback

from .accelerator import pick_for
from .build import Configured, Request, build, vm_test_files
from .devices import USUAL
from .errors import Mistake
from .generate import vm_test_names
from .machines import launch
from .runner import STATUS_PANIC, boot_again_if_delivered_twice

_SECONDS = 120
_CPUS = 2   # of the machine, where the image can run on several
_MEMORY = "256M"


@dataclasses.dataclass(frozen=True)
class Boot:
    """A command line, and what the image must do with it."""

    words: str = ""
    status: int = 0
    text: str = ""


# Of an app that is not named here: it ends with status 0.
_BOOTS = {
    "hello_cpp": [Boot("-- one", 0, "argument: one\n")],
    "helloworld": [Boot('env.STATUS=7 -- one "two words"', 7, "argument 2: two words\n")],
    "ends": [Boot("-- exit 9", 9), Boot("-- panic", STATUS_PANIC, "the test asked for it")],
    "libc_ends": [Boot("-- exit 7", 7, "registered second\nregistered first\ndestructor\n"),
                  Boot("-- buffered", 0, "line 998\nline 999\n")],
    "cpus_end": [Boot("", 7, "a line of a thread"), Boot("-- panic", STATUS_PANIC)],
    "netfn": [Boot("", 2, "there is no network interface")],
    "cpp_threads": [Boot("", 0, "spoken 12 times\nstopped: 1\n")],
    "pktgen": [Boot("-- send=net0 count=net1 cable packets=5000 window=64", 0, "all came back\n")],
}


@dataclasses.dataclass
class Verdict:
    """How a configuration fared."""

    configuration: object
    failure: str = ""                # one paragraph; empty where all is as it must be
    run: dict = dataclasses.field(default_factory=dict)       # variables of the last boot
    chosen: tuple = ()               # the libraries that have a place in the menu
    seconds: dict = dataclasses.field(default_factory=dict)   # by stage


class _Worker:
    """What a worker process knows of the command that it works for."""

    stopping = None


def enter_worker(stopping):
    """Makes this process a worker. Ctrl-C is for the command: it sets the event `stopping`,
    then interrupts each worker's group, once."""
    _Worker.stopping = stopping
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def attempt(configuration, folder, libraries):
    """The Verdict over `configuration`, built in `folder`, which stays where it fails,
    with all that was said in `log`."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if _Worker.stopping.is_set():   # only now: from here on an interruption is heard
        raise KeyboardInterrupt
    verdict = Verdict(configuration)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    try:
        with open(os.path.join(folder, "log"), "w", encoding="utf-8") as log, \
             contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
            _try(verdict, folder, libraries, log)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not verdict.failure:
        shutil.rmtree(folder, ignore_errors=True)
    return verdict


def _try(verdict, folder, libraries, log):
    stage = Stages(verdict.seconds)
    try:
        with stage("configure"):
            configured = configure(verdict.configuration, folder, libraries)
        verdict.chosen = tuple(part.name for part in configured.composition.libraries
                               if configured.menu.has_prompt(part.symbol))
        with stage("build"):
            build(configured)
        accelerator, _ = pick_for(configured.cell)
        cpus = min(_CPUS, int(configured.menu.value("ARCH_MAX_CPUS") or 1))
        for one in expected(configured):
            verdict.run = {"CPUS": cpus, "MEM": _MEMORY, "CMDLINE": one.words}
            with stage("boot"):
                verdict.failure, _ = boot_and_judge(
                    configured, one, log, accelerator=accelerator, cpus=cpus,
                    machine=verdict.configuration.machine or None)
            if verdict.failure:
                return
    except Mistake as mistake:
        log.flush()
        verdict.failure = _with_errors(str(mistake), log.name)
    except Exception as error:   # pylint: disable=broad-exception-caught
        traceback.print_exc(file=log)
        verdict.failure = f"the build itself failed: {type(error).__name__}: {error}"


class Stages:
    """Adds up the seconds of each stage."""

    def __init__(self, seconds):
        self.seconds = seconds

    @contextlib.contextmanager
    def __call__(self, name):
        begin = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0) + time.monotonic() - begin


def configure(configuration, folder, libraries):
    """The configuration resolved, as `make` does it for the same words."""
    from .__main__ import VARIABLES
    import types
    asked = types.SimpleNamespace(**dict.fromkeys(VARIABLES) | {
        "app": configuration.app, "plat": configuration.plat, "arch": configuration.arch,
        "set": configuration.settings, "out": folder, "libs": libraries})
    return Configured(Request(asked), quiet=True)


def expected(configured):
    """The boots of that image, each with what must come of it."""
    composition = configured.composition
    if "vm_test" in composition:
        tests = vm_test_names(vm_test_files(composition))
        return [Boot("", 0, f"] {len(tests)} tests ran.\n")]
    return _BOOTS.get(composition.app.name, [Boot()])


def boot_and_judge(configured, one, log, *, accelerator, cpus, machine):
    """Boots once as `one` says; (what is wrong with it, or nothing; the seconds it took)."""
    def launching():
        made = launch(configured.cell, accelerator, memory=_MEMORY, cpus=str(cpus),
                      machine=machine, words=one.words, devices=USUAL)
        log.write(f"{' '.join(made.command)}\n")
        return made

    outcome = boot_again_if_delivered_twice(configured.cell, launching, timeout=_SECONDS)
    said = outcome.console.decode(errors="replace").replace("\r\n", "\n")
    log.write(f"{said}\n")
    return _wrong(outcome, one, said), outcome.seconds


def _wrong(outcome, one, said):
    if outcome.status != one.status:
        end = outcome.detail if outcome.kind != "exit" else ""
        return _with_tail(f"status {outcome.status} ({outcome.kind}{end and ': ' + end}), "
                          f"not {one.status}", said)
    if one.text not in said:
        return _with_tail(f"the console lacks {one.text!r}", said)
    return ""


_TELLING = re.compile(r"Failure$|FAILED|^panic|error|assertion", re.IGNORECASE)


def _with_tail(text, said, lines=6):
    """`text` with the lines of `said` that tell most: the first about failures, or the last."""
    every = [line for line in said.splitlines() if line.strip()
             and not line.startswith("[") and " -c " not in line]   # ninja's, compilers' calls
    telling = [line for line in every if _TELLING.search(line)][:lines] or every[-lines:]
    return "\n    ".join([text, *(line[:300] for line in telling)])


def _with_errors(text, log):
    head, above, _ = text.partition(": see above")
    with open(log, encoding="utf-8", errors="replace") as said:
        return _with_tail(head, said.read()) if above else text
