# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Scripts for dom0 and their answers, over a serial line that Xen and Linux write to as
well. dom0/serve.sh is the other end and tells the form.

What travels is base64, so that any byte gets through, and that what Xen writes in the
middle of it, `(XEN) ...` up to the end of a line, can be told apart. Its length tells
whether all of it got through."""

import base64
import binascii
import re

READY = b"@ready"
AGAIN = b"?\n"
# The status of a script that took too long.
TIMED_OUT = 137
# Xen's buffer for input is small: a line is sent when the one before it is confirmed.
_WIDTH = 76

_MESSAGE = re.compile(rb"\((?:XEN|d\d+(?:v\d+)?)\) [^\n]*\n")


class Damaged(Exception):
    """An answer, or the script on its way there, lost something."""


def request(number, script, seconds):
    """The lines that have the script run for at most `seconds`, each with what confirms
    it."""
    text = base64.b64encode(script.encode(errors="surrogateescape")).decode()
    lines = [text[at:at + _WIDTH] for at in range(0, len(text), _WIDTH)]
    numbered = [(f"+{at} {line}\n".encode(), f"@+{at}".encode())
                for at, line in enumerate(lines, 1)]
    return [*numbered, (f"!{number} {seconds} {len(text)}\n".encode(), f"@>{number}".encode())]


class Lines:
    """Whole lines of what dom0 writes, without what Xen writes."""

    def __init__(self):
        self._held = b""

    def feed(self, piece):
        """The lines that `piece` completes."""
        data = _MESSAGE.sub(b"", self._held + piece.replace(b"\r", b""))
        whole = data.rfind(b"\n") + 1
        self._held = data[whole:]
        return data[:whole].split(b"\n")[:-1]


class Answer:
    """Collects the answer to the script `number`."""

    def __init__(self, number):
        self._number = number
        self._text = []

    def feed(self, line):
        """(status, output) when `line` ends the answer, else None. Damaged where
        something is missing."""
        if line.startswith(b"@="):
            self._text.append(line[2:])
            return None
        found = re.fullmatch(rb"@!(\d+) (\d+|damaged) (\d+)", line)
        if found is None:
            return None
        text, self._text = b"".join(self._text), []
        if int(found[1]) != self._number:
            return None
        if found[2] == b"damaged":
            raise Damaged("the script")
        try:
            output = base64.b64decode(text, validate=True)
        except binascii.Error:
            raise Damaged("the answer") from None
        if len(text) != int(found[3]):
            raise Damaged("the answer")
        return int(found[2]), output
