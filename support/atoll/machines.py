# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""How a cell is booted: what it takes on its platform, and what holds for all of them."""

import importlib
import re
import shutil

from . import elf
from .devices import NONE
from .errors import Mistake

PROGRAMS = {"x86_64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}

# A platform's module has
#   DEFAULTS                 the machine of each architecture that MACHINE= stands for
#   EMULATED                 why it always runs in software emulation; "" where it need not
#   no_network(kind, model, machine)
#                            why there is no NET=kind for interfaces of NET_DEVICE=model; "" where
#                            there is
#   no_ram_disk(machine)     why there is no INITRD=; "" where there is
#   first_byte(cell)         where the image begins, in what it takes for physical memory;
#                            None for where the monitor's own first instructions jump to
#   debug_stub(cell, launch, folder, stub)
#                            makes what is to stand between gdb and the monitor's socket
#                            `stub`, and readies the Launch for it; None where it is nothing
#   launch(cell, accelerator, memory, cpus, machine, words, extra, devices) -> Launch
_PLATFORMS = {"kvm": ".kvm_machines", "xen": ".xen.machines"}


def platform(name):
    """The module of the platform `name`."""
    return importlib.import_module(_PLATFORMS[name], __package__)


def launch(cell, accelerator, memory="128M", cpus="1", machine=None, words="", extra=(),
           devices=NONE):
    """The Launch that boots `cell` with its console on standard input and output; `words`
    is the image's command line, `extra` more of the monitor's."""
    return platform(cell.plat).launch(cell, accelerator, memory, cpus, machine, words, extra,
                                      devices)


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
    size, end = memory_bytes(memory), image_end(cell.image)
    if size and end and size < end:
        raise Mistake(f"MEM={memory} does not hold the image, which reaches up to "
                      f"{-(-end // 1024):,}k")


def memory_bytes(memory):
    """The number of bytes that `-m` takes `memory` for; None where it is none."""
    number = re.fullmatch(r"(\d+)([kKmMgGtT]?)", memory)
    return number and int(number[1]) << {"k": 10, "m": 20, "g": 30,
                                         "t": 40}[number[2].lower() or "m"]


def lowest_byte(image):
    """The first physical address of an ELF image."""
    return min(segment.physical for segment in elf.loaded(image))


def image_end(image):
    """The first physical address behind an ELF image; None for an image that its loader
    places."""
    if not elf.is_elf(image):
        return None
    return max(segment.physical + segment.memory_size for segment in elf.loaded(image))
