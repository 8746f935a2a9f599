# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Machines that run an image on Xen in QEMU. In those but `xl` there is no toolstack: the
image is the one domain, and it is there within a second."""

import functools
import os
import struct

from .. import machines
from ..errors import Mistake
from ..launch import Files, Launch
from . import device_tree, prepare
from .console import Dom0, Dom0less
from .debug_relay import DebugRelay
from .nested_memory import NestedMemory
from .xl_config import mebibytes

DEFAULTS = {"x86_64": "dom0", "arm64": "dom0less"}
EMULATED = "Xen in software emulation (TCG)"

# What QEMU adds to the image's memory for Xen, in bytes.
_ROOM = {"x86_64": 256 << 20, "arm64": 512 << 20}

# loglvl=info: that is the level of messages without one, as an image's output is.
XEN_WORDS = {
    "x86_64": "console=com1 com1=115200,8n1 loglvl=info guest_loglvl=all bootscrub=0",
    "arm64": "console=dtuart dtuart=/pl011@9000000 loglvl=info guest_loglvl=all bootscrub=0 "
             "conswitch=ax",
}
_BARE = ("-nodefaults", "-no-user-config", "-display", "none", "-no-reboot")


def launch(cell, _accelerator, memory, cpus, machine, words, extra, devices):
    """What boots the cell on `machine`, with its console on standard input and output."""
    kind = machine or DEFAULTS[cell.arch]
    if kind not in _LAUNCHES[cell.arch]:
        raise Mistake(f"there is no MACHINE={kind} for {cell.name}; there is "
                      f"{', '.join(_LAUNCHES[cell.arch])}")
    size = machines.memory_bytes(memory)
    if not size:
        raise Mistake(f"MEM={memory} is no amount of memory")
    more = {"devices": devices} if kind == "xl" else {}
    made = _LAUNCHES[cell.arch][kind](cell, size, cpus, words, **more)
    made.command += extra
    made.log = "xen.log"
    return made


# Where Xen has the memory of a domain on arm64 begin (xen/include/public/arch-arm.h,
# GUEST_RAM0_BASE).
_ARM64_RAM = 0x4000_0000


def no_network(kind, model, machine):
    """Why NET=`kind` is not there, with interfaces of that model; "" where it is."""
    if machine != "xl":
        return "without a toolstack nobody gives devices to a guest: add MACHINE=xl"
    if kind != "user":
        return "dom0 has one way out, which is NET=user"
    if model:
        return "a guest's interface is Xen's own: leave out NET_DEVICE="
    return ""


def no_ram_disk(machine):
    """Why INITRD= is not there; "" where it is."""
    return "" if machine == "xl" else "without a toolstack nobody loads it: add MACHINE=xl"


def first_byte(cell):
    """Where the image begins, in what it takes for physical memory."""
    if cell.arch == "x86_64":
        return machines.lowest_byte(cell.symbols)
    with open(cell.image, "rb") as image:   # text_offset, in the header for loaders
        return _ARM64_RAM + struct.unpack("<Q", image.read(16)[8:])[0]


def debug_stub(cell, launch, folder, stub):
    """What starts to listen for gdb in `folder`, and returns the socket."""
    if cell.arch != "x86_64":
        return None   # QEMU itself follows both page tables there
    # No file on a disk, whose writing back makes CPUs stand still that Xen measures clocks on.
    memory = f"/proc/{os.getpid()}/fd/{os.memfd_create('memory')}"
    place = folder / "relay"
    size = launch.command[launch.command.index("-m") + 1]
    launch.command += ["-object", f"memory-backend-file,id=ram,size={size},mem-path={memory},"
                                  "share=on", "-machine", "memory-backend=ram"]
    relay = DebugRelay(lambda: NestedMemory(memory, cell.symbols))

    def start():
        relay.start(stub, str(place))
        return str(place)
    return start


def qemu(arch, memory, cpus, machine, model="max"):
    """The beginning of QEMU's command line; an image finds the CPU that it finds on KVM's
    machines, as far as Xen shows it."""
    return [machines.program(arch), "-accel", "tcg", "-cpu", model, "-m",
            f"{-(-memory // (1 << 20))}M", "-smp", str(cpus), *_BARE, "-M", machine]


def _dom0(cell, memory, cpus, words):
    """The image as the first domain of an x86_64 Xen, which needs an IOMMU for it."""
    files = Files()
    # QEMU takes the words from the first blank on, and more modules from a comma on.
    image = files.path / "image"
    image.symlink_to(os.path.abspath(cell.image))
    kib = memory >> 10
    # Pinned: Xen loads a CPU's FPU and XCR0 when CR0.TS traps their first use, and QEMU's
    # XSAVE does not trap (Intel SDM 1 §13.5.3).
    xen = (f"{XEN_WORDS['x86_64']} dom0=pvh dom0_mem={kib}K,max:{kib}K "
           f"dom0_max_vcpus={cpus}{' dom0_vcpus_pin' if int(cpus) > 1 else ''}")
    command = [*qemu("x86_64", memory + _ROOM["x86_64"], cpus, "q35"),
               "-device", "intel-iommu", "-serial", "stdio",
               "-kernel", str(prepare.hypervisor("x86_64") / prepare.HYPERVISOR), "-append", xen,
               "-initrd", f"{image} {words}".replace(",", ",,")]
    return Launch(command, Dom0, files)


ARM64_MACHINE = "virt,virtualization=on,gic-version=3"


def _dom0less(cell, memory, cpus, words, services=True):
    """The image as a domain that Xen on arm64 starts by itself, without a first one."""
    start = qemu("arm64", memory + _ROOM["arm64"], cpus, ARM64_MACHINE)
    source = device_tree.of_machine(tuple(start))
    size = os.stat(cell.image).st_size
    node = device_tree.domain(memory >> 10, cpus, size, words, services)
    files = Files()
    tree = files.path / "tree"
    # Xen's default scheduler may forget a CPU of the domain that a debug key (.console)
    # displaced, for ever; this one does not, and takes half the time.
    tree.write_bytes(device_tree.compiled(
        device_tree.patched(source, XEN_WORDS["arm64"] + " sched=credit", [node])))
    command = [*start, "-serial", "stdio", "-dtb", str(tree),
               "-kernel", str(prepare.hypervisor("arm64") / prepare.HYPERVISOR),
               "-device", loader(cell.image, device_tree.KERNEL_ADDRESS)]
    return Launch(command, Dom0less, files)


def _xl(cell, memory, cpus, words, devices):
    """The image as a guest of the toolstack."""
    from .xl_machine import XlLaunch   # which has the other machines' parts
    return XlLaunch(cell, mebibytes(memory), int(cpus), words, devices)


def _host(cell, memory, cpus, words):
    """The image as a guest of the Xen that this machine runs on."""
    from .host_machine import HostLaunch   # which most users have no use for
    return HostLaunch(cell, mebibytes(memory), int(cpus), words)


def loader(file, address):
    """The QEMU device that puts a file into memory."""
    path = os.path.abspath(file).replace(",", ",,")
    return f"loader,file={path},addr={address:#x},force-raw=on"


_LAUNCHES = {"x86_64": {"dom0": _dom0, "xl": _xl, "host": _host},
             "arm64": {"dom0less": _dom0less,
                       "dom0less-plain": functools.partial(_dom0less, services=False),
                       "xl": _xl, "host": _host}}
