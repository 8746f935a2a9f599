# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What it takes to boot an image once: the monitor's command, and how the monitor's output
becomes the image's console."""

import dataclasses
import shutil
import tempfile
import weakref
from pathlib import Path

from .monitor import Monitor


class Serial:
    """The monitor's output is the console. It reads the terminal itself, and ends with
    the image."""

    relays = False    # whether input goes through type(), and the monitor's end hangs on us
    ended = False     # whether the image has ended, though the monitor goes on
    reason = ""       # what a hypervisor below the image said about that

    @staticmethod
    def work():
        """How long the monitor has computed, in seconds; of one that runs, Monitor says it."""
        return 0.0

    @staticmethod
    def questions():
        """What to send, piece by piece, so that a hypervisor below the image tells what it
        does; the end is near, and nothing need go on behind that."""
        return ()

    @classmethod
    def patient(cls):
        """The same for an image that a debugger may stop at any time."""
        return cls

    def feed(self, piece):
        """What the image wrote, out of the next `piece` of the monitor's output."""
        return piece

    def finish(self):
        """The same for the output's end."""
        return b""


class Files:
    """A folder for what one boot needs, there for as long as this object is."""

    def __init__(self):
        self.path = Path(tempfile.mkdtemp(prefix="atoll-boot-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclasses.dataclass
class Launch:
    """One boot to come."""

    command: list
    console: type = Serial       # makes what reads the monitor's output
    files: Files = None          # what the command names
    log: str = ""                # the file beside the image for all that the monitor wrote
    descriptors: tuple = ()      # what the monitor inherits

    def start(self, interactive, log=None):
        """Starts the monitor: a context manager like Monitor."""
        return Monitor(self, interactive, log)
