# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""prerequisites.sh on machines of every kind, with a package manager that only writes
down what it was told."""

import os
import shutil
import subprocess
import unittest

from atoll.cell import root

from .harness import ImageTest
from .terminal import Terminal

_LIST = """\
# group  package                proof                 what for
run      old-name|new-name      atoll-proof|other     the test
test     never-wanted           atoll-never           another group
"""
_REAL = ("sh", "dirname", "tr", "grep", "sort", "sed", "xargs", "cat")


class Prerequisites(ImageTest):
    """What is asked, installed, said and returned."""

    def setUp(self):
        self.folder = self.scratch()
        self.bin, self.log = self.folder / "bin", self.folder / "log"
        self.bin.mkdir()
        self.log.touch()
        for name in _REAL:
            os.symlink(shutil.which(name), self.bin / name)
        shutil.copy(root() / "support" / "prerequisites.sh", self.folder)
        (self.folder / "packages.txt").write_text(_LIST, encoding="utf-8")
        self.fake("id", "echo 0")
        self.fake("apt-cache", '[ "$2" = new-name ]')
        self.fake("apt-get", f'echo "apt-get $*" >> {self.log}\n'
                             f'[ "$1" != install ] || : > {self.bin}/atoll-proof\n'
                             f'[ "$1" != install ] || /bin/chmod +x {self.bin}/atoll-proof')

    def fake(self, name, script):
        """A program of that name on the machine."""
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def user(self, sudo=True):
        """The machine's user is not root."""
        self.fake("id", "echo 1000")
        if sudo:
            self.fake("sudo", f'echo "sudo $1" >> {self.log}\nexec "$@"')

    def command(self):
        """How the script is called, and with which environment."""
        return [str(self.folder / "prerequisites.sh"), "run"], {"PATH": str(self.bin)}

    def ask(self, **environment):
        """(status, what it said) without a terminal."""
        words, inherited = self.command()
        done = subprocess.run(words, env=inherited | environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    def assert_installed(self, how=""):
        """The one package that is missing was installed, by a list that is fresh."""
        said = self.log.read_text().splitlines()
        self.assertEqual([line for line in said if line.startswith("apt-get")],
                         ["apt-get update -q",
                          "apt-get install -q -y --no-install-recommends new-name"])
        self.assertEqual("sudo apt-get" in said, how == "sudo")

    def test_all_there(self):
        self.fake("other", "")
        self.assertEqual(self.ask(), (0, ""))
        self.assertEqual(self.log.read_text(), "")

    def test_root_installs(self):
        status, said = self.ask()
        self.assertEqual(status, 0, said)
        self.assertIn("Atoll needs these packages, which are not installed:\n  new-name\n", said)
        self.assert_installed()

    def test_nothing_is_installed_when_told_so(self):
        for user in (False, True):
            if user:
                self.user()
            status, said = self.ask(INSTALL="no", YES="1")
            self.assertEqual(status, 1)
            self.assertIn("INSTALL=no: type  apt-get update && apt-get install "
                          "--no-install-recommends new-name\n", said)
        self.assertEqual(self.log.read_text(), "")

    def test_a_user_without_a_terminal_is_told_what_to_type(self):
        self.user()
        status, said = self.ask()
        self.assertEqual(status, 1)
        self.assertIn("type  make prerequisites YES=1  or, as root:  apt-get update", said)
        self.assertEqual(self.log.read_text(), "")

    def test_a_user_with_yes(self):
        self.user()
        status, said = self.ask(YES="1")
        self.assertEqual(status, 0, said)
        self.assert_installed("sudo")

    def test_a_user_without_sudo(self):
        self.user(sudo=False)
        status, said = self.ask(YES="1")
        self.assertEqual(status, 1)
        self.assertIn("type, as root:  apt-get update", said)

    def test_one_question_on_a_terminal(self):
        self.user()
        for answer, status in (("n", 1), ("", 0)):
            words, environment = self.command()
            with Terminal(words, env=environment) as terminal:
                terminal.expect("Install them with sudo apt-get? [Y/n]")
                terminal.type(answer + "\n")
                self.assertEqual(terminal.end(), status, terminal.shown)
            if status:
                self.assertEqual(self.log.read_text(), "")
        self.assert_installed("sudo")

    def test_a_package_manager_that_fails(self):
        self.fake("apt-get", "echo 'E: no network' >&2; exit 100")
        status, said = self.ask()
        self.assertEqual(status, 1)
        self.assertIn("E: no network\nthe packages could not be installed", said)
        self.assertIn("by hand:  apt-get update", said)

    def test_a_package_that_does_not_bring_its_proof(self):
        self.fake("apt-get", "")
        status, said = self.ask()
        self.assertEqual(status, 1)
        self.assertIn("still missing after the installation: new-name", said)

    def test_another_package_manager(self):
        (self.bin / "apt-get").unlink()
        status, said = self.ask()
        self.assertEqual(status, 1)
        self.assertIn("this system has no apt-get", said)


if __name__ == "__main__":
    unittest.main()
