# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Network namespaces of a runner's own, each with a tap that QEMU inherits. Nothing of this
machine's own network takes part."""

import contextlib
import ctypes
import dataclasses
import fcntl
import itertools
import os
import re
import shutil
import signal
import struct
import subprocess
import threading
from pathlib import Path

from .errors import Mistake

_FOLDER = Path("/run/netns")   # ip-netns(8)
_NAME = re.compile(r"atoll-(\d+)-\d+-(?:left|right|cable)")
_TUN = "/dev/net/tun"
_TAP = "tap"

# linux/if_tun.h, linux/sched.h
_TUNSETIFF = 0x400454CA
_IFF_TAP, _IFF_MULTI_QUEUE, _IFF_NO_PI, _IFF_VNET_HDR = 0x0002, 0x0100, 0x1000, 0x4000
_CLONE_NEWNET = 0x40000000

_ENDINGS = (signal.SIGTERM, signal.SIGHUP)
_LIBC = ctypes.CDLL(None, use_errno=True)
_numbers = itertools.count(1)


@dataclasses.dataclass(frozen=True)
class Side:
    """One of the two networks, in the ranges for tests and for private use (RFC 2544 §C.2.2,
    RFC 4193). A host on it takes the image for its gateway."""

    name: str
    own: str
    image: str
    own_6: str
    image_6: str


SIDES = (Side("left", "198.18.0.1/24", "198.18.0.2", "fd00:18::1/64", "fd00:18::2"),
         Side("right", "198.19.0.1/24", "198.19.0.2", "fd00:19::1/64", "fd00:19::2"))


@dataclasses.dataclass(frozen=True)
class End:
    """A namespace that is there, and the files of its tap, one a queue."""

    side: Side
    namespace: str
    taps: tuple


@contextlib.contextmanager
def opened(queues=1, offloads=True):
    """An End for each side, whose taps let the image leave checksums and segments to the other
    end where `offloads` are wanted (TUN_F_CSUM, linux/if_tun.h). It is gone when the context ends, also by SIGTERM or SIGHUP, which end
    the process with 128 and their number where the context is left. What a runner left behind
    that was killed is removed first. Mistake where this user, or this kernel, makes none."""
    with _made() as (stack, name):
        yield tuple(_open(stack, side, f"{name}-{side.name}", queues, offloads) for side in SIDES)


@contextlib.contextmanager
def cable(queues):
    """The files of the two taps of a namespace of their own, each one a queue: what goes into one
    tap comes out of the other, and nobody else says anything. Promises and errors as opened()."""
    with _made() as (stack, name):
        namespace = f"{name}-cable"
        stack.callback(_remove, namespace)
        _ip("netns", "add", namespace)
        taps = {tap: tuple(_tap(stack, namespace, queues, False, tap) for _ in range(queues))
                for tap in ("left", "right")}
        lines = ["link add cable type bridge stp_state 0 mcast_snooping 0"]
        for link in ("cable", *taps):
            lines += [f"link set {link} addrgenmode none", f"link set {link} up"]
        _ip("-n", namespace, "-batch", "-",
            lines=lines + [f"link set {tap} master cable" for tap in taps])
        yield tuple(taps.values())


@contextlib.contextmanager
def _made():
    """A stack of what is to be removed in the end, and what the names of new namespaces begin
    with."""
    _check()
    _remove_leftovers()
    with _ended_in_order() as no_more, contextlib.ExitStack() as stack:
        yield stack, f"atoll-{os.getpid()}-{next(_numbers)}"
        no_more()   # nothing interrupts the removal


def _check():
    if os.geteuid() != 0:
        raise Mistake("NET=netns makes network namespaces, which takes root: sudo make run "
                      "NET=netns, or NET=user")
    if shutil.which("ip") is None:
        raise Mistake("ip is not installed; `make prerequisites` lists and installs what Atoll "
                      "needs")


def _open(stack, side, namespace, queues, offloads):
    stack.callback(_remove, namespace)
    _ip("netns", "add", namespace)
    taps = tuple(_tap(stack, namespace, queues, offloads) for _ in range(queues))
    # nodad: nobody else is there whose address it could be.
    _ip("-n", namespace, "-batch", "-", lines=[
        "link set lo up",
        f"link set {_TAP} up",
        f"address add {side.own} dev {_TAP}",
        f"route add default via {side.image}",
        f"address add {side.own_6} dev {_TAP} nodad",
        f"route add default via {side.image_6}"])
    return End(side, namespace, taps)


def _tap(stack, namespace, queues, offloads, name=_TAP):
    """A queue of a tap in the namespace, which goes when the last one is closed."""
    flags = (_IFF_TAP | _IFF_NO_PI | (_IFF_VNET_HDR if offloads else 0)
             | (_IFF_MULTI_QUEUE if queues > 1 else 0))
    try:
        with _inside(namespace):
            tap = os.open(_TUN, os.O_RDWR | os.O_CLOEXEC)
            stack.callback(os.close, tap)
            fcntl.ioctl(tap, _TUNSETIFF, struct.pack("16sH22x", name.encode(), flags))
    except OSError as error:
        raise Mistake(f"NET=netns: {_TUN} makes no tap ({error.strerror}); `modprobe tun` loads "
                      "what it takes") from None
    return tap


@contextlib.contextmanager
def _inside(namespace):
    """This thread in the namespace."""
    with open("/proc/thread-self/ns/net", "rb") as own, open(_FOLDER / namespace, "rb") as other:
        _enter(other)
        try:
            yield
        finally:
            _enter(own)


def _enter(namespace):
    if _LIBC.setns(namespace.fileno(), _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _remove_leftovers():
    """Namespaces of processes that are no more."""
    with contextlib.suppress(FileNotFoundError):
        for path in _FOLDER.iterdir():
            owner = _NAME.fullmatch(path.name)
            if owner and not os.path.exists(f"/proc/{owner[1]}"):
                _remove(path.name)


def _remove(namespace):
    """Nothing where there is none: another runner may remove it as well."""
    subprocess.run(["ip", "netns", "delete", namespace], stdin=subprocess.DEVNULL,
                   capture_output=True, start_new_session=True, check=False)


def _ip(*words, lines=()):
    """In a session of its own: ctrl-C is for us, who remove what it has made."""
    done = subprocess.run(["ip", *words], input="".join(f"{line}\n" for line in lines), text=True,
                          capture_output=True, start_new_session=True, check=False)
    if done.returncode != 0:
        raise Mistake(f"NET=netns: `ip {' '.join(words)}` says: {' '.join(done.stderr.split())}")


@contextlib.contextmanager
def _ended_in_order():
    """What would end this process at once leaves the contexts that it is in first; gives a
    function after which it is ignored."""
    def no_more():
        for one in saved:
            signal.signal(one, signal.SIG_IGN)

    def end(number, _frame):
        no_more()
        raise SystemExit(128 + number)

    saved = {}
    if threading.current_thread() is threading.main_thread():   # others have no say in it
        saved = {one: signal.getsignal(one) for one in (*_ENDINGS, signal.SIGINT)}
        for one in _ENDINGS:
            if saved[one] is not signal.SIG_IGN:
                signal.signal(one, end)
    try:
        yield no_more
    finally:
        for one, handler in saved.items():
            signal.signal(one, handler)
