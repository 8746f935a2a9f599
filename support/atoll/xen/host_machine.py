# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The machine `host`: an image as a guest of the Xen that this very machine runs on."""

import contextlib
import os
import secrets
import shutil
import subprocess

from ..errors import Mistake
from ..launch import Files, Launch
from ..toolchain import machine
from .xl_config import xl_config

_SECONDS = 30    # that xl may take for a word


def tool():
    """xl, where it speaks to a Xen; Mistake where it does not."""
    found = shutil.which("xl", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if found is None:
        raise Mistake("xl is not installed: MACHINE=host and XEN=1 are for the first domain of "
                      "a Xen host, whose toolstack it is")
    done = subprocess.run([found, "info", "xen_version"], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise Mistake("xl finds no Xen that it may command: run this in the first domain of a "
                      f"Xen host, as root ({done.stderr.strip() or 'xl says nothing'})")
    return found


class HostLaunch(Launch):
    """One boot to come."""

    def __init__(self, cell, memory, cpus, words):
        if cell.arch != machine():
            raise Mistake(f"{cell.name} is for {cell.arch}, this machine is {machine()}: "
                          "MACHINE=host runs images of its own architecture")
        self._tool, self._domain = tool(), f"atoll-{secrets.token_hex(4)}"
        files = Files()
        place = files.path / "guest.cfg"
        place.write_text(xl_config(cell.arch, self._domain, str(cell.image.resolve()), words,
                                   memory=memory, vcpus=cpus, at_end="destroy") + "\n",
                         encoding="utf-8")
        # xl shows the console until the domain is gone.
        super().__init__([self._tool, "create", "-qc", str(place)], files=files)

    @contextlib.contextmanager
    def start(self, interactive, log=None):
        """Starts the guest; none is left when the context ends."""
        try:
            with super().start(interactive, log) as monitor:
                yield monitor
        finally:
            # Gone already where it has ended by itself.
            subprocess.run([self._tool, "destroy", self._domain], capture_output=True,
                           timeout=_SECONDS, check=False)
