# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The full-screen menu, on a pseudo-terminal as a person meets it."""

import os
import unittest

from atoll.build import ARCHS
from atoll.cell import root

from .harness import OUT, ImageTest, configure, make
from .terminal import Terminal

# What an app is told to do, where that is not little by itself.
_WORDS = {"vm_tests": "vm_test.filter=ArchConformance*", "pktgen": "-- help"}
# What one says that needs more than a machine, and that make fails with.
_REFUSES = {"netfn": "there is no network interface"}


class Menuconfig(ImageTest):
    """make menuconfig in a tree without a .config."""

    def setUp(self):
        self.config = self.scratch() / "config"

    def screen(self):
        """The menu on a terminal of its own."""
        inherited = {name: value for name, value in os.environ.items()
                     if not name.startswith(("MAKE", "MFLAGS"))}
        return Terminal(["make", "menuconfig"], cwd=root(), env=inherited | {
            "TERM": "xterm", "KCONFIG_CONFIG": str(self.config), "O": f"{OUT}/menuconfig"})

    def choose(self, *symbols):
        """Jumps to each of `symbols`, chooses it, saves and leaves."""
        with self.screen() as screen:
            screen.expect("compose an image")
            for symbol in symbols:
                screen.type("/")
                screen.expect("Type text to narrow the search")
                screen.type(f"^{symbol}$\n")
                screen.expect(" → ")      # the path to the choice's entries
                screen.type(" ")
            screen.type("s")
            screen.expect("Filename to save configuration to")
            screen.type("\n")
            screen.expect("Configuration saved to")
            screen.type("\nq")
            self.assertEqual(screen.end(), 0, screen.shown)

    def test_app_and_architecture_chosen_boot(self):
        """Nothing else chosen: every app on every architecture."""
        for app in sorted(configure("helloworld").request.tree.apps):
            for arch in ARCHS:
                with self.subTest(app=app, arch=arch):
                    self.config.unlink(missing_ok=True)
                    self.choose(f"APP_{app.upper()}", f"ARCH_{arch.upper()}", "PLAT_KVM")
                    self.assertIn(f"CONFIG_APP_{app.upper()}=y\n", self.config.read_text())
                    words = _WORDS.get(app, "")
                    done = make("run", f"O={OUT}/menuconfig", "TIMEOUT=60", f"CMDLINE={words}",
                                KCONFIG_CONFIG=str(self.config))
                    self.assertEqual(done.returncode, 2 if app in _REFUSES else 0, done.stderr)
                    self.assertIn(f"\n{app}_kvm-{arch}: ", done.stderr)
                    self.assertIn(_REFUSES.get(app, ""), done.stdout)
                    self.assertNotIn("defconfig", done.stderr)

    def test_leaving_without_saving_changes_nothing(self):
        self.assertEqual(make("defconfig", "APP=hello_cpp",
                              KCONFIG_CONFIG=str(self.config)).returncode, 0)
        before = self.config.read_text()
        with self.screen() as screen:
            screen.expect("hello_cpp")
            screen.type("q")
            self.assertEqual(screen.end(), 0, screen.shown)
        self.assertEqual(self.config.read_text(), before)


if __name__ == "__main__":
    unittest.main()
