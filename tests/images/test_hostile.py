# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What a loader or a user hands in wrong ends in a clear message, never a hang."""

import struct
import unittest

from .harness import ARCH, PLAT, ImageTest, compose, run
from .remote import START_INFO_REGISTER, pvh_entry, run_changed


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


@unittest.skipIf(PLAT == "xen", "the machines without a toolstack take no RAM disk")
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


@unittest.skipIf(PLAT == "xen", "between the monitor and the image is Xen, which writes it")
@unittest.skipUnless(ARCH == "x86_64", "arm64's loaders hand in a device tree")
class StartInfo(ImageTest):
    """struct hvm_start_info (Xen, public/arch-x86/hvm/start_info.h) as no loader should
    leave it: each case changes one thing before the image's first instruction."""

    def _refused(self, change, sentence):
        cell = compose("helloworld")
        outcome = run_changed(cell, self.scratch(), pvh_entry(cell), change, timeout=20)
        self.assert_panic(outcome, f"cannot boot: {sentence}")

    def _field_refused(self, offset, form, value, sentence):
        def change(remote):
            start = remote.register(START_INFO_REGISTER)
            self.assertEqual(remote.read(start, 4), struct.pack("<I", 0x336ec578))
            remote.write(start + offset, struct.pack(form, value))
        self._refused(change, sentence)

    def test_address_out_of_reach(self):
        for address in (0, 0xffff_ffe0):
            self._refused(lambda remote, to=address: remote.set_register(START_INFO_REGISTER, to),
                          "the start info is out of reach")

    def test_address_of_something_else(self):
        self._refused(lambda remote: remote.set_register(START_INFO_REGISTER, 0x10_0000),
                      "the start info has no magic number")

    def test_no_memory_map(self):
        self._field_refused(4, "<I", 0, "the loader gave no memory map")
        self._field_refused(48, "<I", 0, "the loader's memory map is empty")

    def test_memory_map_too_long(self):
        self._field_refused(48, "<I", 2**32 - 1, "the loader's memory map is too long")

    def test_memory_map_elsewhere(self):
        self._field_refused(40, "<Q", 2**64 - 8, "the loader's memory map is out of reach")

    def test_memory_map_of_other_memory(self):
        """A map, and not a word of the memory that the image lies in."""
        def change(remote):
            start = remote.register(START_INFO_REGISTER)
            entries, = struct.unpack("<Q", remote.read(start + 40, 8))
            remote.write(start + 48, struct.pack("<I", 1))
            remote.write(entries, struct.pack("<QQII", 0, 0x1000, 1, 0))
        self._refused(change, "the image does not lie in usable memory")

    def test_command_line_out_of_reach(self):
        self._field_refused(24, "<Q", 2**63, "the loader's command line is out of reach")

    def test_modules_out_of_reach(self):
        def change(remote):
            start = remote.register(START_INFO_REGISTER)
            remote.write(start + 12, struct.pack("<IQ", 1, 2**52))
        self._refused(change, "the loader's module list is out of reach")


if __name__ == "__main__":
    unittest.main()
