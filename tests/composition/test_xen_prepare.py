# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Preparing Xen from packages: what must not go wrong silently."""

import gzip
import lzma
import os
import shutil
import struct
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

from atoll.errors import Mistake
from atoll.ports import apt, cache
from atoll.ports.apt import Unavailable
from atoll.xen import cpio, kernel, packages, prepare
from atoll.xen.packages import Package


class _Archive:
    """Packages of a distribution that the test makes up."""

    version, reachable, served = "1", True, 0

    def __init__(self, arch, sources=None):
        self.arch = arch

    def update(self):
        if not self.reachable:
            raise Unavailable("the mirror does not answer")

    def dependency(self, package, pattern):
        return f"{package} by {pattern}"

    def find(self, names):
        return [Package(f"xen-hypervisor-{self.arch}_{self.version}.deb", "SHA256:00")]

    def download(self, names, found):
        if not self.reachable:
            raise Unavailable("the mirror does not answer")
        _Archive.served += 1
        return [cache.folder("xen") / package.file for package in found]


def _unpack(file, root):
    (root / "boot").mkdir()
    (root / "boot" / "xen-4.17").write_text(file.name, encoding="utf-8")


class Preparing(unittest.TestCase):
    """A cache folder of its own, an archive that is played."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="atoll-test-")
        self.addCleanup(folder.cleanup)
        self.folder, self.said = Path(folder.name), []
        for patch in (mock.patch.dict(os.environ, XDG_CACHE_HOME=folder.name),
                      mock.patch.object(cache, "say", self.said.append),
                      mock.patch.object(packages, "Archive", _Archive),
                      mock.patch.object(prepare, "_unpack", _unpack),
                      mock.patch.multiple(_Archive, version="1", reachable=True, served=0)):
            patch.start()
            self.addCleanup(patch.stop)

    def prepared(self):
        return (prepare.hypervisor("x86_64") / prepare.HYPERVISOR).read_text(encoding="utf-8")

    def grow_old(self):
        long_ago = time.time() - 30 * 24 * 3600
        os.utime(self.folder / "atoll" / "xen" / "xen-hypervisor-x86_64.json",
                 (long_ago, long_ago))

    def test_once(self):
        self.assertEqual(self.prepared(), "xen-hypervisor-x86_64_1.deb")
        _Archive.version = "2"
        self.assertEqual(self.prepared(), "xen-hypervisor-x86_64_1.deb")
        self.assertEqual(_Archive.served, 1)

    def test_a_newer_one_after_a_while(self):
        self.prepared()
        _Archive.version = "2"
        self.grow_old()
        self.assertEqual(self.prepared(), "xen-hypervisor-x86_64_2.deb")

    def test_the_same_one_after_a_while_is_not_prepared_again(self):
        self.prepared()
        self.grow_old()
        self.prepared()
        self.assertEqual(_Archive.served, 1)

    def test_offline(self):
        self.prepared()
        _Archive.version, _Archive.reachable = "2", False
        self.grow_old()
        self.assertEqual(self.prepared(), "xen-hypervisor-x86_64_1.deb")
        self.assertRegex(self.said[-1], "note: .*the mirror does not answer")

    def test_offline_with_nothing_prepared(self):
        _Archive.reachable = False
        with self.assertRaises(Mistake) as caught:
            self.prepared()
        self.assertIn("connect this machine to the network", str(caught.exception))
        self.assertNotIn("\n", str(caught.exception))

    def test_other_scripts_prepare_anew(self):
        self.prepared()
        with mock.patch.object(prepare, "scripts_hash", lambda: "other"):
            self.prepared()
        self.assertEqual(_Archive.served, 2)

    def test_an_interrupt_leaves_nothing_half_done(self):
        def interrupted(file, root):
            _unpack(file, root)
            raise KeyboardInterrupt
        with mock.patch.object(prepare, "_unpack", interrupted), \
             self.assertRaises(KeyboardInterrupt):
            self.prepared()
        self.assertEqual(list((self.folder / "atoll" / "built").iterdir()), [])
        self.assertEqual(self.prepared(), "xen-hypervisor-x86_64_1.deb")

    def test_the_key(self):
        one = [Package("a_1.deb", "SHA256:1"), Package("b_1.deb", "SHA256:2")]
        self.assertEqual(prepare.key(one), prepare.key(list(one)))
        for other in ([one[0]], [one[0], Package("b_2.deb", "SHA256:2")],
                      [one[0], Package("b_1.deb", "SHA256:3")]):
            self.assertNotEqual(prepare.key(one), prepare.key(other))

    def test_every_script_counts(self):
        """Those in dom0, too."""
        before = prepare.scripts_hash()
        copy = self.folder / "dom0"
        shutil.copytree(prepare.SCRIPTS, copy)
        with mock.patch.object(prepare, "SCRIPTS", copy):
            self.assertEqual(prepare.scripts_hash(), before)
            with open(copy / "serve.sh", "a", encoding="utf-8") as file:
                file.write("# more\n")
            self.assertNotEqual(prepare.scripts_hash(), before)

    def test_a_record_that_is_damaged(self):
        self.prepared()
        for text in ("", "{", "[]", '{"folder": 3, "scripts": null}'):
            record = self.folder / "atoll" / "xen" / "xen-hypervisor-x86_64.json"
            record.write_text(text, encoding="utf-8")
            self.assertEqual(self.prepared(), "xen-hypervisor-x86_64_1.deb")


class Packages(unittest.TestCase):
    """What apt says."""

    def archive(self, said):
        archive = packages.Archive.__new__(packages.Archive)
        archive._environment, archive._name, archive.state = {}, "amd64", "/"
        patch = mock.patch.object(apt, "ask", lambda *_: said)
        patch.start()
        self.addCleanup(patch.stop)
        return archive

    def test_a_version_by_its_dependency(self):
        archive = self.archive("xen-system-amd64\n  Depends: xen-hypervisor-4.20-amd64\n"
                               "  Depends: <virtual>\n  Depends: xen-utils-4.20\n")
        self.assertEqual(archive.dependency("xen-system-amd64", r"xen-utils-[\d.]+"),
                         "xen-utils-4.20")
        with self.assertRaises(Unavailable):
            archive.dependency("xen-system-amd64", "xen-utils")

    def test_libraries_of_libraries_and_nothing_else(self):
        archive = self.archive("tools\n  Depends: liba1\n |Depends: python3\n  PreDepends: libc6\n"
                               "liba1\n  Depends: zlib1g\npython3\n  Depends: libpython\n"
                               "libc6\nzlib1g\n")
        self.assertEqual(archive.with_libraries(["tools"]), ["tools", "liba1", "libc6", "zlib1g"])

    def test_what_is_used_is_kept(self):
        """apt dates a package like the mirror, months ago."""
        def download(_arguments, _environment, into, _log):
            (into / "a_1.deb").touch()
            os.utime(into / "a_1.deb", (1, 1))
        archive = self.archive("")
        with tempfile.TemporaryDirectory(prefix="atoll-test-") as folder, \
             mock.patch.dict(os.environ, XDG_CACHE_HOME=folder), \
             mock.patch.object(cache, "say"), mock.patch.object(apt, "run", download):
            archive.state = Path(folder)
            path, = archive.download(["a"], [Package("a_1.deb", "MD5:00")])
            prepare._forget(Path(folder, "made"), "xen")
            self.assertTrue(path.is_file())

    def test_an_archive_that_lacks_one(self):
        archive = self.archive("'http://x/a_1.deb' a_1_amd64.deb 10 SHA256:00\n")
        self.assertEqual(archive.find(["a"]), [Package("a_1_amd64.deb", "SHA256:00")])
        with self.assertRaises(Unavailable):
            archive.find(["a", "b"])


class Kernels(unittest.TestCase):
    """Taking kernels apart."""

    image = bytes(56) + b"ARM\x64" + b"rest" * 100

    def test_compressed_data(self):
        for packed in (gzip.compress(b"data"), lzma.compress(b"data"), b"data"):
            self.assertEqual(kernel.expanded(packed), b"data")
        self.assertIsNone(kernel.expanded(lzma.compress(b"data" * 1000)[:40] + b"damaged" * 9))

    @unittest.skipUnless(shutil.which("zstd"), "zstd is not installed")
    def test_zstd_with_something_behind(self):
        packed = subprocess.run(["zstd", "-c"], input=b"data" * 9, capture_output=True,
                                check=True).stdout
        self.assertEqual(kernel.expanded(packed + b"\1\2\3\4"), b"data" * 9)

    def test_a_bzimage(self):
        payload = lzma.compress(b"\x7fELF the kernel") + struct.pack("<I", 99)
        header = bytearray(5 * 512)
        header[0x1f1] = 4
        header[0x202:0x206] = b"HdrS"
        struct.pack_into("<II", header, 0x248, 16, len(payload))
        self.assertEqual(kernel.bootable(bytes(header) + bytes(16) + payload),
                         b"\x7fELF the kernel")

    def test_a_zboot_image(self):
        payload = gzip.compress(self.image)
        header = b"MZ\0\0zimg" + struct.pack("<II", 64, len(payload)) + bytes(48)
        self.assertEqual(kernel.bootable(header + payload), self.image)

    def test_what_is_bootable_already(self):
        self.assertEqual(kernel.bootable(self.image), self.image)
        self.assertEqual(kernel.bootable(b"who knows"), b"who knows")


class RootFileSystem(unittest.TestCase):
    """Archives for Linux."""

    def test_python_tells_what_cpio_reads(self):
        archive = cpio.Archive()
        archive.folder("a")
        archive.file("a/file", b"content", 0o755)
        archive.link("a/link", "file")
        whole = archive.content()
        self.assertEqual(len(whole) % 512, 0)
        entries, at = {}, 0
        while whole[at:at + 6] == b"070701":
            fields = [int(whole[at + 6 + 8 * n:at + 14 + 8 * n], 16) for n in range(13)]
            name = whole[at + 110:at + 110 + fields[11] - 1].decode()
            start = at + (110 + fields[11] + 3 & ~3)
            entries[name] = (fields[1], whole[start:start + fields[6]])
            at = start + (fields[6] + 3 & ~3)
        self.assertEqual(entries, {"a": (0o40755, b""), "a/file": (0o100755, b"content"),
                                   "a/link": (0o120777, b"file"), "TRAILER!!!": (0, b"")})
        self.assertEqual(whole[at:].strip(b"\0"), b"")


if __name__ == "__main__":
    unittest.main()
