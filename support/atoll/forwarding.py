# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""PORT=: ports of this machine's 127.0.0.1 that lead to ports of the image."""

import contextlib
import dataclasses
import re
import socket

from .errors import Mistake

ADDRESS = "127.0.0.1"

_FORM = re.compile(r"(\d{0,5})(?::(\d{1,5}))?(?:/(tcp|udp))?")
_KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


@dataclasses.dataclass(frozen=True)
class Forwarding:
    """One of them."""

    host: int        # 0 for any that is free
    guest: int
    protocol: str    # tcp, udp

    @property
    def rule(self):
        """As QEMU's user networking takes it."""
        return f"hostfwd={self.protocol}:{ADDRESS}:{self.host}-:{self.guest}"


def parse(text):
    """The Forwardings that PORT= lists: <host>[:<guest>][/udp], several separated by commas
    or blanks. The guest's port is the host's where it is left out."""
    found = []
    for word in text.replace(",", " ").split():
        form = _FORM.fullmatch(word)
        host = int(form[1] or 0) if form else 0
        guest = int(form[2] or form[1] or 0) if form else 0
        if not 0 < guest < 65536 or host > 65535:
            raise Mistake(f"PORT={word} is no <host>[:<guest>][/udp], two ports up to 65535, where "
                          "the host's is 0 or left out for one that is free")
        one = Forwarding(host, guest, form[3] or "tcp")
        if host and (host, one.protocol) in [(other.host, other.protocol) for other in found]:
            raise Mistake(f"PORT= has port {host} lead to two ports of the image")
        found.append(one)
    return found


@contextlib.contextmanager
def reserved(forwardings):
    """The same with a number for each port of the host, which no other runner takes until the
    context ends; Mistake where one is taken already."""
    with contextlib.ExitStack() as stack:
        yield tuple(dataclasses.replace(one, host=_reserve(stack, one)) for one in forwardings)


def _reserve(stack, one):
    """The number. QEMU binds a TCP port with SO_REUSEADDR, which goes together with a socket
    of ours that has it too and does not listen (socket(7)); its UDP port goes with no other,
    so that a TCP port of the same number is what keeps runners apart there."""
    try:
        if one.host:
            _look(one.host, one.protocol)
            return one.host
        for _ in range(16):
            held = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            held.bind((ADDRESS, 0))
            number = held.getsockname()[1]
            # Behind bind(): until then, one that somebody else has is not good enough.
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                _look(number, one.protocol)
                return number
    except OSError as error:
        raise Mistake(f"PORT=: port {one.host} of {ADDRESS} cannot be had ({error.strerror}); "
                      f"PORT=:{one.guest} takes one that is free") from None
    raise Mistake(f"PORT=:{one.guest}: no port of {ADDRESS} is free")


def _look(number, protocol):
    """OSError where the port cannot be bound as QEMU binds it."""
    with socket.socket(socket.AF_INET, _KINDS[protocol]) as trial:
        if protocol == "tcp":
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind((ADDRESS, number))
        if protocol == "tcp":
            trial.listen(1)
