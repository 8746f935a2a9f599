# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make debug`: the image in an emulator that waits for gdb, and gdb at the image's first
instruction."""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import types
from pathlib import Path

from . import elf, machines
from .build import Configured, Request, build
from .cell import root
from .errors import Mistake, relative
from .library_test import configure_with, tests_of, words_for
from .network import devices
from .toolchain import machine

_ARCHITECTURES = {"x86_64": "i386:x86-64", "arm64": "aarch64"}


def debug(arguments):
    """Runs gdb on this terminal, which also shows the console; gdb's status."""
    configured, words = _configured(arguments)
    cell = build(configured)
    program = _gdb(cell.arch)
    with tempfile.TemporaryDirectory(prefix="atoll-debug-") as folder, \
         devices(arguments, cell.plat) as given:
        socket = os.path.join(folder, "gdb")
        launch = machines.launch(
            cell, "tcg", memory=arguments.mem or "128M", cpus=arguments.cpus or "1",
            machine=arguments.machine, words=words, devices=given,
            extra=["-S", "-gdb", f"unix:{socket},server=on,wait=off"])
        launch.console = launch.console.patient()
        between = machines.platform(cell.plat).debug_stub(cell, launch, Path(folder), socket)
        with launch.start(interactive=False) as monitor:
            shown = threading.Thread(target=_show, args=(monitor,), daemon=True)
            shown.start()
            _wait_for(socket, monitor)
            try:
                place = between() if between else socket
                return _run([program, *_script(configured, place),
                             *shlex.split(arguments.gdb or "")])
            finally:
                monitor.process.kill()
                shown.join()


def _configured(arguments):
    """What to boot, and its command line: the cell, or the tests of LIB_TEST."""
    words = arguments.cmdline or ""
    if not arguments.lib_test:
        return Configured(Request(arguments)), words + f" -- {arguments.args or ''}"
    tree = Request(arguments).tree
    if arguments.lib_test not in tree.libraries and arguments.lib_test not in tree.interfaces:
        raise Mistake(f"there is no library {arguments.lib_test}")

    def configure(settings):
        asked = vars(arguments) | {"app": "vm_tests",
                                   "set": f"{arguments.set or ''} {settings}".strip()}
        return Configured(Request(types.SimpleNamespace(**asked)), quiet=True)

    configured = configure_with(arguments.lib_test, configure)
    tests = configured and tests_of(configured.composition, arguments.lib_test)
    if not tests:
        raise Mistake(f"{arguments.lib_test} has no test that runs in an image of this cell")
    return configured, f"{words_for(tests)} {words}"


def _show(monitor):
    """The console, until the image has ended, and the monitor with it."""
    for piece in monitor.output(None):
        sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    monitor.process.kill()


def _wait_for(socket, monitor):
    """Until the monitor listens on its socket."""
    deadline = time.monotonic() + 30
    while not _listens(socket):
        if monitor.process.poll() is not None or time.monotonic() > deadline:
            said = monitor.complaint.decode(errors="replace").strip()
            raise Mistake(f"the monitor did not start: {said or 'it says nothing'}", status=1)
        time.sleep(0.02)


def _listens(path):
    """Whether a process listens on that socket: the flag __SO_ACCEPTCON (proc(5),
    /proc/net/unix). Connecting to see would be the debugger's one connection."""
    with open("/proc/net/unix", encoding="utf-8", errors="replace") as lines:
        rows = [line.split() for line in lines]
    return any(row[-1] == path and int(row[3], 16) & 0x10000 for row in rows[1:])


def _gdb(arch):
    wanted = ["gdb-multiarch"] + (["gdb"] if machine() == arch else [])
    for name in wanted:
        if shutil.which(name):
            return name
    raise Mistake("gdb-multiarch is not installed; `make prerequisites` lists and installs what "
                  "Atoll needs")


def _script(configured, socket):
    """gdb's arguments up to the image's first instruction."""
    cell, folder = configured.cell, root() / "support" / "gdb"
    start = f"atoll-start {cell.symbols} {elf.link_base(cell.symbols):#x}"
    first = machines.platform(cell.plat).first_byte(cell)
    if first is not None:
        start += f" {first:#x}"
    own = [path for part in configured.composition.parts
           if os.path.exists(path := os.path.join(part.directory, "gdb.py"))]
    commands = ["set confirm off", "set pagination off" if not sys.stdin.isatty() else "",
                f"directory {root()}", f"directory {cell.directory}",
                f"set architecture {_ARCHITECTURES[cell.arch]}",
                # gdb asks again after two seconds, and takes the second answer for that to
                # its next question; on a busy machine they pass.
                "set remotetimeout 60", f"target remote {socket}",
                f"python import sys; sys.path.insert(0, '{folder}'); import atoll_gdb",
                *(f"source {path}" for path in own), start]
    return ["-q", "-nx", *(word for text in commands if text for word in ("-ex", text))]


def _run(command):
    print(f"gdb: the image is stopped at its first instruction; `continue` runs it "
          f"({relative(root() / 'docs' / 'debugging.md')})", file=sys.stderr)
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(command, env=environment) as gdb:
        while True:
            try:
                return gdb.wait()
            except KeyboardInterrupt:
                pass   # ctrl-C is gdb's: it stops the guest
            except BaseException:
                gdb.kill()
                raise
