#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Writes the corpora that are made by hand. The same files each time."""

import struct
from pathlib import Path

from tree_blob import TREES

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

BAR, CAPABILITIES = 0x10, 0x34


def pci_function(vendor, device, bars=(), capabilities=(), numbers=b"", pin=0):
    """256 bytes of configuration space and which bits of the first 64 can be written.
    `bars` are (index, size, low bits, address), `capabilities` (offset, bytes behind the
    link), `numbers` what a bridge has at 0x18."""
    space, writable = bytearray(256), bytearray(64)
    struct.pack_into("<HHHH", space, 0, vendor, device, 0, 0x10 if capabilities else 0)
    struct.pack_into("<H", writable, 4, 0x7ff)
    for index, size, kind, address in bars:
        form, mask = ("<Q", 2**64 - size) if kind & 7 == 4 else ("<I", 2**32 - size)
        struct.pack_into(form, space, BAR + 4 * index, address | kind)
        struct.pack_into(form, writable, BAR + 4 * index, mask & ~0xf)
    link = CAPABILITIES
    for offset, content in capabilities:
        space[link] = offset
        space[offset:offset + 2 + len(content)] = content[:1] + b"\0" + content[1:] + b"\0"
        link = offset + 1
    if numbers:
        space[0x0e] = 1
        space[0x18:0x18 + len(numbers)] = numbers
        writable[0x18:0x26] = b"\xff\xff\xff\0\xf0\xf0\0\0\xf0\xff\xf0\xff\xf0\xff"
    space[0x3d] = pin
    return bytes(space + writable)


def pci_machine(functions, changes=b""):
    """Functions by (bus, device << 3 | function)."""
    return (bytes([len(functions)]) + b"".join(bytes(place) for place in functions)
            + b"".join(functions.values()) + changes)


VIRTIO = [(0x40, b"\x11\x02\x00\x01\x08\x00\x00"), (0x50, b"\x09\x10\x01\x04"),
          (0x60, b"\x09\x10\x03\x04"), (0x84, b"\x05\x80\x01")]
NET = pci_function(0x1af4, 0x1041, [(1, 0x1000, 0, 0x10001000), (4, 0x4000, 12, 0x8000000000)],
                   VIRTIO, pin=1)
EDU = pci_function(0x1234, 0x11e8, [(0, 0x100000, 0, 0x10100000)], [(0x40, b"\x05\x80\x00")], pin=2)

PCI_MACHINES = {
    "virtio": pci_machine({(0, 8): NET, (0, 16): EDU}),
    "bridges": pci_machine({(0, 8): pci_function(0x1b36, 1, numbers=b"\0\x01\x02"), (1, 0): NET,
                            (1, 8): pci_function(0x1b36, 1, numbers=b"\x01\x02\x02"), (2, 0): EDU}),
    "bridge_back": pci_machine({(0, 8): pci_function(0x1b36, 1, numbers=b"\0\x01\x01"),
                                (1, 0): pci_function(0x1b36, 1, numbers=b"\x01\x01\xff")}),
    "endless_list": pci_machine({(0, 8): NET}, b"\0\x85\x40" * 200),
    "table_outside": pci_machine({(0, 8): NET}, b"\0\x45\x0f" * 200),
    "table_in_ports": pci_machine({(0, 8): NET}, b"\0\x14\x01" * 200),
    "size_changes": pci_machine({(0, 8): NET}, b"\0\x16\x55\0\x16\xff" * 200),
    "all_ones": pci_machine({(0, 8): b"\xff\x00" + b"\xff" * 318}),
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


# Two ints for `*`, the value, the format.
def printed(text, value=b"", stars=(0, 0)):
    return struct.pack("<2h", *stars) + value.ljust(16, b"\0") + text.encode()


def double(value):
    return struct.pack("<d", value)


# x87's extended format: 64 bits of mantissa, sign and exponent.
def extended(mantissa, exponent):
    return struct.pack("<QH", mantissa, exponent)


PRINTS = {
    "integers": printed("%hhd %hd %d %ld %lld %jd %zd %td %u %o %x %X %i %%"),
    "one_integer": printed("%+-#08.4llx", struct.pack("<q", -2)),
    "integer_flags": printed("%-+08ld", struct.pack("<q", 1 << 62)),
    "octal": printed("%#.5o", struct.pack("<q", 511)),
    "stars": printed("%*.*d", struct.pack("<q", 42), (20, -7)),
    "wide_star": printed("%0*f", double(1.5), (-400, 0)),
    "counts": printed("ab%hhn%hn%n%ln%lln%jn%zn%tnc"),
    "texts": printed("%s|%5.2s|%-9s|%c|%p", b"text"),
    "one_text": printed("%-12.3s", b"sixteen bytes ..."[:16]),
    "wide_text": printed("%.9ls", b"wide"),
    "wide_character": printed("%3lc", b"\xe9"),
    "fixed": printed("%.3f", double(2.0005)),
    "fixed_exact": printed("%.340f", double(5e-324)),
    "ties": printed("%.0f", double(2.5)),
    "exponent": printed("%#+.0e", double(9.5)),
    "shortest": printed("%#.3g", double(9.9996)),
    "general": printed("%G", double(1e-5)),
    "hexadecimal": printed("%.1a", double(1.96875)),
    "infinite": printed("%-9F", double(float("inf"))),
    "largest": printed("%f", double(1.7976931348623157e308)),
    "long_double": printed("%.20Lf", extended(0xc90fdaa22168c235, 0x4000)),
    "long_double_small": printed("%Le", extended(1 << 63, 1)),
    "long_double_large": printed("%.3Lg", extended((1 << 64) - 1, 0x7ffe)),
    "all_floating": printed("%f%e%g%a%Lf%Le%Lg%La"),
    "positional": printed("%1$d"),
    "endless_width": printed("%99999999999d"),
    "endless_precision": printed("%.2147483647d"),
    "unfinished": printed("%-08.3l"),
}

SCANS = {
    "integers": "%hhd %hd %d %ld %lld %jd %zu %td\0" "1 -2 3 -4 5 -6 7 -8",
    "bases": "%i%i%i%o%x\0" "10 010 0x10 17 ff",
    "one": "%ld\0" "-9223372036854775808 rest",
    "too_large": "%lld\0" "99999999999999999999999999",
    "width": "%3i\0" "0x1f2",
    "prefix": "%x\0" "0xg",
    "pointer": "%p%n\0" "0xdeadbeef",
    "fixed": "%lf\0" "  -123.456e+7x",
    "hexadecimal": "%f\0" "0x1.8p-3",
    "words": "%f%lf%Lf\0" "inf NaN(12) -infinity",
    "long_double": "%Lf\0" "1.189731495357231765e4932",
    "many_digits": "%lf\0" + "0." + "1234567890" * 90 + "e5",
    "open_exponent": "%f\0" "1e+",
    "words_and_rest": "%s %*s %5s%n\0" "first second third",
    "sets": "%[a-z]%[^]0-9]%[]x]%*[^\n]\0" "abc--]x12\n",
    "open_set": "%[abc\0" "abc",
    "characters": "%3c%lc%5lc\0" "abcdefghij",
    "width_beyond_the_text": "%66lc\0" "j",
    "wide": "%ls%l[a-z]\0" "wide set",
    "literal": "a b%%c%d\0" "a  \t b %c7",
    "suppressed": "%*d%*f%*c%d\0" "1 2.5 x3",
    "nothing": "%d\0",
}

NUMBERS = {
    "zero": "0", "point": ".5", "exponent": "1e-5000", "tie": "9007199254740993",
    "hexadecimal": "0x1.fffffffffffff8p1023", "subnormal": "4.9406564584124654e-324",
    "half_of_the_smallest": "2.4703282292062327e-324", "signs": "  -+1", "infinity": "-inFinIty1",
    "nan": "nan(0x12_z)", "open_nan": "nan(", "open_exponent": "1e+x", "only_point": "0x.p1",
    "zeros": "0" * 300 + "." + "0" * 300 + "1e301", "long": "3" * 2000 + "e-1990",
    "endless_exponent": "1e99999999999999999999", "endless_negative": "0x1p-99999999999999999999",
    "largest_quadruple": "1.18973149535723176508575932662800701619646905264e4932",
    "smallest_quadruple": "6.47517511943802511092443895822764655e-4966",
}

LARGEST = 2**64 - 1
VALUES = {
    "largest": (LARGEST, "18446744073709551615"), "above": (LARGEST, "18446744073709551616"),
    "hexadecimal": (LARGEST, "0xFfffFFFFffffffff"), "more_digits": (LARGEST, "0x10000000000000000"),
    "zeros": (7, "0" * 40 + "7"), "prefix": (9, "0x"), "empty": (0, ""), "sign": (9, "-1"),
    "space": (9, "1 "), "limit": (0xffff, "65536"), "letter_later": (9, "99999999999999999999x"),
}

FILTERS = {
    "all": "*\nSuite.name", "one": "Suite.name\nSuite.name", "several": "A.*:B.?x:*d\nB.yx",
    "stars": "a*b*c**d?*\naxxbyyczzdq", "much_backtracking": "*a*a*a*b\n" + "a" * 60,
    "empty": "\n", "colons": ":::\n.",
}


def time_info(version, counter, time, multiplier, shift, flags=1):
    return struct.pack("<IIQQIbBxx", version, 0, counter, time, multiplier, shift, flags)


CLOCKS = {
    "rests": time_info(2, 1000, 5_000_000, 0x80000000, 1) + struct.pack("<Q", 4000),
    "is_written": time_info(3, 0, 0, 1, 0) + struct.pack("<Q", 1)
                  + time_info(4, 9, 9, 0xffffffff, -1) + struct.pack("<QQ", 2**63, 2**64 - 2),
    "changes": time_info(2, 0, 7, 1 << 31, 0) + struct.pack("<Q", 5)
               + time_info(4, 2**40, 8, 1 << 31, 31, 0) + struct.pack("<QQ", 2**41, 2**42),
    "wild_shift": time_info(2, 0, 0, 0xffffffff, -128) + struct.pack("<Q", 2**64 - 2),
    "goes_back": time_info(2, 2**63, 1, 1, 63) + struct.pack("<Q", 2),
}


def registers(**values):
    """Of the real-time clock, and nothing that changes."""
    cells = bytearray(64)
    at = {"second": 0, "minute": 2, "hour": 4, "day": 7, "month": 8, "year": 9, "a": 10, "b": 11,
          "century": 0x32}
    for name, value in values.items():
        cells[at[name]] = value
    return bytes(cells)


DATES = {
    "decimal": registers(second=0x59, minute=0x30, hour=0x23, day=0x29, month=2, year=0x24, b=2,
                         century=0x20),
    "binary": registers(second=59, minute=59, hour=23, day=31, month=12, year=99, b=6),
    "afternoon": registers(second=1, minute=2, hour=0x92, day=3, month=4, year=5, b=0),
    "no_number": registers(second=0x5a, day=1, month=1, b=2),
    "absent": b"\xff" * 64,
    "updating": registers(a=0x80, day=1, month=1, b=2) + bytes([10, 0]),
    "counts_on": registers(second=0x59, day=1, month=1, b=2) + bytes([0, 0x59] * 8 + [0, 0]),
}


def leaves(hypervisor=0, ratio=(0, 0, 0), nominal=0, ticks=0):
    return (struct.pack("<4I", hypervisor, 0, 0, 0) + struct.pack("<4I", *ratio, 0)
            + struct.pack("<4I", nominal, 0, 0, 0) + struct.pack("<Q", ticks))


RATES = {
    "hypervisor": leaves(2_400_123, ticks=2**50), "crystal": leaves(0, (2, 216, 24_000_000), 0, 99),
    "nominal": leaves(0, (2, 216, 0), 2600, 2**63), "slowest": leaves(1000, ticks=2**30),
    "fastest": leaves(100_000_000, ticks=2**64 - 1), "nonsense": leaves(0, (1, 2**32 - 1, 2**32 - 1)),
}

def daemon_says(*messages):
    """Steps of the target xenstore: a request, then messages of the daemon, each (operation,
    number, payload) or bytes, in pieces of at most 200."""
    steps = bytes([3, 2])
    for message in messages:
        if isinstance(message, tuple):
            operation, number, payload = message
            message = struct.pack("<IIII", operation, number, 0, len(payload)) + payload
        for at in range(0, len(message), 200):
            piece = message[at:at + 200]
            steps += bytes([0, len(piece)]) + piece
    return steps


XENSTORE = {
    "answer": daemon_says((2, 1, b"value")),
    "error": daemon_says((16, 1, b"ENOENT\0")),
    "event": daemon_says((15, 0, b"w/x\0\"!!\0"), (2, 1, b"")),
    "event_without_end": daemon_says((15, 0, b"w/x")),
    "to_nobody": daemon_says((2, 99, b"surprise")),
    "of_another_kind": daemon_says((11, 1, b"OK\0")),
    "longest": daemon_says((2, 1, b"x" * 600)),
    "too_long": daemon_says(struct.pack("<IIII", 2, 1, 0, 4097)),
    "index_too_far": daemon_says() + bytes([1]) + struct.pack("<I", 1025),
    "request_index_lies": bytes([2]) + struct.pack("<I", 77) + daemon_says(),
}

REQUEST_RINGS = {
    "question_and_answer": bytes([0, 1, 4, 8, 0, 1, 2, 2]),
    "more_answers_than_questions": bytes([4, 8, 0, 40, 2]),
    "answered_twice": bytes([0, 0, 1, 4, 8, 0, 2, 2, 2]),
    "full": bytes([0] * 9 + [1, 3]),
    "of_nobody": bytes([0, 1, 4, 64, 0, 7, 4, 8, 0, 1, 2]),
}


def split_used(index, identifier, length, size=4):
    """Steps by which a device uses a buffer of a split ring of 4 descriptors."""
    used = (16 * size + 6 + 2 * size + 3) // 4 * 4 // 2
    element = used + 2 + index % size * 4
    words = [(element, identifier), (element + 1, 0), (element + 2, length), (element + 3, 0),
             (used + 1, index + 1)]
    return b"".join(struct.pack("<BHH", 6, *word) for word in words) + b"\2"


def packed_used(place, identifier, length, flags=0x8080):
    """The same of a packed ring."""
    words = [(8 * place + 4, length), (8 * place + 5, 0), (8 * place + 6, identifier),
             (8 * place + 7, flags)]
    return b"".join(struct.pack("<BHH", 6, *word) for word in words) + b"\2"


SPLIT, PACKED, EVENTS = b"\x08", b"\x0d", 2   # of 4 descriptors each
ADD = b"\0\x04\x40\0"                        # a buffer that 64 bytes may be written to
VIRTQUEUES = {
    "split": SPLIT + ADD + b"\1" + split_used(0, 0, 64) + ADD + b"\1" + split_used(1, 0, 1),
    "split_events": bytes([SPLIT[0] | EVENTS]) + b"\3" + ADD + ADD + b"\1\4" + split_used(0, 1, 9),
    "split_too_long": SPLIT + ADD + b"\1" + split_used(0, 0, 65),
    "split_of_nobody": SPLIT + ADD + b"\1" + split_used(0, 3, 1) + b"\7" + ADD,
    "split_unknown": SPLIT + ADD + b"\1" + split_used(0, 900, 1),
    "split_twice": SPLIT + ADD + ADD + b"\1" + split_used(0, 0, 1) + split_used(1, 0, 1),
    "split_full": SPLIT + b"\0\x0f\1\0\2\0\3\0\4\0\5\0\6\0" + ADD * 5 + b"\1",
    "packed": PACKED + ADD + b"\1" + packed_used(0, 0, 64) + ADD + b"\1" + packed_used(1, 0, 1),
    "packed_events": bytes([PACKED[0] | EVENTS]) + b"\3" + ADD + ADD + b"\1\4"
                     + packed_used(0, 1, 9),
    "packed_around": PACKED + (ADD + b"\1" + packed_used(0, 0, 1)) * 4 + ADD + b"\1"
                     + packed_used(0, 0, 1, 0),
    "packed_too_long": PACKED + ADD + b"\1" + packed_used(0, 0, 65),
    "packed_unknown": PACKED + ADD + b"\1" + packed_used(0, 900, 1),
    "packed_more_than_it_has": PACKED + packed_used(0, 0, 1),
}

def frame(how, *pieces):
    """One of packet_elements' frames."""
    data = b"".join(pieces)
    return struct.pack("<BH", how, len(data)) + data


ADDRESSES = bytes((2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2))
IPV4_UDP = struct.pack("!HBBHHHBBHII", 0x800, 0x45, 0, 28, 0, 0, 64, 17, 0, 0x0a000001, 0x0a000002)
IPV6_TCP = struct.pack("!HIHBB", 0x86dd, 0x60000000, 28, 0, 64) + bytes(32) + bytes((6, 0)) + bytes(6)
PORTS = struct.pack("!HHI", 4000, 53, 0)
FRAMES = (frame(254, ADDRESSES, IPV4_UDP, PORTS) + frame(3, ADDRESSES, IPV6_TCP, PORTS, bytes(12))
          + frame(0, ADDRESSES, b"\x81\0\0\x0a", IPV4_UDP, PORTS) + frame(255, ADDRESSES[:7]))

def arp(operation, sender, target):
    """A question to all or an answer, of the fuzz target's interfaces, which have no address."""
    return (bytes(6) if operation == 2 else b"\xff" * 6) + bytes((2, 0, 0, 0, 0, 9)) + struct.pack(
        "!HHHBBH6BI6xI", 0x806, 1, 0x800, 6, 4, operation, 2, 0, 0, 0, 0, 9, sender, target)


def ipv4(sender, target, protocol, payload):
    """A packet with a right sum to a router's interface."""
    head = struct.pack("!BBHHHBBHII", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0, sender,
                       target)
    total = sum(struct.unpack("!10H", head))
    total = ~((total & 0xffff) + (total >> 16)) & 0xffff
    return (bytes(6) + ADDRESSES[6:] + b"\x08\0" + head[:10] + struct.pack("!H", total) + head[12:]
            + payload)


ROUTED = (frame(0, arp(1, 0x0a000009, 0x0a000001)) + frame(0, ipv4(0x0a000009, 0x0a000109, 17, PORTS))
          + frame(1, arp(2, 0x0a000109, 0x0a000101)) + frame(0, ipv4(0x0a000009, 0x0b000001, 17, PORTS))
          + frame(0, ipv4(0x0a000009, 0x0a000101, 1, b"\x08\0\xf7\xff\0\0\0\0")))

NETWORKS = {
    "wire": b"net0 -> net1; net1 -> net0\0" + FRAMES,
    "filter": b"net0 -> filter deny udp port 1-53, allow from 10.0.0.0/8, allow ip6 tcp to ::/0,"
              b"\n allow vlan 10 type 0x800 -> net1\0" + FRAMES,
    "tags": b"net0 -> vlan_pop 10 -> vlan_push 11 priority 3 -> net1\nnet1 -> vlan_push 5 -> net0\0"
            + FRAMES,
    "limit": b"net0 -> limit 5 -> limit 70000 bytes burst 70000 -> c\nc = count; c -> drop\0" + FRAMES,
    "switch": b"s = switch 2\nnet0 -> s.0 -> net0 # one\nnet1 -> s.1 -> net1\nset report 3\0"
              + FRAMES * 3,
    "router": b"r = router 10.0.0.1/24, 10.0.1.1/24, 11.0.0.0/8 via 10.0.1.9\n"
              b"net0 -> r.0 -> net0; net1 -> r.1 -> net1\0" + ROUTED,
    "router_without_interface": b"net0 -> router 10.0.0.1/24 -> drop",
    "mistakes": b"net0 -> filter allow from 10.0.0.1/8 -> net1",
    "circle": b"a = count; a -> a",
}

ADDRESSES_OF_IP = {
    "ipv4": "198.18.0.1", "ipv4_prefix": "198.18.0.2/24", "ipv4_octal": "10.0.0.01",
    "ipv6": "1:2:3:4:5:6:7:89Ab", "ipv6_gap": "fd00:18::1", "ipv6_front": "::8/128",
    "ipv6_back": "1:2:3:4:5:6:7::/0", "ipv6_too_many": "1:2:3:4::5:6:7:8",
    "ipv6_with_ipv4": "::ffff:198.18.0.1", "two_slashes": "10.0.0.0/8/8",
}



def sent(number, length=80, *changes):
    """A frame that was sent, and what was changed: (place, bits)."""
    return (struct.pack("<BHHB", 1, length, number, len(changes))
            + b"".join(struct.pack("<HB", *change) for change in changes))


def arrived(data):
    return struct.pack("<BH", 0, len(data)) + data


SENT = sent(0) + sent(9, 1514) + sent(9) + sent(8, 80, (50, 1)) + sent(8200) + sent(1)
TRAFFIC = {
    "sent": b"send=net0 count=net1 bytes=60..1514 flows=8 run=7\0" + SENT,
    "sent_ipv6": b"send=net0 from=fd00:18::1 to=fd00:19::1 bytes=mix\0" + SENT,
    "unmarked": b"count=net0 payload=none wait=1 progress=0\0" + SENT,
    "changed_addresses": b"\0" + sent(0, 80, (5, 1), (11, 2)) + sent(8, 80, (22, 3)),
    "foreign": b"help\0" + arrived(ADDRESSES + IPV4_UDP + PORTS) + arrived(ADDRESSES[:7]),
    "mistakes": b"wire=net0 window=3 bytes=59 from-mac=1:2:3:4:5\0",
}

TEXTS = {"command_line": COMMAND_LINES, "ip_address": ADDRESSES_OF_IP, "formatter_scan": SCANS, "strtold": NUMBERS,
         "vm_test_filter": FILTERS}
BYTES = {"boot_pvh": START_INFOS, "formatter_print": PRINTS, "pvclock": CLOCKS, "rtc_cmos": DATES,
         "cpuid_rate": RATES, "xenstore": XENSTORE, "xen_ring": REQUEST_RINGS,
         "virtio_ring": VIRTQUEUES, "packet_elements": NETWORKS, "traffic": TRAFFIC}


def main():
    for target, inputs in (*TEXTS.items(), *BYTES.items()):
        for name, content in inputs.items():
            data = content.encode("latin-1") if isinstance(content, str) else content
            (HERE / target / "corpus" / name).write_bytes(data)
    for name, calls in MEMORY_MAPS.items():
        data = b"".join(struct.pack("<BQQ", KIND[kind], start, size)
                        for kind, start, size in calls)
        (HERE / "boot_info" / "corpus" / name).write_bytes(data)
    for name, (largest, text) in VALUES.items():
        (HERE / "parse_number" / "corpus" / name).write_bytes(
            struct.pack("<Q", largest) + text.encode())
    for name, machine in PCI_MACHINES.items():
        (HERE / "pci" / "corpus" / name).write_bytes(machine)
    for name, blob in TREES.items():
        (HERE / "device_tree" / "corpus" / f"{name}.dtb").write_bytes(blob)
    for name, blob in broken_trees():
        (HERE / "device_tree" / "corpus" / f"broken_{name}.dtb").write_bytes(blob)


if __name__ == "__main__":
    main()
