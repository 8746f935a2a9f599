# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What goes wrong on the way to an image, or around it: one clear sentence, and the
next try works."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest
import unittest.mock
from pathlib import Path

from atoll import accelerator, machines, sources
from atoll.cell import root
from atoll.errors import Mistake
from atoll.runner import STATUS_NO_RECORD, boot
from atoll.toolchain import toolchain

from .harness import ARCH, OUT, ImageTest, compose, make, run

_LOCK = "support/sources/sources.toml"


class Build(ImageTest):
    """Builds that fail or are cut short, each in a folder of its own."""

    def test_a_source_with_another_checksum(self):
        """A whole build with a lock that the file does not match, then with the right
        one, by the same cache; the file comes from a folder of this machine."""
        compose("helloworld")   # so that the real cache has newlib
        newlib, cache = sources.find("newlib"), self.scratch() / "cache"
        real = Path(sources.built("newlib", toolchain(ARCH)))
        copy = self.copy_of_tree()
        right = self._lock(newlib, self._serve(newlib))
        pinned = newlib["places"][0]["sha256"]
        (copy / _LOCK).write_text(right.replace(pinned, "0" * 64), encoding="utf-8")
        environment = {"XDG_CACHE_HOME": str(cache), "no_proxy": "*"}
        done = make("APP=helloworld", f"ARCH={ARCH}", folder=copy, **environment)
        self.assertNotEqual(done.returncode, 0)
        said = [line for line in done.stderr.splitlines() if line.startswith("atoll: ")]
        self.assertEqual(len(said), 1, done.stderr)
        self.assertIn(f"came with the SHA-256 {pinned} instead of {'0' * 64} and has been removed",
                      said[0])
        self.assertNotIn("Traceback", done.stderr)
        for name in ("downloads", "built"):
            folder = cache / "atoll" / name
            self.assertEqual(list(folder.iterdir()) if folder.exists() else [], [])

        (copy / _LOCK).write_text(right, encoding="utf-8")
        script = [sys.executable, str(copy / "support/atoll/sources.py"), "fetch", "newlib"]
        subprocess.run(script, check=True, capture_output=True, env=os.environ | environment)
        # Compiling newlib takes minutes and is not what this is about.
        shutil.copytree(real, cache / "atoll" / "built" / real.name)
        done = make("run", "APP=helloworld", f"ARCH={ARCH}", folder=copy, **environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Hello, world!", done.stdout)

    @staticmethod
    def _lock(newlib, url):
        """The tree's lock with one place only."""
        text = (root() / _LOCK).read_text(encoding="utf-8")
        head = text[:text.index("[[newlib.places]]")]
        place = newlib["places"][0]
        return (f'{head}[[newlib.places]]\nkind = "url"\nurl = "{url}/{place["file"]}"\n'
                f'file = "{place["file"]}"\nsha256 = "{place["sha256"]}"\n')

    def _serve(self, newlib):
        """The address of a server that has newlib's file."""
        from atoll.ports import fetch
        file = fetch.fetch(newlib)
        folder = self.scratch()
        os.symlink(file, folder / newlib["places"][0]["file"])
        server = subprocess.Popen([sys.executable, "-u", "-m", "http.server", "0", "--bind",
                                   "127.0.0.1", "--directory", str(folder)],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        port = re.search(r"port (\d+)", server.stdout.readline())[1]
        return f"http://127.0.0.1:{port}"

    def test_a_disk_that_fills_up_while_compiling(self):
        mount = self.scratch() / "small"
        mount.mkdir()
        if os.geteuid() != 0 or self._mount("-t", "tmpfs", "-o", "size=3m", "none", mount):
            self.skipTest("mounting a small file system needs root")
        self.addCleanup(subprocess.run, ["umount", str(mount)], check=True)
        words = ("APP=hello_cpp", f"ARCH={ARCH}", f"O={mount}/build")
        done = make(*words)
        self.assertNotEqual(done.returncode, 0)
        self.assertGreater(len(list(mount.rglob("*.obj"))), 3, "it did not get to compiling")
        self.assertIn("atoll: no space left on the disk that holds", done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        self.assertEqual(self._mount("-o", "remount,size=100m", mount), 0)
        self._builds_and_boots(words)

    @staticmethod
    def _mount(*words):
        return subprocess.run(["mount", *map(str, words)], capture_output=True,
                              check=False).returncode

    def test_an_interrupt_while_compiling(self):
        out = self.scratch() / "build"
        words = ("APP=hello_cpp", f"ARCH={ARCH}", f"O={out}")
        inherited = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL")}
        process = subprocess.Popen(["make", *words], cwd=root(), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True, env=inherited,
                                   start_new_session=True)
        deadline = time.monotonic() + 60
        while len(list(out.rglob("*.obj"))) < 5 and time.monotonic() < deadline:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)   # what ^C in a terminal does
        said = process.communicate(timeout=30)[1]
        self.assertNotEqual(process.returncode, 0)
        self.assertFalse(list(out.glob("*/hello_cpp_*.dbg")), "it was over before the interrupt")
        self.assertIn("atoll: interrupted", said)
        self.assertNotIn("Traceback", said)
        self._builds_and_boots(words)

    def _builds_and_boots(self, words):
        done = make("run", *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Hello from C++", done.stdout)


class Monitor(ImageTest):
    """Monitors that cannot run an image, or give it too little."""

    def test_one_that_aborts(self):
        """As QEMU does where /dev/kvm lets a guest be made, but not run."""
        with self.assertRaises(Mistake) as caught:
            boot(["sh", "-c", "echo 'error: kvm run failed Invalid argument' >&2; kill -ABRT $$"])
        self.assertIn("the monitor failed: error: kvm run failed", str(caught.exception))
        self.assertEqual(caught.exception.status, STATUS_NO_RECORD)

    def test_one_that_aborts_in_the_middle(self):
        outcome = boot(["sh", "-c", "echo Hello; echo 'KVM internal error' >&2; kill -ABRT $$"])
        self.assertEqual((outcome.kind, outcome.status), ("no-record", STATUS_NO_RECORD))
        self.assertIn("KVM internal error", outcome.detail)

    def test_a_trial_tells_monitors_that_run_guests(self):
        """Emulation stands in for hardware, and a script for hardware that fails."""
        for arch in ("x86_64", "arm64"):
            self.assertTrue(accelerator.trial(arch, "tcg", seconds=20))
        for script in ("kill -ABRT $$", "exit 1", "exec sleep 30"):
            fake = self.scratch() / "qemu"
            fake.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
            fake.chmod(0o755)
            with self.subTest(script), \
                    unittest.mock.patch.dict(machines.PROGRAMS, x86_64=str(fake)):
                self.assertFalse(accelerator.trial("x86_64", seconds=1))

    def test_memory_that_does_not_hold_the_image(self):
        for memory in ("1M", "256k", "1088k"):
            with self.subTest(memory=memory):
                done = make("run", "APP=helloworld", "ARCH=x86_64", f"MEM={memory}", "TIMEOUT=20",
                            f"O={OUT}")
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(f"MEM={memory} does not hold the image", done.stderr)

    def test_little_memory_is_enough_with_every_machine(self):
        """Firmware that moves to the end of RAM must not run over the image."""
        cell = compose("helloworld", arch="x86_64")
        for machine in ("microvm", "q35", "pc"):
            for kib in (1152, 1216, 1280, 1344, 1408, 1472, 1536, 2048):
                with self.subTest(machine=machine, kib=kib):
                    self.assert_exit(run(cell, memory=f"{kib}k", machine=machine, timeout=20))


if __name__ == "__main__":
    unittest.main()
