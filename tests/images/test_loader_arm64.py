# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What a loader hands to an arm64 image: good, odd and hostile."""

import os
import struct
import subprocess
import unittest

from atoll.runner import boot

from .harness import ImageTest, compose

_RAM = 0x40000000
_STUB = _RAM + 0x1000000     # a few instructions that play the loader
_TREE = _RAM + 0x4000000
_IMAGE = _RAM + 0x400000
_MACHINE = ["-cpu", "max", "-m", "128M", "-nodefaults", "-no-user-config", "-display", "none",
            "-no-reboot", "-serial", "stdio", "-accel", "tcg"]


def _load(register, value):
    """MOVZ and MOVKs that put `value` into an X register."""
    return b"".join(struct.pack("<I", (0xf2800000 if i else 0xd2800000) | i << 21
                                | (value >> 16 * i & 0xffff) << 5 | register) for i in range(4))


class Loader(ImageTest):
    """The image is put into memory and entered by hand, as a boot loader would."""

    @classmethod
    def setUpClass(cls):
        cls.image = str(compose("hello_cpp", arch="arm64").image)

    def tree(self, **machine):
        """The device tree of QEMU's virt machine."""
        path = os.path.join(self.scratch(), "tree")
        options = "".join(f",{name.replace('_', '-')}={value}" for name, value in machine.items())
        subprocess.run(["qemu-system-aarch64", "-M", f"virt{options},dumpdtb={path}", *_MACHINE],
                       check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=30)
        with open(path, "rb") as file:
            return file.read()

    def enter(self, x0, tree=b"", at=_IMAGE, machine="virt"):
        """Jumps to the image at `at` with x0 as given; the Outcome."""
        folder = self.scratch()
        command = ["qemu-system-aarch64", "-M", machine, *_MACHINE,
                   "-device", f"loader,addr={_STUB:#x},cpu-num=0"]
        stub = _load(0, x0) + _load(9, at) + struct.pack("<I", 0xd61f0120)  # br x9
        for name, content, where in (("stub", stub, _STUB), ("tree", tree, _TREE)):
            if content:
                path = os.path.join(folder, name)
                with open(path, "wb") as file:
                    file.write(content)
                command += ["-device", f"loader,file={path},addr={where:#x},force-raw=on"]
        command += ["-device", f"loader,file={self.image},addr={at:#x},force-raw=on"]
        return boot(command, timeout=20)

    def refuses(self, x0, tree, text):
        """The image says why it cannot boot, at EL1 and from EL2."""
        for machine in ("virt", "virt,virtualization=on"):
            with self.subTest(machine=machine):
                self.assert_panic(self.enter(x0, tree, machine=machine), f"cannot boot: {text}")

    def test_any_place_in_memory(self):
        tree = self.tree()
        for at in (_RAM + 0x100000, _IMAGE, _IMAGE + 0x4000, _IMAGE + 0x1f0000, _RAM + 0x7e00000):
            with self.subTest(at=hex(at)):
                self.assert_exit(self.enter(_TREE, tree, at=at))

    def test_from_el2(self):
        for controller in ("2", "3"):
            with self.subTest(gic=controller):
                tree = self.tree(virtualization="on", gic_version=controller)
                machine = f"virt,virtualization=on,gic-version={controller}"
                self.assert_exit(self.enter(_TREE, tree, machine=machine))

    def test_no_tree(self):
        self.refuses(0, b"", "the loader gave no device tree")

    def test_unaligned_tree(self):
        self.refuses(_TREE + 4, self.tree(), "the loader gave no device tree")

    def test_tree_outside_of_memory(self):
        for x0 in (0x1234567890000000, 0x800000000000, 0xfffffffffffffff8):
            with self.subTest(x0=hex(x0)):
                self.assert_panic(self.enter(x0), "cannot boot: ")

    def test_zeros_and_noise(self):
        self.refuses(_TREE, bytes(4096), "the device tree is malformed")
        self.refuses(_TREE, self.tree()[:4] + b"\xff" * 4096, "the device tree is malformed")

    def test_truncated_tree(self):
        self.refuses(_TREE, self.tree()[:1000] + bytes(8192), "the device tree is malformed")

    def test_offset_out_of_bounds(self):
        tree = bytearray(self.tree())
        tree[8:12] = b"\x00\xff\xff\xff"     # off_dt_struct
        self.refuses(_TREE, bytes(tree), "the device tree is malformed")

    def test_tree_without_memory(self):
        tree = bytearray(self.tree())
        name = tree.index(b"memory@")
        tree[name:name + 6] = b"nemory"
        kind = tree.index(b"memory\0", name + 8)
        tree[kind:kind + 6] = b"nemory"
        self.refuses(_TREE, bytes(tree), "the device tree names no memory")

    def test_image_header(self):
        with open(self.image, "rb") as file:
            header = file.read(64)
        text_offset, image_size, flags = struct.unpack_from("<QQQ", header, 8)
        self.assertEqual(header[56:60], b"ARM\x64")
        self.assertEqual((text_offset, flags), (0, 0xa))
        self.assertGreater(image_size, os.path.getsize(self.image))


if __name__ == "__main__":
    unittest.main()
