# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The CPUS_TESTS of every part, on the host's machine of several CPUs: a program for each
scheduler that has them, composed as the app vm_tests is, but for what the machine plays."""

import os
from pathlib import Path

from . import generate
from .cmake import quote, words
from .composition import Composition
from .write import write_if_changed

_CPUS = 4
_SETTINGS = (("ARCH_MAX_CPUS", str(_CPUS)), ("LOCK_DEBUG", "y"))

# What runs there as in an image, beside the scheduler: a whole part, or the files named.
# tests/host/cpus plays the rest.
_AS_IT_IS = {"arch_x86_64": ["src/shoot_down.cpp"], "base": None, "deadline": None, "irq": None,
             "irq_gic": ["tests/fake_gic.cpp"], "lock": None, "log": None, "sched": None,
             "sched_threads": None, "smp": None, "sync": None, "timer": None,
             "vm_test": ["src/filter.cpp", "src/run.cpp"]}
# Of the configuration alone: what is compiled for it is portable.
_ARCH = "x86_64"


def ctest_lines(request, folder, menu, host_includes):
    """CMake text for the programs. `menu` is resolved anew for each; `host_includes(names)`
    are the include folders of what `names` need."""
    lines = []
    for provider in request.tree.providers("sched"):
        composition = _compose(request.tree, menu, provider)
        if composition is not None:
            lines += _program(composition, provider, folder / "generated" / f"cpus_{provider.name}",
                              host_includes)
    return lines


def _compose(tree, menu, provider):
    """vm_tests with `provider` on several CPUs; None where that serves one only."""
    chosen = [("APP_VM_TESTS", "y"), ("PLAT_KVM", "y"), (f"ARCH_{_ARCH.upper()}", "y"),
              (provider.symbol, "y")]
    said = "the test programs of several CPUs"
    defconfig = Path(tree.apps["vm_tests"].directory) / "defconfig"
    menu.resolve(defconfig, [(*one, said) for one in chosen], strict=False)
    if menu.value("SCHED_MANY_CPUS") != "y":
        return None
    if menu.value("SCHED_HAS_PRIORITIES") == "y":
        chosen.append(("SCHED_PRIORITY_INHERITANCE", "y"))
    slice_option = f"{provider.name.upper()}_SLICE_US"
    chosen += _SETTINGS
    if menu.has_prompt(slice_option):
        chosen.append((slice_option, "100"))   # so that threads lose the CPU often
    menu.resolve(defconfig, [(*one, said) for one in chosen], strict=False)
    return Composition(tree, menu, "vm_tests", "kvm", _ARCH)


def _program(composition, provider, folder, host_includes):
    parts = [(composition.tree.part(name), files)
             for name, files in (*_AS_IT_IS.items(), (provider.name, None))
             if files or name in composition]
    tests = [os.path.join(part.directory, file) for part, _ in parts
             for file in _tests(composition, part)]
    generate.config_headers(composition.parts, composition.menu, folder / "include")
    write_if_changed(folder / "vm_tests.cpp", generate.vm_tests(tests))
    sources = [os.path.join(part.directory, file) for part, files in parts
               for file in files or composition.sources(part)]
    includes = host_includes([part.name for part, _ in parts])
    lines = ["atoll_cpus_test(", f"    NAME cpus_{provider.name}",
             f"    CONFIG {quote(folder / 'include')}"]
    lines += words("SOURCES", [*sources, *tests, folder / "vm_tests.cpp"])
    lines += words("INCLUDES", includes + [os.path.join(provider.directory, "src")])
    lines += words("CPUS", ["1", "2", str(_CPUS)])
    lines += words("PARTS", dict.fromkeys(part.name for part, _ in parts if part.cpus_tests))
    return lines + [")", ""]


def _tests(composition, part):
    """The CPUS_TESTS of `part`, without those of VM_TESTS_IF whose option is off."""
    off = {file for _, files in part.vm_tests_if for file in files}
    if part.name in composition:
        off -= set(composition.vm_tests(part))
    return [file for file in part.cpus_tests if file not in off]
