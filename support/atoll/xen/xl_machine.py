# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The machine `xl`: an image as a guest that the toolstack creates, in a boot of its own."""

import os
import select
import sys
import time

from .. import machines
from ..launch import Launch, Serial
from ..ports import cache
from . import prepare
from .toolstack import VIF, Toolstack, ramdisk

_NAME, _RAM_DISK = "guest", "ram_disk"
_LOOK = 2    # seconds that one question to dom0 may take; input waits for so long


class _Console(Serial):
    relays = True


class XlLaunch(Launch):
    """One boot to come, of dom0 and the guest in it."""

    def __init__(self, cell, memory, cpus, words, devices):
        # What a report says that it ran under.
        super().__init__([machines.program(cell.arch), "with Xen, Linux as dom0, and xl"], _Console)
        prepare.toolstack(cell.arch)   # may take minutes, which are not the boot's
        self.cell, self.memory, self.cpus, self.words = cell, memory, cpus, words
        self.interface = devices.interfaces[0] if devices.interfaces else None
        self.ram_disk = devices.ram_disk

    def start(self, interactive, log=None):
        """Starts QEMU; the guest comes when output() is asked for."""
        return _Session(self, interactive, log)


class _Session:
    """Behaves as a Monitor does."""

    def __init__(self, launch, interactive, log):
        self.console, self.complaint = launch.console(), b""
        self._launch, self._log = launch, log
        self._input = [sys.stdin] if interactive else []
        files = {_NAME: launch.cell.image}
        self._extra = [VIF] if launch.interface else []
        if launch.ram_disk:
            files[_RAM_DISK] = launch.ram_disk
            self._extra.append(ramdisk(_RAM_DISK))
        self._xen = Toolstack(launch.cell.arch, files, memory=(2 * launch.memory + 64) << 20,
                              cpus=launch.cpus, interface=launch.interface)

    @property
    def process(self):
        """QEMU's."""
        return self._xen.process

    def __enter__(self):
        if self._input:
            cache.say("starting Xen, and Linux as its dom0")
        self._xen.__enter__()
        return self

    def __exit__(self, *how):
        if self._log:
            self._log.write(self._xen.log)
        self._xen.__exit__(*how)

    def interrogate(self):
        """Nothing more is known of a guest that does not end: the console shares no line with
        Xen."""
        return b""

    def output(self, deadline):
        """What the guest writes, until it has ended."""
        launch = self._launch
        guest = self._xen.create(_NAME, _NAME, words=launch.words, memory=launch.memory,
                                 vcpus=launch.cpus, extra="\n".join(self._extra))
        end = "running"
        while end == "running":
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError
            piece, end = guest.more(_LOOK)
            yield piece.replace(b"\r\n", b"\n")
            self._relay(guest)
        self.console.ended = True
        self.console.reason = f"the domain's end is a {end}"

    def _relay(self, guest):
        while self._input and select.select(self._input, [], [], 0)[0]:
            typed = os.read(self._input[0].fileno(), 512)
            if not typed:
                self._input = []
                return
            guest.type(typed)
