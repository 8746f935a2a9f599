# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Touching one thing rebuilds what depends on it and no more."""

import os
import time
import unittest
import unittest.mock

from .harness import ImageTest, build, configure


class Rebuild(ImageTest):
    """Counts objects by their times, in a build folder that the tests share."""

    @classmethod
    def setUpClass(cls):
        cls.out = str(cls.class_scratch() / "build")

    def _build(self, app="hello_cpp", settings=None):
        return build(configure(app, settings, out=self.out), quiet=True)

    @staticmethod
    def _objects(cell):
        found = {}
        for path, _, files in os.walk(cell.objects):
            for file in files:
                if file.endswith((".o", ".obj")):
                    full = os.path.join(path, file)
                    found[os.path.relpath(full, cell.objects)] = os.stat(full).st_mtime_ns
        return found

    def test_nothing_changed_rebuilds_nothing(self):
        cell = self._build()
        before = self._objects(cell)
        start = time.monotonic()
        self._build()
        self.seconds = time.monotonic() - start
        self.assertEqual(self._objects(cell), before)

    def test_an_option_rebuilds_its_library_and_those_that_read_it(self):
        cell = self._build()
        before = self._objects(cell)
        self._build(settings="BOOT_PVH_STACK_KIB=128")
        changed = {name for name, when in self._objects(cell).items() if before.get(name) != when}
        self.assertTrue(changed)
        for name in changed:
            self.assertRegex(name, "boot_pvh|plat_kvm_x86_64")

    def test_switching_a_library_off_removes_its_symbols(self):
        cell = self._build("hello_cpp", "LIB_STOP_ACPI=y")
        self.assertIn("stop_acpi", self._symbols(cell))
        cell = self._build("hello_cpp", "LIB_STOP_ACPI=n")
        self.assertNotIn("stop_acpi", self._symbols(cell))

    def _symbols(self, cell):
        import subprocess
        return subprocess.run(["nm", "-C", str(cell.symbols)], capture_output=True, text=True,
                              check=True).stdout.lower()

    def test_an_interrupted_build_poisons_nothing(self):
        """A half-written object and a missing build file are built again."""
        cell = self._build()
        objects = sorted(self._objects(cell))
        with open(cell.objects / objects[0], "wb") as broken:
            broken.write(b"half")
        os.utime(cell.objects / objects[0], (0, 0))
        os.unlink(cell.objects / "build.ninja")
        self._build()
        self.assertGreater(os.path.getsize(cell.objects / objects[0]), 4)

    def test_another_folder_gives_the_same_bytes(self):
        """Image and symbols, also where no compiler cache had a part in it."""
        cells = [self._build()]
        with unittest.mock.patch.dict(os.environ, CCACHE_DISABLE="1"):
            elsewhere = os.path.join(self.out, "further", "down")
            cells.append(build(configure("hello_cpp", out=elsewhere), quiet=True))
        for what in ("image", "symbols"):
            first, second = (getattr(cell, what).read_bytes() for cell in cells)
            self.assertTrue(first == second, what)

    def test_two_cells_side_by_side(self):
        import subprocess
        from atoll.cell import root
        inherited = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL")}
        started = [subprocess.Popen(["make", "APP=hello_cpp", f"ARCH={arch}", f"O={self.out}/two"],
                                    cwd=root(), stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL, env=inherited)
                   for arch in ("x86_64", "arm64", "x86_64")]
        self.assertEqual([process.wait() for process in started], [0, 0, 0])


if __name__ == "__main__":
    unittest.main()
