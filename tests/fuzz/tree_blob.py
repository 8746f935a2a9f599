# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Flattened device trees (Devicetree Specification 0.4, chapter 5), made by hand."""

import struct


def cells(*numbers):
    """A property of 32-bit cells."""
    return struct.pack(f">{len(numbers)}I", *numbers)


def flatten(root, reservations=()):
    """The blob of `root`: names to bytes (properties), text, or a node."""
    strings, places = bytearray(), {}

    def padded(data):
        return data + bytes(-len(data) % 4)

    def properties(content):
        for name, value in content.items():
            if not isinstance(value, dict):
                data = value.encode() + b"\0" if isinstance(value, str) else value
                if name not in places:
                    places[name] = len(strings)
                    strings.extend(name.encode() + b"\0")
                yield struct.pack(">3I", 3, len(data), places[name]) + padded(data)

    def node(name, content):
        children = [node(child, inside) for child, inside in content.items()
                    if isinstance(inside, dict)]
        return (struct.pack(">I", 1) + padded(name.encode() + b"\0") + b"".join(properties(content))
                + b"".join(children) + struct.pack(">I", 2))

    structure = node("", root) + struct.pack(">I", 9)
    reserved = b"".join(struct.pack(">QQ", *pair) for pair in (*reservations, (0, 0)))
    at_structure = 40 + len(reserved)
    at_strings = at_structure + len(structure)
    header = struct.pack(">10I", 0xd00dfeed, at_strings + len(strings), at_structure, at_strings, 40,
                         17, 16, 0, len(strings), len(structure))
    return header + reserved + structure + bytes(strings)


_WIDE = {"#address-cells": cells(2), "#size-cells": cells(2)}

TREES = {
    "chosen": flatten({
        **_WIDE, "compatible": "linux,dummy-virt",
        "memory@40000000": {"device_type": "memory", "reg": cells(0, 0x40000000, 0, 0x8000000)},
        "memory@80000000": {"device_type": "memory",
                            "reg": cells(0, 0x80000000, 0, 0x1000, 0, 0x90000000, 0, 0x1000)},
        "chosen": {"bootargs": "log.level=info -- a b", "stdout-path": "/soc/serial@1000:115200",
                   "linux,initrd-start": cells(0x44000000),
                   "linux,initrd-end": cells(0, 0x44010000),
                   "rng-seed": bytes(range(64)), "kaslr-seed": cells(1, 2)},
        "reserved-memory": {
            **_WIDE, "ranges": b"",
            "firmware@41000000": {"reg": cells(0, 0x41000000, 0, 0x10000), "no-map": b""},
            "log@42000000": {"reg": cells(0, 0x42000000, 0, 0x10000, 0, 0x43000000, 0, 4096)},
            "pool": {"size": cells(0, 0x100000)},
            "off@45000000": {"reg": cells(0, 0x45000000, 0, 4096), "status": "disabled"}},
        "soc": {"#address-cells": cells(1), "#size-cells": cells(1), "compatible": "simple-bus",
                "ranges": cells(0, 0, 0x9000000, 0x10000),
                "serial@1000": {"compatible": "arm,pl011\0arm,primecell",
                                "reg": cells(0x1000, 0x1000)}},
    }, [(0x40000000, 0x4000), (0x48000000, 0x10000)]),
    "nested_buses": flatten({
        **_WIDE, "interrupt-parent": cells(1),
        "memory@0": {"device_type": "memory", "reg": cells(0, 0, 1, 0)},
        "interrupt-controller": {"compatible": "arm,gic-v3", "#interrupt-cells": cells(3),
                                 "interrupt-controller": b"", "phandle": cells(1)},
        "bus": {"#address-cells": cells(2), "#size-cells": cells(1),
                "ranges": cells(0, 0, 0, 0x10000000, 0x1000000, 1, 0, 1, 0, 0xffffffff),
                "inner": {"#address-cells": cells(1), "#size-cells": cells(1),
                          "ranges": cells(0x100, 0, 0x2000, 0x100, 0x800, 1, 0x10, 0x40),
                          "device@100": {"reg": cells(0x100, 0x10, 0x820, 8, 0xfff, 1),
                                         "interrupts": cells(0, 5, 4, 1, 13, 8)}},
                "pic": {"#interrupt-cells": cells(1), "interrupt-controller": b"",
                        "phandle": cells(2), "interrupts": cells(0, 7, 1)},
                "closed": {"#address-cells": cells(1), "#size-cells": cells(1),
                           "device@0": {"reg": cells(0, 16),
                                        "interrupts-extended": cells(2, 9, 1, 0, 8, 2)}}},
    }),
}
