# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""A guest of a Toolstack."""

import functools
import shlex
import time

from ..errors import Mistake
from .line import TIMED_OUT

# Xen's reasons for the end of a domain (xen/include/public/sched.h, SHUTDOWN_*).
_REASONS = {"-": "running", "0": "poweroff", "1": "reboot", "2": "suspend", "3": "crash",
            "4": "watchdog"}
_LOOK = 0.1    # seconds between looks at a console


class Guest:
    """A domain that xl created."""

    def __init__(self, toolstack, name, log):
        self.name = name
        self._xen, self._log = toolstack, log
        self._written = b""

    @functools.cached_property
    def domid(self):
        """Its number."""
        return int(self._must(f"xl domid {shlex.quote(self.name)}", "tell the number of"))

    @property
    def node(self):
        """Its place in xenstore."""
        return f"/local/domain/{self.domid}"

    def console(self):
        """What it has written up to now."""
        status, more = self._xen.shell(f"tail -c +{len(self._written) + 1} "
                                       f"{shlex.quote(self._log)} 2>/dev/null")
        if status == 0:
            self._written += more
        return self._written

    def more(self, seconds=5):
        """What it has written since console() or more() was called last, as soon as there
        is something, and how it has ended, as wait() tells."""
        status, said = self._xen.shell(f"guest-more.sh {shlex.quote(self.name)} "
                                       f"{len(self._written)} {seconds}", seconds + 10)
        self._written += said
        return said, _REASONS.get({0: "-", 9: "gone"}.get(status, str(status - 10)), "gone")

    def wait_for(self, text, timeout=20):
        """Waits until its console has `text` (bytes), and returns the console; Mistake
        where it does not come."""
        deadline = time.monotonic() + timeout
        while text not in (written := self.console()):
            if time.monotonic() > deadline:
                raise Mistake(f"the guest {self.name} has not written {text!r} within "
                              f"{timeout:g} s, but {written[-500:]!r}", status=1)
            time.sleep(_LOOK)
        return written

    def wait(self, timeout=20):
        """How it has ended, at the latest after so many seconds: "poweroff", "reboot",
        "suspend", "crash", "watchdog"; "running" where it has not, "gone" where it was
        destroyed."""
        status, said = self._xen.shell(f"guest-end.sh {shlex.quote(self.name)} {max(1, round(timeout))}",
                                       timeout + 10)
        reason = said.decode().strip()
        if status != 0:
            raise Mistake(f"how the guest {self.name} ended is not known: {reason}", status=1)
        return _REASONS.get(reason, reason)

    def shutdown(self, timeout=20):
        """Asks it to power off, as `xl shutdown` does; whether it has taken notice within
        that time."""
        return self._ask("shutdown", timeout)

    def reboot(self, timeout=20):
        """Asks it to reboot, likewise."""
        return self._ask("reboot", timeout)

    def destroy(self):
        """Ends it at once; nothing of it stays but what console() has returned."""
        self._must(f"xl destroy {shlex.quote(self.name)}", "destroy")

    def type(self, text):
        """Writes bytes to its console."""
        octal = "".join(f"\\{byte:03o}" for byte in text)
        self._must(f"printf '{octal}' >$(xenstore-read {self.node}/console/tty)", "type to")

    def _ask(self, request, timeout):
        # xl itself waits for a minute.
        status, said = self._xen.shell(f"exec xl {request} {shlex.quote(self.name)}", timeout)
        if status not in (0, TIMED_OUT):
            raise self._mistake(request, said)
        return status == 0

    def _must(self, script, what):
        """The output of the script; Mistake where it fails."""
        status, said = self._xen.shell(script)
        if status != 0:
            raise self._mistake(what, said)
        return said

    def _mistake(self, what, said):
        return Mistake(f"cannot {what} the guest {self.name}: "
                       f"{said.decode(errors='replace').strip()}", status=1)
