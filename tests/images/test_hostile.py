# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What a loader or a user hands in wrong ends in a clear message, never a hang."""

import subprocess
import unittest

from .harness import ARCH, ImageTest, compose, run


class CommandLine(ImageTest):
    """Unknown and malformed options."""

    def test_unknown_option_of_a_library_in_the_image(self):
        self.assert_panic(run(compose("hello_cpp"), words="shutdown.nonsense=1"),
                          "shutdown.nonsense")

    def test_option_of_a_library_that_is_not_in_the_image(self):
        outcome = run(compose("hello_cpp"), words="netdev.ip=1.2.3.4")
        self.assert_exit(outcome)
        self.assertIn(b"netdev.ip", outcome.console)

    def test_malformed_value(self):
        self.assert_panic(run(compose("hello_cpp"), words="shutdown.timeout=banana"),
                          "shutdown.timeout")

    def test_too_many_arguments(self):
        self.assert_panic(run(compose("hello_cpp"), words="-- " + "a " * 500), "argument")


class Memory(ImageTest):
    """Too little of it, and a RAM disk that is larger."""

    def test_too_little_memory_never_hangs(self):
        for memory in ("1M", "1088k") if ARCH == "x86_64" else ("2M", "4M"):
            try:
                outcome = run(compose("hello_cpp"), memory=memory, timeout=15)
            except Exception as error:   # QEMU itself may refuse so little
                self.assertIn("monitor failed", str(error))
                continue
            self.assertNotEqual(outcome.kind, "timeout")

    def test_ram_disk_larger_than_memory(self):
        disk = self.scratch() / "disk"
        with open(disk, "wb") as file:
            file.truncate(64 << 20)
        try:
            outcome = run(compose("hello_cpp"), memory="32M", timeout=20,
                          extra=["-initrd", str(disk)])
        except Exception as error:
            self.assertIn("monitor failed", str(error))
        else:
            self.assertNotEqual(outcome.kind, "timeout")

    def test_ram_disk_that_fits(self):
        disk = self.scratch() / "disk"
        disk.write_bytes(b"x" * 100_000)
        self.assert_exit(run(compose("hello_cpp"), extra=["-initrd", str(disk)]))


@unittest.skipUnless(ARCH == "arm64", "only arm64 machines hand over a device tree")
class DeviceTree(ImageTest):
    """Corrupt device trees."""

    def _tree(self):
        path = self.scratch() / "tree.dtb"
        subprocess.run(["qemu-system-aarch64", "-M", f"virt,dumpdtb={path}", "-cpu", "max", "-m",
                        "128M"], check=True, capture_output=True)
        return path

    def _boots(self, path):
        return run(compose("hello_cpp"), timeout=20, extra=["-dtb", str(path)])

    def test_a_dumped_tree_boots(self):
        self.assert_exit(self._boots(self._tree()))

    def test_broken_structure_ends_with_a_message(self):
        path = self._tree()
        blob = bytearray(path.read_bytes())
        structure = int.from_bytes(blob[8:12], "big")
        blob[structure + 64:structure + 68] = b"\xff\xff\xff\xff"
        path.write_bytes(blob)
        outcome = self._boots(path)
        self.assertNotEqual(outcome.kind, "timeout", outcome.console)
        self.assertNotEqual(outcome.kind, "exit", outcome.console)


if __name__ == "__main__":
    unittest.main()
