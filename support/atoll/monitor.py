# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""A monitor that runs: its output as it comes, its input, its end."""

import ctypes
import os
import select
import signal
import subprocess
import sys
import time

_LIBC = ctypes.CDLL(None)
_PARENT_DEATH = 1   # PR_SET_PDEATHSIG (prctl(2))


def end_with_us():
    """Run in a new process: the kernel ends it where we die before we can end it."""
    _LIBC.prctl(_PARENT_DEATH, signal.SIGKILL)


class Monitor:
    """Runs what a Launch says. Leaving it ends the monitor, should it still run."""

    def __init__(self, launch, interactive, log=None):
        """An `interactive` one has standard input; `log` is a binary stream for all that
        the monitor writes."""
        self.console, self._log = launch.console(), log
        relays = self.console.relays
        own = None if interactive else subprocess.DEVNULL
        # A session of its own: ctrl-C is not meant for a monitor that does not have the
        # terminal.
        self.process = subprocess.Popen(launch.command, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE,
                                        stdin=subprocess.PIPE if relays else own,
                                        start_new_session=relays or not interactive,
                                        pass_fds=launch.descriptors,
                                        preexec_fn=end_with_us)
        self.console.work = self._work
        self._files = launch.files   # which must live as long
        self.complaint = bytearray()
        self._sources = {self.process.stdout, self.process.stderr}
        if relays and interactive:
            self._sources.add(sys.stdin)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        process = self.process
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(2)
            except subprocess.TimeoutExpired:
                process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                try:
                    stream.close()
                except BrokenPipeError:
                    pass   # input that it has not read

    def output(self, deadline):
        """What the image writes, piece by piece, until it or the monitor has ended;
        TimeoutError at the time `deadline` (None for never)."""
        while self._sources & {self.process.stdout, self.process.stderr}:
            for stream in self._ready(deadline):
                piece = os.read(stream.fileno(), 65536)
                if not piece:
                    self._sources.discard(stream)
                elif stream is self.process.stdout:
                    yield self._heard(piece)
                elif stream is self.process.stderr:
                    self.complaint += piece
                else:
                    self.console.type(piece)
            if self.console.ended:
                break
            if (due := self._due()) is not None and due <= time.monotonic():
                self._send(self.console.send())
        yield self.console.finish()

    def interrogate(self, patience=0.5):
        """What the console's questions() are answered, `patience` seconds after each: of an
        image that does not end, before it is ended."""
        answer = bytearray()
        for question in self.console.questions():
            self._send(question)
            end = time.monotonic() + patience
            while (left := end - time.monotonic()) > 0:
                if not select.select([self.process.stdout], [], [], left)[0]:
                    break
                piece = os.read(self.process.stdout.fileno(), 65536)
                if not piece:
                    return bytes(answer)
                if self._log:
                    self._log.write(piece)
                answer += piece
        return bytes(answer)

    def _ready(self, deadline):
        """The streams that have something, after waiting for as long as there is nothing
        to do."""
        now = time.monotonic()
        if deadline is not None and now >= deadline:
            raise TimeoutError
        times = [one for one in (deadline, self._due()) if one is not None]
        return select.select(self._sources, [], [], max(0, min(times) - now) if times else None)[0]

    def _work(self):
        """Its CPU time in seconds (utime and stime, proc(5)); 0 once it has ended."""
        try:
            with open(f"/proc/{self.process.pid}/stat", "rb") as stat:
                fields = stat.read().rpartition(b")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _due(self):
        return self.console.due() if self.console.relays else None

    def _heard(self, piece):
        if self._log:
            self._log.write(piece)
        return self.console.feed(piece)

    def _send(self, data):
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass   # the monitor has ended, as its output will say
