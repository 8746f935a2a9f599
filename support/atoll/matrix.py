# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The matrix: which test runs in which cell and tier, declared once.

tests/images/ holds one Python module per subject. A module that takes part in
the matrix of cells runs once per cell in `CELLS`, unless `SKIPPED` gives a reason;
one that is about the build runs once.
"""

import os

from .cmake import quote

CELLS = (("kvm", "x86_64"), ("kvm", "arm64"), ("xen", "x86_64"), ("xen", "arm64"))

# Module: (tier, seconds, libraries whose `make test LIB=` includes it).
PER_CELL = {
    "hello": ("quick", 600, ()),
    "suite": ("quick", 1200, ()),
    "status": ("test", 600, ("shutdown", "panic")),
    "machines": ("test", 600, ()),
    "libc": ("test", 1200, ("libc", "libc_newlib", "libc_newlib_locks", "libc_newlib_strtold",
                            "libc_newlib_uchar", "posix_random", "posix_sleep", "posix_time")),
    "pthreads": ("test", 1200, ("iso_threads", "posix_threads")),
    "stress": ("test", 900, ("posix_threads", "sched_coop", "sched_preempt", "sync")),
    "signals": ("test", 1200, ("posix_process", "posix_signals", "posix_signals_threads")),
    "cxx": ("test", 1800, ("libcxx", "libcxx_no_files", "libcxx_one_thread", "libcxx_threads",
                           "posix_system_cpus")),
    "examples": ("test", 600, ()),
    "hostile": ("test", 600, ("boot_info", "device_tree", "command_line")),
    "debug": ("test", 300, ()),
    "symbolize": ("test", 300, ("panic",)),
    "alloc_debug": ("test", 900, ("alloc_debug", "alloc")),
    "budgets": ("test", 600, ()),
    "protection": ("test", 600, ("vm", "trap", "stack_protector")),
    "pci": ("test", 600, ("pci", "pci_host", "pci_host_acpi", "pci_host_device_tree",
                          "irq_messages_gic", "irq_messages_lapic")),
    "platforms": ("test", 300, ("boot_arm64", "boot_pvh")),
    "cpus": ("test", 900, ("cpu_start_lapic", "cpu_start_psci", "irq_gic", "irq_lapic", "sched_preempt",
                           "smp")),
    "virtio": ("test", 600, ("random_virtio", "virtio", "virtio_mmio", "virtio_mmio_acpi",
                             "virtio_mmio_device_tree", "virtio_ring")),
    "netdev": ("test", 600, ("buffer_pool", "netdev", "netdev_loopback", "netdev_virtio",
                             "virtio_pci")),
    "netdev_xen": ("test", 1800, ("netdev", "netdev_xen", "xenbus")),
    "netfn": ("test", 900, ("packet_elements", "packet_elements_basic", "packet_elements_route",
                            "packet_elements_switch")),
    "netfn_xen": ("test", 900, ("netdev_xen", "packet_elements")),
    "pktgen": ("test", 600, ("traffic",)),
    "xl": ("test", 600, ("console_xen", "plat_xen_arm64", "plat_xen_x86_64", "power_xen",
                         "stop_xenstore", "xen_events", "xenstore")),
}

ONCE = {
    "composition": ("test", 1200, ()),
    "configs": ("test", 900, ()),
    "loader_arm64": ("test", 600, ("arch_arm64", "boot_arm64", "device_tree")),
    "failures": ("test", 600, ()),
    "front_door": ("test", 600, ()),
    "fuzz": ("test", 600, ()),
    "libraries": ("test", 1200, ()),
    "locks": ("test", 600, ("lock", "sync")),
    "menuconfig": ("test", 600, ()),
    "network": ("test", 600, ()),
    "operations": ("test", 900, ("sched_coop", "sync")),
    "prerequisites": ("quick", 120, ()),
    "rebuild": ("test", 600, ()),
    "reports": ("test", 600, ()),
    "verify_host": ("test", 900, ()),
}

# What `make test-configs` tries in a tier: (tier, seconds, variables). Without a SEED
# the commit gives one.
CONFIGURATIONS = {
    "configs_fixed": ("test", 1200, {"N": "14", "SEED": "1",
                                     "ONLY": "random-* smallest-vm_tests-* largest-vm_tests-*"}),
    "configs_of_commit": ("test", 900, {"N": "6", "ONLY": "random-*"}),
    "configs_long": ("long", 6 * 3600, {"N": "300"}),
}

# Modules that do more in a longer tier: (tier, seconds, variables).
LONGER = {
    "stress": ("long", 4 * 3600, {"ATOLL_TEST_LOCKS": "10000000"}),
    "pktgen": ("long", 4 * 3600, {"ATOLL_TEST_PACKETS": "10000000"}),
    "netfn": ("long", 16 * 3600, {"ATOLL_TEST_PACKETS": "10000000"}),
    "netfn_xen": ("long", 16 * 3600, {"ATOLL_TEST_PACKETS": "10000000"}),
}

# (module, platform, architecture): the honest reason why it does not apply.
SKIPPED = {
    ("pci", "xen", "x86_64"): "Xen's guests of these kinds have no PCI",
    ("pci", "xen", "arm64"): "Xen's guests of these kinds have no PCI",
    ("xl", "kvm", "x86_64"): "KVM has no toolstack",
    ("xl", "kvm", "arm64"): "KVM has no toolstack",
    ("virtio", "xen", "x86_64"): "Xen's devices are no virtio ones",
    ("virtio", "xen", "arm64"): "Xen's devices are no virtio ones",
    ("netdev", "xen", "x86_64"): "a toolstack gives Xen's devices: netdev_xen",
    ("netdev", "xen", "arm64"): "a toolstack gives Xen's devices: netdev_xen",
    ("netdev_xen", "kvm", "x86_64"): "KVM has no toolstack",
    ("netdev_xen", "kvm", "arm64"): "KVM has no toolstack",
    ("netfn", "xen", "x86_64"): "a toolstack gives Xen's devices: netfn_xen",
    ("netfn", "xen", "arm64"): "a toolstack gives Xen's devices: netfn_xen",
    ("netfn_xen", "kvm", "x86_64"): "KVM has no toolstack",
    ("netfn_xen", "kvm", "arm64"): "KVM has no toolstack",
}


def ctest_lines(request, folder):
    """CMake text that registers every test of tests/images/."""
    lines = []
    bare = [part.name for part in request.tree if not _has_tests(request.tree, part)]
    for module, (tier, seconds, libraries) in PER_CELL.items():
        if module == "hello":   # for a library without tests of its own: an image still boots
            libraries = bare
        for plat, arch in CELLS:
            if (module, plat, arch) not in SKIPPED:
                lines += _test(f"image.{module}.{plat}-{arch}", module, tier, seconds, libraries,
                               [f"ATOLL_TEST_PLAT={plat}", f"ATOLL_TEST_ARCH={arch}"], folder)
    for module, (tier, seconds, variables) in LONGER.items():
        for plat, arch in CELLS:
            if (module, plat, arch) not in SKIPPED:
                lines += _test(f"image.{module}_long.{plat}-{arch}", module, tier, seconds, (),
                               [f"ATOLL_TEST_PLAT={plat}", f"ATOLL_TEST_ARCH={arch}",
                                *(f"{key}={value}" for key, value in variables.items())], folder)
    for module, (tier, seconds, libraries) in ONCE.items():
        lines += _test(f"build.{module}", module, tier, seconds, libraries, [], folder)
    for name, (tier, seconds, variables) in CONFIGURATIONS.items():
        lines += _configurations(name, tier, seconds, variables, folder)
    for part in request.tree:
        for plat, arch in CELLS:
            if part.kind != "app" and _has_vm_tests(request.tree, part) and _fits(part, plat, arch):
                lines += _library_test(part, plat, arch, request, folder)
    return (lines + _faults("sample", "test", ["N=1", "ARCH=x86_64"], folder)
            + _faults("all", "long", [], folder))


def _faults(name, tier, chosen, folder):
    """The seeded faults: one of each suite, another at each commit, or all."""
    environment = ";".join(["PYTHONPATH=${root}/support", "PYTHONDONTWRITEBYTECODE=1", *chosen,
                            f"O={folder / 'cells'}"])
    return [f"add_test(NAME faults.{name} COMMAND ${{ATOLL_PYTHON}} -m atoll test-faults",
            "  WORKING_DIRECTORY ${root})",
            f"set_tests_properties(faults.{name} PROPERTIES LABELS {tier} TIMEOUT 3600",
            f"  RESOURCE_LOCK faults ENVIRONMENT {quote(environment)})"]


def _has_vm_tests(tree, part):
    return bool(part.vm_tests or part.vm_tests_if or part.vm_conformance
                or part.provides and tree.interfaces[part.provides].vm_conformance)


def _has_tests(tree, part):
    listed = (*PER_CELL.values(), *ONCE.values())
    return bool(part.tests or part.conformance or _has_vm_tests(tree, part)
                or part.provides and tree.interfaces[part.provides].conformance
                or any(part.name in libraries for _, _, libraries in listed))


def _fits(part, plat, arch):
    return plat in (part.plats or [plat]) and arch in (part.archs or [arch])


def _library_test(part, plat, arch, request, folder):
    """What `make test LIB=` runs of a library in an image; the module `suite` runs the
    same in the tiers, in an image that holds many libraries."""
    name = f"vm.{part.name}.{plat}-{arch}"
    libraries = ",".join(os.path.abspath(path) for path in request.libraries)
    lines = _test(name, "library", None, 600, (part.name,),
                  [f"ATOLL_TEST_PLAT={plat}", f"ATOLL_TEST_ARCH={arch}",
                   f"ATOLL_TEST_LIBRARY={part.name}", f"ATOLL_TEST_LIBS={libraries}"],
                  folder)
    # All of them build in one folder, so that only what a setting touches is built again.
    return lines + [f"set_tests_properties({name} PROPERTIES RESOURCE_LOCK vm-{plat}-{arch})"]


def _configurations(name, tier, seconds, variables, folder):
    # What the user gave `make test` is not for this command.
    unset = dict.fromkeys(("N", "SEED", "ONLY", "FROM", "APP", "PLAT", "ARCH", "SET"), "")
    said = [f"{key}={value}" for key, value in (unset | variables).items()]
    name = f"build.{name}"
    lines = _ctest(name, "atoll test-configs", [tier], seconds,
                   said + [f"O={folder / 'cells' / name}"])
    return lines + [f"set_tests_properties({name} PROPERTIES PROCESSORS {os.cpu_count() or 1})"]


def _test(name, module, tier, seconds, libraries, variables, folder):
    labels = [*([tier] if tier else []), *(f"lib-{one}" for one in libraries)]
    return _ctest(name, f"unittest -v images.test_{module}", labels, seconds,
                  variables + [f"ATOLL_TEST_OUT={folder / 'cells'}"])


def _ctest(name, module, labels, seconds, variables):
    environment = ";".join(["PYTHONPATH=${root}/support", "PYTHONDONTWRITEBYTECODE=1", *variables])
    return [f"add_test(NAME {name} COMMAND ${{ATOLL_PYTHON}} -m {module}",
            "  WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})",
            f"set_tests_properties({name} PROPERTIES LABELS {quote(';'.join(labels))}",
            f"  TIMEOUT {seconds} ENVIRONMENT {quote(environment)})"]
