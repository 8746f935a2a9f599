#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Writes the corpora that are made by hand: command lines, memory maps, broken
device trees. The same files each time."""

import struct
from pathlib import Path

HERE = Path(__file__).parent

COMMAND_LINES = {
    "empty": "",
    "usual": "log.level=debug env.LANG=C -- serve --port 80",
    "quotes": r'shutdown.nonce="a b" -- "two words" a\ b "in\"side" pre"mid dle"post "" \\',
    "open_quote": '-- "never closed',
    "last_backslash": "-- a\\",
    "refused": "log.level=banana",
    "unknown_option": "log.colour=red",
    "absent_library": "lwip.ip=10.0.0.1",
    "firecracker": "reboot=k panic=1 pci=off nomodules 8250.nr_uarts=0 i8042.noaux "
                   "root=/dev/vda rw virtio_mmio.device=4K@0xd0000000:5",
    "microvm": "-- a b virtio_mmio.device=512@0xfeb00e00:12",
    "nul_in_a_variable": "env.A\0=1",
    "environment": "env.A=1 env.A=2 env.AB=3 env.=4",
    "many_arguments": "--" + " a" * 66,
    "many_variables": " ".join(f"env.V{i}=1" for i in range(66)),
    "longest": "-- " + "x" * 4093,
    "too_long": "-- " + "x" * 4094,
    "control_characters": "\x01\x7f\xff\x00--\ta\nb\rc",
}

KIND = {"usable": 0, "reserved": 1, "acpi": 2, "kept": 3, "reserve": 4}

MEMORY_MAPS = {
    "pc": [("usable", 0, 0x9fc00), ("reserved", 0x9fc00, 0x400), ("reserved", 0xf0000, 0x10000),
           ("usable", 0x100000, 0x7edf000), ("reserved", 0x7fdf000, 0x21000),
           ("reserved", 0xfffc0000, 0x40000), ("reserve", 0x100000, 0x40000)],
    "overlapping": [("usable", 0, 0x10000), ("usable", 0x8000, 0x10000),
                    ("reserved", 0x4000, 0x8000), ("acpi", 0x2000, 0x4000),
                    ("reserve", 0, 2**64 - 1)],
    "wrapping": [("usable", 2**64 - 4096, 8192), ("usable", 2**52 - 4096, 2**63),
                 ("reserve", 2**64 - 1, 1), ("usable", 0, 2**64 - 1)],
    "empty": [("usable", 0x1000, 0), ("reserve", 0x1000, 0), ("reserved", 0, 0)],
    "splits": [("usable", 0, 0x1000000)] + [("reserve", i * 0x3000 + 0x1000, 0x1000)
                                            for i in range(64)],
    "too_many": [("usable", i * 0x2000, 0x1000) for i in range(64)],
    "one_byte_pieces": [("usable", 0, 64)] + [("reserved", i, 1) for i in range(1, 64, 3)],
}

def start_info(entries, text=b"", module=None, **fields):
    """Memory from 0 on as a PVH loader leaves it: struct hvm_start_info at 16, then
    the map, the module list and the command line. `fields` replaces values."""
    at = {"map": 72, "modules": 72 + 24 * len(entries)}
    at["text"] = at["modules"] + 32
    values = {"magic": 0x336ec578, "version": 1, "flags": 0, "modules": 1 if module else 0,
              "modlist": at["modules"], "command_line": at["text"] if text else 0,
              "rsdp": 0xf59e0, "map": at["map"], "count": len(entries)}
    values.update(fields)
    blob = bytes(16) + struct.pack("<4I4QII", *(values[name] for name in (
        "magic", "version", "flags", "modules", "modlist", "command_line", "rsdp", "map",
        "count")), 0)
    blob += b"".join(struct.pack("<QQII", *entry, 0) for entry in entries)
    return blob + struct.pack("<4Q", *(module or (0, 0)), 0, 0) + text


PC = [(0, 0x9fc00, 1), (0x9fc00, 0x400, 2), (0xf0000, 0x10000, 2), (0x100000, 0x7edf000, 1),
      (0x7fdf000, 0x21000, 3), (0xfffc0000, 0x40000, 2)]

START_INFOS = {
    "pc": start_info(PC, b"-- a b\0", (0x7000000, 0x12345)),
    "microvm": start_info([(0, 0x9fc00, 1), (0x100000, 0x7f00000, 1), (0, 0, 0)],
                          b"virtio_mmio.device=512@0xfeb00e00:12\0"),
    "no_map": start_info([], version=0),
    "endless_map": start_info(PC, count=2**32 - 1),
    "map_past_the_end": start_info(PC, count=12),
    "open_command_line": start_info(PC, b"never ends"),
    "wrapping_module": start_info(PC, b"", (2**64 - 16, 32)),
    "module_over_everything": start_info(PC, b"", (0, 2**51)),
    "wild_pointers": start_info(PC, b"x\0", (0, 1), modlist=2**64 - 8, command_line=2**63),
    "other_magic": start_info(PC, magic=0x2badb002),
}

HEADER = ("magic", "totalsize", "off_dt_struct", "off_dt_strings", "off_mem_rsvmap", "version",
          "last_comp_version", "boot_cpuid_phys", "size_dt_strings", "size_dt_struct")


def broken_trees():
    """Name and bytes of damaged copies of a recorded tree."""
    blob = (HERE / "device_tree" / "corpus" / "qemu_virt_gicv3.dtb").read_bytes()
    fields = dict(zip(HEADER, struct.unpack(">10I", blob[:40])))

    def with_cell(offset, value):
        return blob[:offset] + struct.pack(">I", value) + blob[offset + 4:]

    def with_field(name, value):
        return with_cell(HEADER.index(name) * 4, value)

    structure = fields["off_dt_struct"]
    yield "empty", b""
    yield "header_alone", blob[:40]
    yield "truncated_structure", blob[:structure + 1000]
    yield "bad_magic", with_field("magic", 0xedfe0dd0)
    yield "old_version", with_field("version", 3)
    yield "strings_outside", with_field("off_dt_strings", 0xfffffff0)
    yield "structure_size_wraps", with_field("size_dt_struct", 0xfffffffc)
    yield "structure_ends_early", with_field("size_dt_struct", 512)
    yield "reservations_in_structure", with_field("off_mem_rsvmap", structure)
    yield "first_property_endless", with_cell(structure + 12, 0xfffffff0)
    yield "first_name_outside", with_cell(structure + 16, 0x7fffffff)
    yield "unknown_token", with_cell(structure + 8, 7)
    yield "no_root", with_cell(structure, 9)
    yield "root_name_endless", blob[:structure + 4] + b"x" * (len(blob) - structure - 4)


def main():
    for name, text in COMMAND_LINES.items():
        (HERE / "command_line" / "corpus" / name).write_bytes(text.encode("latin-1"))
    for name, calls in MEMORY_MAPS.items():
        data = b"".join(struct.pack("<BQQ", KIND[kind], start, size)
                        for kind, start, size in calls)
        (HERE / "boot_info" / "corpus" / name).write_bytes(data)
    for name, memory in START_INFOS.items():
        (HERE / "boot_pvh" / "corpus" / name).write_bytes(memory)
    for name, blob in broken_trees():
        (HERE / "device_tree" / "corpus" / f"broken_{name}.dtb").write_bytes(blob)


if __name__ == "__main__":
    main()
