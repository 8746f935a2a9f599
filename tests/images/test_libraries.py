# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""New libraries, inside and outside the tree, without a change to an existing file."""

import contextlib
import io
import os
import re
import shutil
import subprocess
import unittest

from atoll.cell import root
from atoll.errors import Mistake
from atoll.new import new_library

from .harness import ARCH, OUT, ImageTest, arguments, compose, configure, make, run

# Kept between runs: only what lies outside the tree is new each time.
_OUTSIDE = os.path.join(OUT, "outside")


class Libraries(ImageTest):
    """make new-lib, make new-app, and the tutorial."""

    @classmethod
    def setUpClass(cls):
        cls.copy = cls.class_copy_of_tree()

    def _changed(self):
        """Files of the original that differ in the copy."""
        done = subprocess.run(["diff", "-rq", "-x", "build", "-x", ".git", "-x", ".config*", "-x",
                               "compile_commands.json", "-x", "__pycache__", str(root()),
                               str(self.copy)], capture_output=True, text=True, check=False)
        return [line for line in done.stdout.splitlines() if line.startswith("Files ")]

    @staticmethod
    def _status():
        """What git sees of the checkout; nothing where it is none."""
        return subprocess.run(["git", "status", "--porcelain"], cwd=root(), capture_output=True,
                              text=True, check=False).stdout

    def _ok(self, *words, folder):
        done = make(*words, folder=folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_a_leaf_inside_the_tree(self):
        self._ok("new-lib", "NAME=greeter", folder=self.copy)
        self._ok("APP=hello_cpp", f"ARCH={ARCH}", "SET=LIB_GREETER=y", folder=self.copy)
        self.assertEqual(self._changed(), [])

    def test_a_provider_outside_the_tree(self):
        """An allocator as `make new-lib` writes it: chosen, booted, and held to its
        interface's conformance suite, which goes red where it keeps no promise;
        the checkout stays as it is."""
        folder, before = self.scratch(), self._status()
        self._ok("new-lib", "NAME=alloc_mine", "PROVIDES=alloc", f"LIB={folder}/libs",
                 folder=root())
        common = (f"ATOLL_LIBS={folder}/libs", f"O={_OUTSIDE}")
        said = self._ok("run", "APP=helloworld", f"ARCH={ARCH}", "SET=LIB_ALLOC_MINE=y", *common,
                        folder=root())
        self.assertIn("Hello, world!", said)
        self.assertRegex(said, r"micro-libraries: .*\balloc_mine\b")
        self.assertNotIn("alloc_buddy", said)
        said = self._ok("test", "LIB=alloc_mine", *common, folder=root())
        for name in ("host.conformance_alloc_mine", "vm.alloc_mine.kvm-x86_64",
                     "vm.alloc_mine.kvm-arm64"):
            self.assertRegex(said, rf"{name} \.+ +Passed")
        self.assertNotIn("image.suite", said)
        self._break(folder / "libs/alloc_mine/src/alloc_mine.cpp", "now_.count(0, ")
        done = make("test", "LIB=alloc_mine", *common)
        self.assertNotEqual(done.returncode, 0)
        for name in ("host.conformance_alloc_mine", f"vm.alloc_mine.kvm-{ARCH}"):
            self.assertRegex(done.stdout, rf"{name} \.+\*+Failed")
        self.assertIn("statistics().in_use == before.in_use", done.stdout)
        self.assertEqual(self._status(), before)

    def test_a_scheduler_outside_the_tree(self):
        """The host's part of what examples/sched_edf owes; test_examples.py has the images'."""
        before = self._status()
        said = self._ok("test", "LIB=sched_edf", f"ATOLL_LIBS={root() / 'examples/sched_edf'}",
                        f"O={_OUTSIDE}", "TESTS_MATCHING=^host", folder=root())
        for name in ("host.conformance_sched_edf", "host.test_sched_edf"):
            self.assertRegex(said, rf"{name} \.+ +Passed")
        self.assertEqual(self._status(), before)

    def test_a_preemptive_scheduler_without_its_locks(self):
        """Locks that would not keep the CPU are a mistake that the build names."""
        folder = self.scratch() / "sched_edf"
        shutil.copytree(root() / "examples/sched_edf", folder)
        self._break(folder / "Kconfig", "select LOCK_PREEMPTION")
        done = make("APP=helloworld", f"ARCH={ARCH}", "SET=LIB_SCHED_EDF=y",
                    f"ATOLL_LIBS={folder}", f"O={_OUTSIDE}")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("its Kconfig entry must say `select LOCK_PREEMPTION`", done.stdout)

    def test_a_provider_of_every_interface(self):
        """What `make new-lib` writes works, or its build says what it lacks."""
        folder = self.scratch()
        tree = configure("vm_tests").composition.tree
        interfaces = tree.interfaces
        lacking = set()
        for interface in interfaces.values():
            with self.subTest(interface=interface.name):
                name = f"{interface.name}_mine"
                said = io.StringIO()
                try:
                    with contextlib.redirect_stdout(said):
                        new_library(arguments(name=name, provides=interface.name, lib=str(folder)))
                except Mistake as mistake:
                    self.assertTrue(interface.provider_header, mistake)
                    self.assertIn(f"there is no skeleton for a provider of {interface.name}",
                                  str(mistake))
                    continue
                if "before it builds" in said.getvalue():
                    lacking.add(name)
                chosen = f"VM_TESTS_LIBC=y VM_TESTS_NETWORK=y LIB_{name.upper()}=y"
                if interface.name != "sched":
                    chosen += " LIB_SCHED_PREEMPT=y"   # it needs several CPUs started, too
                on_xen_only = all(one.plats == ["xen"] for one in tree.providers(interface.name))
                self.assertIn(name, configure("vm_tests", chosen, libs=str(folder / name),
                                              plat="xen" if on_xen_only else "kvm",
                                              out=_OUTSIDE).composition)
        self.assertNotIn("sched_mine", lacking)
        self.assert_exit(run(compose("vm_tests", "LIB_SCHED_MINE=y", libs=str(folder),
                                     out=_OUTSIDE), timeout=120))
        self.assertIn("power_mine", lacking)
        done = make("APP=hello_cpp", f"ARCH={ARCH}", "SET=LIB_POWER_MINE=y",
                    f"ATOLL_LIBS={folder}", f"O={_OUTSIDE}")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("power_mine: define here what a provider owes <atoll/power.hpp>, as lib/",
                      done.stdout)

    def _break(self, source, text):
        """Takes out the line with `text`."""
        lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
        left = [line for line in lines if text not in line]
        self.assertEqual(len(left), len(lines) - 1)
        source.write_text("".join(left), encoding="utf-8")

    def test_an_app_outside_the_tree(self):
        folder = self.scratch()
        self._ok("new-app", "NAME=mine", f"LIB={folder}", folder=root())
        said = self._ok("run", f"APP={folder}/mine", f"ARCH={ARCH}", f"O={_OUTSIDE}",
                        folder=root())
        self.assertIn("Hello from mine", said)

    def test_the_tutorial(self):
        """Every file and command of docs/first-library.md, in its order."""
        text = (root() / "docs" / "first-library.md").read_text(encoding="utf-8")
        steps = re.findall(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", text,
                           re.MULTILINE | re.DOTALL)
        self.assertGreater(len(steps), 3)
        for language, file, body in steps:
            if file:
                (self.copy / file).parent.mkdir(parents=True, exist_ok=True)
                (self.copy / file).write_text(body, encoding="utf-8")
            elif language == "console":
                for line in body.splitlines():
                    if line.startswith("$ make "):
                        words = _shell_words(line.removeprefix("$ make "))
                        self._ok(*words, folder=self.copy)
        self.assertEqual(self._changed(), [])


def _shell_words(line):
    import shlex
    return shlex.split(line, comments=True)


if __name__ == "__main__":
    unittest.main()
