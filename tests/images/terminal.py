# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""A pseudo-terminal with a command on it, driven by what it shows."""

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
import unittest

_CONTROL = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|\([AB0]|[=>])|\x0f")


class Terminal:
    """Leaving it ends the command, should it still run."""

    def __init__(self, words, rows=40, columns=120, **how):
        try:
            leader, follower = pty.openpty()
        except OSError as error:
            raise unittest.SkipTest(f"no pseudo-terminal here: {error}") from None
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(words, stdin=follower, stdout=follower, stderr=follower,
                                        start_new_session=True, **how)
        os.close(follower)
        self._leader, self.shown, self._seen = leader, "", 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._leader)

    def type(self, keys):
        """Sends `keys` as a keyboard would."""
        os.write(self._leader, keys.encode())

    def expect(self, text, seconds=60):
        """Waits until `text` is shown, after what was waited for before."""
        deadline = time.monotonic() + seconds
        while (at := self.shown.find(text, self._seen)) < 0:
            if not self._read(deadline - time.monotonic()):
                raise AssertionError(f"{text!r} did not appear; shown so far:\n{self.shown}")
        self._seen = at + len(text)

    def end(self, seconds=60):
        """Waits until the command ends; its status."""
        deadline = time.monotonic() + seconds
        while self._read(deadline - time.monotonic()):
            pass
        return self.process.wait(max(1, deadline - time.monotonic()))

    def _read(self, seconds):
        if seconds <= 0 or not select.select([self._leader], [], [], seconds)[0]:
            return False
        piece = b""
        with contextlib.suppress(OSError):   # EIO: the command has closed it
            piece = os.read(self._leader, 65536)
        self.shown += _CONTROL.sub("", piece.decode(errors="replace"))
        return bool(piece)
