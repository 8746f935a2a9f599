# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The image's console out of what Xen writes to its serial line, where Xen's own messages
are in between (xen/drivers/char/console.c)."""

import re
import time

from ..launch import Serial

# Three times this moves Xen's input on to the next domain, and Xen itself after the last.
_SWITCH = b"\x01"
# Xen's buffers are small, and what is too much is dropped.
_PORTION, _PAUSE = 16, 0.01   # bytes, seconds

# What Xen says when it ends: itself, or because its first domain has ended
# (xen/common/shutdown.c).
_END = re.compile(rb"\(XEN\) (Hardware Dom0 .*|Panic on CPU .*)")
_MESSAGE = re.compile(rb"\((?:XEN|d\d+(?:v\d+)?)\) ")
_BEGINNING = re.compile(rb"\((?:X(?:E(?:N\)?)?)?|d(?:\d+(?:v\d*)?\)?)?)?\Z")


class _Xen(Serial):
    """What both kinds have: input, in portions that Xen does not drop."""

    relays = True

    def __init__(self, now=time.monotonic):
        self._now = now
        self._held = b""
        self._begun = False     # whether Xen has started the domain
        self._typed = b""
        self._waiting = None    # until when nothing is to be sent

    def type(self, data):
        """Takes input for the image."""
        self._typed += data.replace(_SWITCH, b"")

    def due(self):
        """When to send(), by the clock; None for never."""
        return (self._waiting or 0.0) if self._typed and self._begun else None

    def send(self):
        """The bytes to send to the monitor when that time has come."""
        some, self._typed = self._typed[:_PORTION], self._typed[_PORTION:]
        self._waiting = self._now() + _PAUSE
        return some

    def questions(self):
        """Xen's debug keys for the registers of all CPUs and for the domains."""
        return (*self._to_xen(), b"d", b"q") if self._begun else ()

    def _to_xen(self):
        return (_SWITCH * 3,)


class Dom0(_Xen):
    """Of an image that is Xen's first domain: what it writes appears as it is, and Xen's
    messages in the middle of it. Text of the image that looks like one is lost."""

    def feed(self, piece):
        """What the image wrote."""
        data = self._held + piece
        written = bytearray()
        while True:
            found = _MESSAGE.search(data)
            if found is None:
                break
            end = data.find(b"\n", found.end())
            if end < 0:
                break
            written += self._own(data[:found.start()])
            self._message(data[found.start():end].rstrip(b"\r"))
            data = data[end + 1:]
        # A message that has not come to its end, or what may become one, or half a line end.
        whole = found.start() if found else len(data) - _held_back(data)
        self._held = data[whole:]
        written += self._own(data[:whole])
        return bytes(written)

    def finish(self):
        """The end of the output: nothing more makes a message of what was held back."""
        rest, self._held = self._held, b""
        return b"" if _MESSAGE.match(rest) else self._own(rest)

    def _own(self, text):
        # Xen puts a carriage return before each line feed.
        return text.replace(b"\r\n", b"\n") if self._begun else b""

    def _message(self, line):
        if b" init memory" in line:
            self._begun = True   # the last thing that Xen says before it runs the domain
        if found := _END.match(line):
            self.ended, self.reason = True, found[1].decode(errors="replace")



def _held_back(data):
    """How many bytes at the end of `data` may belong to what follows."""
    if found := _BEGINNING.search(data):
        return len(data) - found.start()
    return 1 if data.endswith(b"\r") else 0


_FOCUS = re.compile(rb"\*\*\* Serial input to (\w+)")
_LINE = re.compile(rb"\(XEN\) DOM1: ?(.*)")
_VCPU = re.compile(rb"\(XEN\)\s+pause_count=(\d+) pause_flags=")
_ANSWERED = b"(XEN) Notifying guest 1:"
_RECORD = re.compile(rb"^atoll: (exit|panic) .*\n\Z", re.MULTILINE)
# A longer line of the image comes in pieces of this size (xen/arch/arm/vpl011.c).
_PIECE = 126


class Dom0less(_Xen):
    """Of a domain that Xen starts by itself, with an emulated UART: each line appears
    behind `DOM1: `, or each character as soon as it is written where the domain has Xen's
    input.

    Nobody hears when such a domain ends. So Xen is asked: its debug key `q` shows whether
    the domain's CPUs are stopped for good. It walks lists of each CPU's interrupts without
    their lock (gic_dump_vgic_info() in xen/arch/arm/gic-vgic.c), for ever where one changes
    meanwhile. So it is asked behind a status record, or of a domain that is silent and does
    nothing."""

    # Seconds: of silence until Xen is asked, twice as much after each answer that says
    # nothing new, up to the most; of silence behind a status record; for an answer.
    silence, most, soon, patience = 1.0, 32.0, 0.02, 0.25
    # The part of one CPU that Xen may use in the second half of the silence.
    idle = 0.1

    @classmethod
    def patient(cls):
        """Asks behind a status record only: what is asked of a Xen that is stopped piles
        up."""
        return _Patient

    def __init__(self, now=time.monotonic):
        super().__init__(now)
        self._focus = b"Xen"
        self._asking, self._stopped = False, []    # what the answer says of each CPU
        self._heard, self._asked = now(), float("-inf")
        self._silence = self.silence
        self._halfway = float("-inf"), 0.0         # when, and the work so far, in a silence
        self._last = b""                           # the end of what the image wrote

    def feed(self, piece):
        """What the image wrote."""
        data = self._held + piece
        written = bytearray()
        while (end := data.find(b"\n")) >= 0:
            written += self._line(data[:end].rstrip(b"\r"), b"\n")
            data = data[end + 1:]
        if self._focus == b"DOM1" and not _may_be_message(data):
            written += self._line(data.rstrip(b"\r"), b"")
            data = data[len(data.rstrip(b"\r")):]
        self._held = data
        if written:
            self._heard, self._silence = self._now(), self.silence
            self._last = (self._last + written)[-256:]
        return bytes(written)

    def _line(self, text, end):
        """What the image wrote, in a line of Xen's that ends with `end`."""
        # Behind the half of one of Xen's own, too, which it writes in pieces.
        if found := (_LINE.search if self._focus == b"Xen" else _LINE.match)(text):
            return found[1] + (b"" if len(found[1]) == _PIECE else b"\n")
        if found := _FOCUS.search(text):
            self._focus, self._waiting = found[1], None
        elif self._focus == b"DOM1" and self._begun:
            return b"" if text.startswith(b"(d1) ") else text.removeprefix(b"(XEN) ") + end
        elif self._asking:
            self._answer(text)
        elif found := _END.match(text):
            self.ended, self.reason = True, found[1].decode(errors="replace")
        elif b"crash" in text:
            self.reason = text.removeprefix(b"(XEN) ").decode(errors="replace")
        self._begun = self._begun or b" init memory" in text
        return b""

    def _answer(self, text):
        if found := _VCPU.match(text):
            self._stopped.append(int(found[1]) > 0)
        elif text.startswith(_ANSWERED):
            self.ended = bool(self._stopped) and all(self._stopped)
            self._asking, self._stopped, self._waiting = False, [], None
            self._asked, self._silence = self._now(), min(self._silence * 2, self.most)

    def finish(self):
        """The end of the output."""
        rest, self._held = self._held, b""
        return self._line(rest.rstrip(b"\r"), b"") if rest else b""

    def due(self):
        """When to send()."""
        if not self._begun:
            return None
        if self._waiting is not None:
            return self._waiting
        if self._typed or self._asking:
            return 0.0
        silent = max(self._heard, self._asked)
        if self._wrote_record():
            return silent + self.soon
        return silent + self._silence / (2 if self._halfway[0] <= silent else 1)

    def send(self):
        """The bytes to send when that time has come."""
        if self._typed:
            self._asking, wanted = False, b"DOM1"
        elif not (self._asking or self._wrote_record() or self._rests()):
            return b""
        else:
            self._asking, wanted = True, b"Xen"
        self._stopped = []
        if self._focus == wanted and self._typed:
            return super().send()
        self._waiting = self._now() + self.patience
        return b"q" if self._focus == wanted else _SWITCH * 3

    def _to_xen(self):
        return () if self._focus == b"Xen" else super()._to_xen()

    def _wrote_record(self):
        return _RECORD.search(self._last) is not None

    def _rests(self):
        """Whether the domain has done nothing in the second half of a silence, at whose end
        this is called; in its middle too, where the answer is no."""
        now, work = self._now(), self.work()
        since, before = self._halfway
        if since <= max(self._heard, self._asked):
            self._halfway = now, work
            return False
        if work - before <= self.idle * (now - since):
            return True
        self._asked = now   # as good as an answer
        return False


class _Patient(Dom0less):
    silence = most = 7 * 24 * 3600
    patience = 5.0


def _may_be_message(line):
    """Whether the beginning of a line may become a notice of Xen's, or its prefix."""
    return any(known.startswith(line[:len(known)]) for known in
               (b"(XEN) *** Serial input", b"(XEN) DOM1: ", b"(d1) "))
