# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The QEMU command line of a cell, and whether hardware can run it."""

import functools
import os
import re
import shutil
import struct
import subprocess

from .errors import Mistake
from .toolchain import machine

PROGRAMS = {"x86_64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}
MACHINES = {"x86_64": "microvm", "arm64": "virt"}


@functools.cache
def pick_accelerator(arch):
    """("kvm" or "tcg", one sentence saying why)."""
    if machine() != arch:
        return "tcg", f"software emulation (TCG): this machine is {machine()}, not {arch}"
    if not os.path.exists("/dev/kvm"):
        return "tcg", "software emulation (TCG): there is no /dev/kvm"
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "tcg", ("software emulation (TCG): /dev/kvm may not be opened; "
                       "joining the group kvm helps")
    if arch == "x86_64" and not _virtualizes():
        return "tcg", ("software emulation (TCG): /dev/kvm opens, but the CPU has no vmx or svm "
                       "flag, so that guests would not run at speed")
    if not _trial(arch):
        return "tcg", "software emulation (TCG): a trial guest did not start on /dev/kvm"
    return "kvm", "hardware virtualization (KVM)"


def _virtualizes():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as text:
            words = set(text.read().split())
    except OSError:
        return False
    return bool(words & {"vmx", "svm"})


def _trial(arch):
    """Whether QEMU keeps a KVM guest for a moment: it gives up at once where the
    device cannot run one."""
    try:
        command = [_program(arch), "-accel", "kvm", "-M", MACHINES[arch], "-cpu", "host",
                   "-display", "none", "-nodefaults", "-S", "-m", "32M"]
        subprocess.run(command, timeout=1, capture_output=True, check=True)
    except subprocess.TimeoutExpired:
        return True
    except (OSError, subprocess.CalledProcessError):
        return False
    return False


def _program(arch):
    program = PROGRAMS[arch]
    if shutil.which(program) is None:
        raise Mistake(f"{program} is not installed; `make prerequisites` lists and installs what "
                      "Atoll needs")
    return program


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
    """The first physical address behind an ELF image (System V ABI, Program Header);
    None for an image that its loader places."""
    data = image.read_bytes()
    if data[:6] != b"\x7fELF\x02\x01":
        return None
    table, = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    ends = []
    for at in range(table, table + size * count, size):
        kind, _, _, _, place, _, length = struct.unpack_from("<IIQQQQQ", data, at)
        if kind == 1:   # PT_LOAD
            ends.append(place + length)
    return max(ends)


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
    return [_program(cell.arch), "-accel", accelerator, "-M", kind, "-cpu", model, "-m", memory,
            "-smp", cpus, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-serial", "stdio", *_firmware(cell, memory), "-kernel", str(cell.image),
            "-append", words, *extra]
