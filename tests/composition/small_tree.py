# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""A tree of a few micro-libraries in a temporary folder, to make mistakes in."""

import contextlib
import pathlib
import tempfile

from atoll.composition import Composition
from atoll.kconfig import Menu
from atoll.model import Tree

_KCONFIG = """
mainmenu "small"
choice APP
	prompt "Application"
endchoice
choice PLAT
	prompt "Platform"
config PLAT_KVM
	bool "kvm"
config PLAT_XEN
	bool "xen"
endchoice
choice ARCH
	prompt "Architecture"
config ARCH_X86_64
	bool "x86_64"
config ARCH_ARM64
	bool "arm64"
endchoice
source "$(ATOLL_APPS)"
source "$(ATOLL_LIBRARIES)"
"""

_FILES = {
    "Kconfig": _KCONFIG,
    "apps/hello/CMakeLists.txt": "micro_app(NAME hello SOURCES main.cpp DEPENDS food)",
    "apps/hello/main.cpp": "",
    "apps/hello/Kconfig": "choice APP\nconfig APP_HELLO\n\tbool \"hello\"\nendchoice\n",
    "lib/base/CMakeLists.txt": "micro_library(NAME base LAYER base)",
    "lib/cstring/CMakeLists.txt": "micro_library(NAME cstring LAYER base)",
    "lib/stack_protector/CMakeLists.txt": "micro_library(NAME stack_protector LAYER base)",
    "lib/food/CMakeLists.txt": "micro_interface(NAME food VERSION 1 DEPENDS base)",
    "lib/food/Kconfig": "config NEED_FOOD\n\tbool\nchoice FOOD\n\tprompt \"Food\"\n"
                        "\tdepends on NEED_FOOD\n\tdefault LIB_FOOD_RICE\nendchoice\n",
    "lib/food_rice/CMakeLists.txt":
        "micro_library(NAME food_rice PROVIDES food VERSION 1 SOURCES rice.cpp INIT rice_init)",
    "lib/food_rice/rice.cpp": "",
    "lib/food_rice/Kconfig": "choice FOOD\nconfig LIB_FOOD_RICE\n\tbool \"rice\"\nendchoice\n"
                             "if LIB_FOOD_RICE\nconfig FOOD_RICE_GRAINS\n\tint \"grains\"\n"
                             "\tdefault 7\nendif\n",
    "lib/food_bread/CMakeLists.txt":
        "micro_library(NAME food_bread PROVIDES food VERSION 1 DEPENDS oven INIT bread_init)",
    "lib/food_bread/Kconfig": "choice FOOD\nconfig LIB_FOOD_BREAD\n\tbool \"bread\"\nendchoice\n",
    "lib/oven/CMakeLists.txt": "micro_library(NAME oven INIT oven_init FINI oven_off)",
    "lib/salt/CMakeLists.txt": "micro_library(NAME salt)",
    "lib/salt/Kconfig": "config LIB_SALT\n\tbool \"salt\"\n\tdepends on PLAT_XEN\n",
}


class SmallTree:
    """The folder, with a few files changed from the ones that work."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()

    def write(self, changes):
        """Writes files, by their path inside the tree."""
        for name, text in changes.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def load(self):
        """Its declarations."""
        return Tree.load(self.folder)

    def menu(self):
        """Its menu."""
        return Menu(self.folder, self.load(), self.folder / "build" / "menu")

    def compose(self, overrides=(), base=None, plat="kvm", arch="x86_64"):
        """The composition of `hello`; `overrides` as SET would give them."""
        menu = self.menu()
        cell = [("APP_HELLO", "y", "APP"), (f"PLAT_{plat.upper()}", "y", "PLAT"),
                (f"ARCH_{arch.upper()}", "y", "ARCH")]
        said = [(name, value, "SET") for name, value in overrides]
        menu.resolve(base, cell + said, strict=True)
        return Composition(menu.tree, menu, "hello", plat, arch)


@contextlib.contextmanager
def small_tree(changes=None):
    """A SmallTree that is gone at the end of the block."""
    with tempfile.TemporaryDirectory(prefix="atoll-test-") as folder:
        tree = SmallTree(folder)
        tree.write(_FILES)
        tree.write(changes or {})
        yield tree
