# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Devices as QEMU is told of them."""


def words(machine, devices):
    """The words of QEMU's command line for devices of an image's own."""
    said = list(_modern(machine))
    for number, interface in enumerate(devices.interfaces):
        said += connected(interface, _interface(machine, devices.model, number, interface))
    if devices.entropy:
        said += ["-device", "virtio-rng-device" if _without_pci(machine) else "virtio-rng-pci"]
    return said


def connected(interface, device):
    """The words for a `device` of QEMU's that leads where the interface does."""
    said = ["-netdev", f"{interface.backend},id={interface.name}",
            "-device", f"{device},netdev={interface.name}"]
    if interface.capture:
        file = str(interface.capture).replace(",", ",,")
        said += ["-object", f"filter-dump,id={interface.name}-capture,netdev={interface.name},"
                            f"file={file},maxlen=65535"]
    return said


def _modern(machine):
    """virtio-mmio as the specification has it (virtio 1.2 §4.2): QEMU's is the legacy one
    (§4.2.4) until it is told so, and warns of the word where the machine has none."""
    kind = machine.partition(",")[0]
    if _without_pci(machine) or kind == "virt" or kind.startswith("virt-"):
        return ["-global", "virtio-mmio.force-legacy=false"]
    return []


def _without_pci(machine):
    return machine.partition(",")[0] == "microvm"


def _interface(machine, asked, number, interface):
    """What -device takes; `asked` has properties of the machine's own model, or begins with
    the name of another one."""
    first = asked.partition(",")[0]
    if first and "=" not in first:
        device = asked
    else:
        # No ROM to boot from: firmware would run it.
        own = "virtio-net-device" if _without_pci(machine) else "virtio-net-pci,romfile="
        device = own + (f",{asked}" if asked else "")
    if interface.queues > 1 and "mq=" not in device:
        device += ",mq=on"
    if device.startswith("virtio-net-device") and "bus=" not in device:
        # By themselves they would lie at falling addresses. The first place is left free: QEMU
        # takes input 0 of every IOAPIC for its input 2 (hw/intc/ioapic.c), and microvm's second
        # one begins there.
        device += f",bus=virtio-mmio-bus.{number + 1}"
    return device
