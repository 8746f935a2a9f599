# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What image tests share: composing a cell of the matrix, booting it, running make."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import types
import unittest
from pathlib import Path

from atoll import machines
from atoll.__main__ import VARIABLES
from atoll.build import Configured, Request, build
from atoll.cell import NO_CONFIGURATION, root
from atoll.devices import USUAL
from atoll.runner import boot_again_if_delivered_twice

PLAT = os.environ.get("ATOLL_TEST_PLAT", "kvm")
ARCH = os.environ.get("ATOLL_TEST_ARCH", "x86_64")
OUT = os.environ.get("ATOLL_TEST_OUT", str(root() / "build" / "tests" / "cells"))
HERE = Path(__file__).resolve().parent

# The user's own .config has no say in what is tested.
os.environ["KCONFIG_CONFIG"] = NO_CONFIGURATION


def configure(app, settings=None, plat=None, arch=None, libs=None, out=None):
    """The resolved configuration of `app` in the cell under test."""
    asked = arguments(app=str(app), plat=plat or PLAT, arch=arch or ARCH, set=settings,
                      out=out or OUT, libs=libs)
    return Configured(Request(asked), quiet=True)


def arguments(**given):
    """A command's variables, as make would hand them in."""
    return types.SimpleNamespace(**dict.fromkeys(VARIABLES) | given)


def compose(app, settings=None, **where):
    """Builds `app`; its cell. Different `settings` build in folders of their own."""
    if settings and "out" not in where:
        where["out"] = os.path.join(OUT, "set-" + "".join(c if c.isalnum() else "-"
                                                           for c in settings))
    return build(configure(app, settings, **where), quiet=True)


def run(cell, words="", timeout=60.0, memory="128M", machine=None, extra=(), on_output=None,
        accelerator="tcg", cpus="1", log=None, devices=USUAL):
    """Boots `cell` in software emulation; its Outcome. `log` gets all that the monitor
    writes."""
    return boot_again_if_delivered_twice(
        cell, lambda: machines.launch(cell, accelerator, memory=memory, cpus=cpus,
                                            machine=machine, words=words, extra=extra,
                                            devices=devices),
        timeout=timeout, on_output=on_output, log=log)


def press_power_button(path):
    """Asks the monitor behind the QMP socket `path`; returns once it has done so.

    QEMU's qmp-spec: a greeting, qmp_capabilities, then commands; events may stand
    between a command and its return.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(20)
        connection.connect(str(path))
        lines = connection.makefile("rw")
        for command in ("qmp_capabilities", "system_powerdown"):
            lines.write(json.dumps({"execute": command}) + "\n")
            lines.flush()
            while "return" not in (reply := json.loads(lines.readline())):
                if "error" in reply:
                    raise RuntimeError(f"{command}: {reply['error']['desc']}")


def make(*words, folder=None, timeout=600, **environment):
    """Runs `make` in the checkout (or `folder`); the finished process, output as text."""
    passed_on = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "PYTHONPATH", "TESTS_MATCHING", "O",
                 *VARIABLES.values())
    if folder:   # a tree of the test's own, with its own .config
        passed_on += ("KCONFIG_CONFIG",)
    inherited = {name: value for name, value in os.environ.items() if name not in passed_on}
    process = subprocess.Popen(["make", *words], cwd=folder or root(), text=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env=inherited | environment,
                               start_new_session=True)
    try:
        said, complained = process.communicate(timeout=timeout)
    except BaseException as stopped:
        # With all that make has started, but for the monitor of `make debug`.
        os.killpg(process.pid, signal.SIGKILL)
        said, complained = process.communicate()
        if isinstance(stopped, subprocess.TimeoutExpired):
            raise AssertionError(f"{stopped}; it had said:\n{said}\n{complained}") from None
        raise
    return subprocess.CompletedProcess(process.args, process.returncode, said, complained)


def why_no_namespaces():
    """Why this user cannot make network namespaces with taps; empty where it can."""
    if os.geteuid() != 0:
        return "making namespaces takes root"
    if subprocess.run(["unshare", "--net", "test", "-c", "/dev/net/tun"], check=False,
                      capture_output=True).returncode != 0:
        return "this root may make no namespaces, or there is no /dev/net/tun"
    return ""


class ImageTest(unittest.TestCase):
    """A test case with the assertions that boots need."""

    def run_and_stop(self, cell, words):
        """The Outcome of an image whose power button is pressed once it says `waiting`."""
        path = self.scratch() / "monitor"
        pressed = []

        def press(_process, console):
            if b"waiting" in console and not pressed:
                press_power_button(path)
                pressed.append(True)

        outcome = run(cell, words=words, machine="q35" if cell.arch == "x86_64" else None,
                      extra=["-qmp", f"unix:{path},server=on,wait=off"], on_output=press)
        self.assertTrue(pressed)
        return outcome

    def assert_exit(self, outcome, status=0):
        """The image ended by exit(status), and said so."""
        self.assertEqual((outcome.kind, outcome.status), ("exit", status),
                         f"{outcome.detail}\n{outcome.console.decode(errors='replace')}\n"
                         f"{outcome.told}")

    def assert_panic(self, outcome, text=""):
        """The image panicked with a message that has `text`."""
        said = outcome.console.decode(errors="replace")
        self.assertEqual(outcome.kind, "panic", f"{outcome.detail}\n{said}")
        self.assertIn(text, said)

    def copy_of_tree(self):
        """The checkout without what was built or configured in it, gone after the test."""
        return _copy_of_tree(self.scratch())

    def scratch(self):
        """A folder that is gone after the test."""
        return _scratch(self.addCleanup)

    @classmethod
    def class_copy_of_tree(cls):
        """The same, gone after the class's tests."""
        return _copy_of_tree(cls.class_scratch())

    @classmethod
    def class_scratch(cls):
        """A folder that is gone after the class's tests."""
        return _scratch(cls.addClassCleanup)


def _scratch(add_cleanup):
    folder = tempfile.TemporaryDirectory(prefix="atoll-test-")
    add_cleanup(folder.cleanup)
    return Path(folder.name)


def _copy_of_tree(folder):
    return Path(shutil.copytree(root(), folder / "atoll", symlinks=True,
                                ignore=shutil.ignore_patterns("build", ".git", ".config*")))
