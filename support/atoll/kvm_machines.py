# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Machines that QEMU makes for an image, with KVM or in emulation."""

from . import qemu_devices
from .launch import Launch
from .machines import image_end, lowest_byte, memory_bytes, program

DEFAULTS = {"x86_64": "microvm", "arm64": "virt"}
EMULATED = ""

# SeaBIOS, QEMU's firmware, moves itself to the end of RAM after QEMU has put the image
# into it: with less room than this behind the image it may run over it. qboot, which
# comes with QEMU too, stays below 1 MiB.
_FIRMWARE_ROOM = 1 << 20


def launch(cell, accelerator, memory, cpus, machine, words, extra, devices):
    """What boots the cell."""
    kind = machine or DEFAULTS[cell.arch]
    model = "host" if accelerator == "kvm" else "max"
    return Launch([program(cell.arch), "-accel", accelerator, "-M", kind, "-cpu", model, "-m",
                   memory, "-smp", cpus, "-nodefaults", "-no-user-config", "-display", "none",
                   "-no-reboot", "-serial", "stdio", *_firmware(cell, memory),
                   *qemu_devices.words(kind, devices), "-kernel", str(cell.image),
                   "-append", words,
                   *(["-initrd", str(devices.ram_disk)] if devices.ram_disk else []), *extra], descriptors=devices.descriptors)


def no_network(_kind, _model, _machine):
    """Nothing is in the way."""
    return ""


def no_ram_disk(_machine):
    """Nothing is in the way."""
    return ""


def first_byte(cell):
    """The physical address that the image's first byte is put at; None where the monitor's
    own few instructions are what to follow there."""
    return lowest_byte(cell.symbols) if cell.arch == "x86_64" else None


def debug_stub(_cell, _launch, _folder, _stub):
    """Nothing: gdb and QEMU understand each other."""
    return None


def _firmware(cell, memory):
    size, end = memory_bytes(memory), image_end(cell.image)
    return ["-bios", "qboot.rom"] if size and end and size < end + _FIRMWARE_ROOM else []
