# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What a user types wrong, or a machine lacks, gets one clear sentence."""

import os
import shutil
import subprocess
import sys
import unittest

from atoll.cell import root

from .harness import ARCH, OUT, ImageTest, compose, make


class FrontDoor(ImageTest):
    """make, with mistakes."""

    def fails(self, text, *words, **environment):
        """Asserts that make fails and says `text`, without a Python traceback."""
        done = make(*words, f"O={OUT}", **environment)
        said = done.stdout + done.stderr
        self.assertNotEqual(done.returncode, 0, said)
        self.assertIn(text, said)
        self.assertNotIn("Traceback", said)

    def test_unknown_app(self):
        self.fails("there is no app helo; there are", "APP=helo")

    def test_app_path_without_an_app(self):
        self.fails("names no application", "APP=/nowhere/app")

    def test_unknown_platform(self):
        self.fails("there is no platform vmware; there is kvm", "PLAT=vmware")

    def test_unknown_architecture(self):
        self.fails("there is no architecture mips; there are x86_64, arm64", "ARCH=mips")

    def test_unknown_symbol_in_set(self):
        self.fails("unknown symbol LIB_ALOC_REGION; did you mean LIB_ALLOC_REGION?",
                   "APP=hello_cpp", "SET=LIB_ALOC_REGION=y")

    def test_malformed_set(self):
        self.fails("SET holds 'LIB_ALLOC_REGION'", "APP=hello_cpp", "SET=LIB_ALLOC_REGION")

    def test_outside_library_folder_that_is_none(self):
        self.fails("ATOLL_LIBS names /nowhere, which is no folder", "ATOLL_LIBS=/nowhere")

    def test_missing_tool(self):
        """A PATH without QEMU and an INSTALL=no: what to type."""
        tools = self.scratch()
        for name in ("make", "sh", "env", "python3", "grep", "sort", "sed", "tr", "dirname",
                     "xargs", "id", "cat", "dpkg-query", "apt-cache", "apt-get", "cmake", "ninja"):
            path = shutil.which(name)
            if path:
                os.symlink(path, tools / name)
        done = make("run", f"O={OUT}", INSTALL="no", PATH=str(tools))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("qemu-system-x86", done.stderr)
        self.assertIn("apt-get install", done.stderr)

    def test_compilers_that_are_none(self):
        self.fails("g++-99 is not installed; install it, or leave out GCC=99", GCC="99")
        for version in ("11", "new"):
            self.fails(f"GCC={version} is not a version from 12 on", GCC=version)

    def test_warnings_are_errors_of_tested_compilers(self):
        """Others know more warnings, which stop nobody but CI."""
        def strict(compiler, **environment):
            return subprocess.run(
                [sys.executable, "-c", "import sys; from atoll.toolchain import strict; "
                 f"sys.exit(strict('{compiler}'))"],
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(root() / "support"),
                     **environment}, check=False).returncode == 1
        self.assertTrue(strict("gcc") and strict("clang"))
        self.assertTrue(strict("gcc", GCC="12", CLANG="16"))
        self.assertFalse(strict("gcc", GCC="14"))
        self.assertFalse(strict("clang", CLANG="16"))
        self.assertTrue(strict("gcc", GCC="14", CI="1"))

    def test_a_config_of_another_version(self):
        """A build explains each line; the menu commands bring the file up to date, and
        keep what it was."""
        config = self.scratch() / "config"
        self.assertEqual(make("defconfig", "APP=hello_cpp", KCONFIG_CONFIG=str(config)).returncode,
                         0)
        good = config.read_text()
        bad = good + "CONFIG_LIB_NO_MORE=y\nCONFIG_ARCH_MAX_CPUS=many\n"
        for command in ("olddefconfig", "oldconfig"):
            with self.subTest(command=command):
                config.write_text(bad)
                self.fails("2 lines make no sense; mend them, or let `make olddefconfig` drop them",
                           KCONFIG_CONFIG=str(config))
                self.assertEqual(config.read_text(), bad)
                done = make(command, f"O={OUT}", KCONFIG_CONFIG=str(config))
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertRegex(done.stderr, "unknown symbol LIB_NO_MORE.*: dropped\n")
                self.assertEqual(config.read_text(), good)
                self.assertEqual((config.parent / "config.old").read_text(), bad)
        done = make("-s", f"ARCH={ARCH}", f"O={OUT}", KCONFIG_CONFIG=str(config))
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_config_that_is_no_file(self):
        """KCONFIG_CONFIG=/dev/null as root would cost the machine its /dev/null."""
        pipe = self.scratch() / "pipe"
        os.mkfifo(pipe)
        self.fails("pipe: is no plain file, and would be replaced by one", "defconfig",
                   KCONFIG_CONFIG=str(pipe))
        self.assertTrue(pipe.is_fifo())

    def test_a_config_that_is_no_text(self):
        config = self.scratch() / "config"
        config.write_bytes(b"CONFIG_APP_HELLO_CPP=y\n\x7fELF\x80\0\xff")
        for command in ("all", "olddefconfig", "oldconfig", "savedefconfig", "listnewconfig"):
            self.fails("config:2: is no text, so no configuration; `make defconfig` writes a fresh",
                       command, KCONFIG_CONFIG=str(config))

    def test_menuconfig_without_a_terminal(self):
        self.fails("menuconfig needs a terminal", "menuconfig")

    def test_full_disk(self):
        """A build folder on a file system without room."""
        folder = self.scratch()
        mount = folder / "small"
        mount.mkdir()
        if os.geteuid() != 0 or os.system(f"mount -t tmpfs -o size=64k none {mount} 2>/dev/null"):
            self.skipTest("mounting a small file system needs root")
        try:
            done = make("APP=hello_cpp", f"ARCH={ARCH}", f"O={mount}/build")
        finally:
            os.system(f"umount {mount}")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no space left", (done.stdout + done.stderr).lower())
        self.assertNotIn("Traceback", done.stderr)

    def test_help_names_every_target(self):
        said = make("help").stdout
        for target in ("run", "test", "menuconfig", "images", "size", "graph", "boot-order", "why",
                       "who-provides", "new-lib", "new-app", "test-configs",
                       "verify-host", "check", "format", "clean"):
            self.assertIn(target, said)

    def test_reports(self):
        common = ("APP=hello_cpp", f"ARCH={ARCH}", f"O={OUT}")
        self.assertIn("console", make("size", *common).stdout)
        self.assertIn('"hello_cpp" -> "console"', make("graph", *common).stdout)
        self.assertIn("console", make("boot-order", *common).stdout)
        self.assertIn("hello_cpp needs console", make("why", "LIB=console", *common).stdout)
        self.assertIn("vm ", make("who-provides", "NAME=atoll/vm.hpp", *common).stdout)
        self.assertIn("alloc_buddy", make("who-provides", "NAME=alloc", *common).stdout)

    def test_who_provides_knows_ports(self):
        """Headers and functions of newlib, and of the libraries that complete it."""
        compose("helloworld")
        common = ("APP=hello_cpp", f"ARCH={ARCH}", f"O={OUT}")
        for name, library in (("stdio.h", "libc_newlib"), ("string.h", "libc_newlib"),
                              ("sys/stat.h", "libc_newlib"), ("printf", "libc_newlib"),
                              ("sqrt", "libc_newlib"), ("malloc", "libc_newlib"),
                              ("nanosleep", "posix_sleep"), ("threads.h", "libc_newlib"),
                              ("thrd_create", "iso_threads"),
                              ("mbrtoc16", "libc_newlib_uchar"),
                              ("getrandom", "posix_random")):
            with self.subTest(name=name):
                said = make("who-provides", f"NAME={name}", *common).stdout
                self.assertEqual([line.split()[0] for line in said.splitlines()], [library])
        done = make("who-provides", "NAME=string.h", *common, XDG_CACHE_HOME=str(self.scratch()))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"libc_newlib, whose port newlib has not been built for {ARCH} yet",
                      done.stderr)

    def test_who_provides_takes_no_comment_for_a_declaration(self):
        library = self.scratch() / "lib" / "talk"
        (library / "include" / "atoll").mkdir(parents=True)
        (library / "CMakeLists.txt").write_text('micro_library(NAME talk SUMMARY "Talk")\n')
        (library / "include/atoll/talk.hpp").write_text(
            "/// Unlike spoken_of(int).\n/* nor\n   long_ago(); */\nvoid said(int);\n")
        for name, said in (("said", "talk"), ("spoken_of", "no"), ("long_ago", "no")):
            with self.subTest(name=name):
                done = make("who-provides", f"NAME={name}", "APP=hello_cpp", f"ARCH={ARCH}",
                            f"O={OUT}", f"ATOLL_LIBS={library.parent}")
                self.assertEqual(done.stdout.split()[0], said, done.stderr)

    def test_menu_commands_write_and_read_config(self):
        """defconfig, olddefconfig, savedefconfig and listnewconfig in a copy of the tree."""
        copy = self.copy_of_tree()
        self.assertEqual(make("defconfig", "APP=hello_cpp", folder=copy).returncode, 0)
        text = (copy / ".config").read_text()
        self.assertIn("CONFIG_APP_HELLO_CPP=y", text)
        self.assertEqual(make("olddefconfig", folder=copy).returncode, 0)
        self.assertEqual((copy / ".config").read_text(), text)
        self.assertEqual(make("listnewconfig", folder=copy).stdout.strip(), "")
        self.assertEqual(make("savedefconfig", folder=copy).returncode, 0)
        self.assertIn("CONFIG_APP_HELLO_CPP=y", (copy / "defconfig").read_text())
        done = make("APP=helloworld", "-n", folder=copy)
        self.assertEqual(done.returncode, 0)
        self.assertEqual((copy / ".config").read_text(), text)


if __name__ == "__main__":
    unittest.main()
