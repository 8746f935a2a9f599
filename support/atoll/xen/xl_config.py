# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What xl is told about a guest (xl.cfg(5))."""

from ..errors import Mistake


def xl_config(arch, name, image, words, *, memory, vcpus, at_end, extra=""):
    """A configuration for xl: `memory` in MiB, `at_end` what becomes of a domain that has
    ended."""
    lines = [f"name = {_quoted(name)}",
             *(['type = "pvh"'] if arch == "x86_64" else []),
             f"kernel = {_quoted(image)}",
             f"cmdline = {_quoted(words)}",
             f"memory = {memory}",
             f"vcpus = {vcpus}",
             *(f'on_{end} = "{at_end}"' for end in ("poweroff", "reboot", "crash", "watchdog"))]
    return "\n".join([*lines, *([extra] if extra else [])])


def _quoted(text):
    """A string of xl's: it knows no escapes but the other kind of quotes."""
    for quote in "\"'":
        if quote not in text and "\n" not in text and not text.endswith("\\"):
            return f"{quote}{text}{quote}"
    raise Mistake("xl's configuration has no way to say a text with both kinds of quotes, or "
                  f"with a line end: {text!r}")
