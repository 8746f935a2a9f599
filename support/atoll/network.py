# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The devices that a command's variables ask for: NET=, PORT=, NET_DEVICE=, NET_QUEUES=,
PCAP=, RNG=, INITRD=."""

import contextlib
import sys
from pathlib import Path

from . import forwarding, machines, namespaces
from .devices import Devices, Interface
from .errors import Mistake, relative

_MOST_QUEUES = 256   # of a tap: MAX_TAP_QUEUES, Linux drivers/net/tun.c

# What QEMU's user networking has at hand (QEMU's manual, "Using the user mode network stack").
_IMAGE, _GATEWAY, _NAMES = "10.0.2.15/24", "10.0.2.2", "10.0.2.3"


@contextlib.contextmanager
def devices(arguments, plat):
    """The Devices, and what they lead to for as long as the context lasts. Mistake where the
    variables make no sense, or something cannot be had."""
    kind = arguments.net or "none"
    if kind not in _CONNECTED:
        raise Mistake(f"NET={kind} is none of {', '.join(_CONNECTED)}")
    if kind != "none" and (why := machines.platform(plat).no_network(
            kind, arguments.net_device, arguments.machine)):
        raise Mistake(f"NET={kind} is not there with PLAT={plat}: {why}")
    _check(arguments, kind)
    ram_disk = _ram_disk(arguments, plat)
    with _CONNECTED[kind](arguments) as (interfaces, descriptors):
        yield Devices(interfaces, arguments.net_device or "", _entropy(arguments.rng), ram_disk,
                      descriptors)


def _check(arguments, kind):
    if kind == "none":
        for name in ("net_device", "net_queues", "pcap"):
            if value := getattr(arguments, name):
                raise Mistake(f"{name.upper()}={value} is about network interfaces, and there is "
                              "none: add NET=user or NET=netns")
    if kind == "user" and _queues(arguments) > 1:
        raise Mistake("QEMU's user networking has one queue: NET_QUEUES= is for NET=netns")
    if kind != "user" and arguments.port:   # no mistake: PORT is often set for something else
        _say(f"PORT={arguments.port} has no effect: it is for NET=user")
    if arguments.pcap and _queues(arguments) > 1:
        raise Mistake("QEMU does not write down what interfaces of several queues see: leave out "
                      "PCAP= or NET_QUEUES=")


def _entropy(asked):
    if asked not in (None, "yes", "no"):
        raise Mistake(f"RNG={asked} is neither yes nor no")
    return asked != "no"


def _ram_disk(arguments, plat):
    """The file that INITRD= names, None without."""
    if not arguments.initrd:
        return None
    if why := machines.platform(plat).no_ram_disk(arguments.machine):
        raise Mistake(f"INITRD= is not there with PLAT={plat}: {why}")
    path = Path(arguments.initrd).absolute()
    try:
        with open(path, "rb"):
            pass
    except OSError as error:
        raise Mistake(f"INITRD=: {relative(path)} cannot be read ({error.strerror})") from None
    return path


def _queues(arguments):
    text = arguments.net_queues or "1"
    if not text.isdecimal() or not 0 < int(text) <= _MOST_QUEUES:
        raise Mistake(f"NET_QUEUES={text} is no number from 1 to {_MOST_QUEUES}")
    return int(text)


@contextlib.contextmanager
def _none(_arguments):
    yield (), ()


@contextlib.contextmanager
def _user(arguments):
    """One interface on QEMU's user networking."""
    capture = _capture(arguments.pcap)
    with forwarding.reserved(forwarding.parse(arguments.port or "")) as ports:
        _say(f"the image has {_IMAGE}, as DHCP says; gateway {_GATEWAY}, name server {_NAMES}")
        for one in ports:
            _say(f"{forwarding.ADDRESS}:{one.host} is port {one.guest} of the image"
                 f"{' (UDP)' if one.protocol == 'udp' else ''}")
        yield (Interface("net", ",".join(["user", *(one.rule for one in ports)]),
                         capture=capture),), ()


@contextlib.contextmanager
def _netns(arguments):
    """Two interfaces, each to a network namespace of its own."""
    queues = _queues(arguments)
    captures = [_capture(arguments.pcap, side.name) for side in namespaces.SIDES]
    # Before version 8.1, QEMU writes virtio's headers into the capture where there are offloads.
    with namespaces.opened(queues, offloads=not arguments.pcap) as ends:
        for end in ends:
            side = end.side
            _say(f"{side.name}: namespace {end.namespace} is {side.own} and {side.own_6}, and takes "
                 f"the image, {side.image} and {side.image_6}, for its gateway")
        _say(f"`ip netns exec {ends[0].namespace} sh` is a shell on the left")
        yield (tuple(Interface(end.side.name, f"tap,fds={':'.join(map(str, end.taps))}", queues,
                               capture) for end, capture in zip(ends, captures)),
               tuple(tap for end in ends for tap in end.taps))


_CONNECTED = {"none": _none, "user": _user, "netns": _netns}


def _capture(asked, side=""):
    """The file for what an interface sees: the one that PCAP= names, with the side's name
    behind it where there are two."""
    if not asked:
        return None
    path = Path(f"{asked}.{side}" if side else asked).absolute()
    try:
        with open(path, "ab"):
            pass
    except OSError as error:
        raise Mistake(f"PCAP=: {relative(path)} cannot be written ({error.strerror})") from None
    _say(f"frames of {f'the interface {side}' if side else 'the interface'} go to {relative(path)}")
    return path


def _say(text):
    print(f"network: {text}", file=sys.stderr)
