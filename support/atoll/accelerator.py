# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Whether this machine's hardware can run a cell."""

import functools
import os
import struct
import subprocess
import tempfile

from . import kvm_machines, machines
from .errors import Mistake
from .toolchain import machine


def pick_for(cell):
    """How to run the cell: ("kvm" or "tcg", one sentence saying why)."""
    always = machines.platform(cell.plat).EMULATED
    return ("tcg", always) if always else pick_accelerator(cell.arch)


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
    if not trial(arch):
        return "tcg", "software emulation (TCG): a trial guest did not run to its end on /dev/kvm"
    return "kvm", "hardware virtualization (KVM)"


def _virtualizes():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as text:
            words = set(text.read().split())
    except OSError:
        return False
    return bool(words & {"vmx", "svm"})


# A guest that ends at once, in place of the firmware: what it takes to see whether
# guests run at all.
#
# x86_64: the last 16 bytes are where the CPU starts (Intel SDM 3A §9.1.4, First
# Instruction Executed): mov $42, %al; out %al, $0xf4; hlt. QEMU's isa-debug-exit makes
# the status 2 * 42 + 1 of it.
# arm64: SYSTEM_OFF by hvc (Arm DEN0022, 5.1.9): mov w0, #0x84000008; hvc #0; b .
_TRIALS = {
    "x86_64": (b"\xf4" * 0xfff0 + b"\xb0\x2a\xe6\xf4\xf4".ljust(16, b"\xf4"), 85,
               ["-m", "2M", "-device", "isa-debug-exit,iobase=0xf4,iosize=1"]),
    "arm64": (struct.pack("<4I", 0x5280_0100, 0x72b0_8000, 0xd400_0002, 0x1400_0000), 0,
              ["-m", "32M"]),
}


def trial(arch, accelerator="kvm", seconds=3):
    """Whether a guest of a few instructions runs to its end in that time."""
    code, status, words = _TRIALS[arch]
    with tempfile.NamedTemporaryFile(prefix="atoll-trial-") as file:
        file.write(code)
        file.flush()
        try:
            done = subprocess.run(
                [machines.program(arch), "-accel", accelerator, "-M", kvm_machines.DEFAULTS[arch],
                 "-cpu", "host" if accelerator == "kvm" else "max", "-bios", file.name,
                 "-display", "none", "-nodefaults", "-no-user-config", "-no-reboot", *words],
                timeout=seconds, capture_output=True, stdin=subprocess.DEVNULL, check=False)
        except (OSError, Mistake, subprocess.TimeoutExpired):
            return False
    return done.returncode == status
