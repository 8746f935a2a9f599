# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What a loader or a user hands in wrong ends in a clear message, never a hang."""

import unittest

from .harness import ImageTest, compose, run


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
    """A RAM disk that fits, and one that does not."""

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


if __name__ == "__main__":
    unittest.main()
