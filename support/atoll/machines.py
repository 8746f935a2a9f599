# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The QEMU command line of a cell."""

import re
import shutil

from . import elf
from .errors import Mistake

PROGRAMS = {"x86_64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}
MACHINES = {"x86_64": "microvm", "arm64": "virt"}


def program(arch):
    """QEMU for `arch`; Mistake where it is not installed."""
    name = PROGRAMS[arch]
    if shutil.which(name) is None:
        raise Mistake(f"{name} is not installed; `make prerequisites` lists and installs what "
                      "Atoll needs")
    return name


def check_memory(cell, memory):
    """Mistake where memory of that size, as `-m` takes it, does not hold the image: a
    monitor starts it all the same, and nothing is there that could say a word."""
    size, end = _bytes(memory), _image_end(cell.image)
    if size and end and size < end:
        raise Mistake(f"MEM={memory} does not hold the image, which reaches up to "
                      f"{-(-end // 1024):,}k")


def _bytes(memory):
    """The number of bytes that `-m` takes `memory` for; None where it is none."""
    number = re.fullmatch(r"(\d+)([kKmMgGtT]?)", memory)
    return number and int(number[1]) << {"k": 10, "m": 20, "g": 30,
                                         "t": 40}[number[2].lower() or "m"]


def _image_end(image):
    """The first physical address behind an ELF image; None for an image that its loader
    places."""
    if not elf.is_elf(image):
        return None
    return max(segment.physical + segment.memory_size for segment in elf.loaded(image))


# SeaBIOS, QEMU's firmware, moves itself to the end of RAM after QEMU has put the image
# into it: with less room than this behind the image it may run over it. qboot, which
# comes with QEMU too, stays below 1 MiB.
_FIRMWARE_ROOM = 1 << 20


def _firmware(cell, memory):
    size, end = _bytes(memory), _image_end(cell.image)
    return ["-bios", "qboot.rom"] if size and end and size < end + _FIRMWARE_ROOM else []


def command_line(cell, accelerator, memory="128M", cpus="1", machine=None, words="", extra=()):
    """The argument list that boots `cell` with its console on standard input and
    output; `words` is the image's command line."""
    kind = machine or MACHINES[cell.arch]
    model = "host" if accelerator == "kvm" else "max"
    return [program(cell.arch), "-accel", accelerator, "-M", kind, "-cpu", model, "-m", memory,
            "-smp", cpus, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-serial", "stdio", *_firmware(cell, memory), "-kernel", str(cell.image),
            "-append", words, *extra]
