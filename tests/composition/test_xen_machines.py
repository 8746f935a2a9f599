# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What Xen's machines are told: device trees, command lines, xl's configuration."""

import shutil
import subprocess
import tempfile
import types
import unittest
from pathlib import Path
from unittest import mock

from atoll import machines
from atoll.errors import Mistake
from atoll.monitor import Monitor
from atoll.xen import device_tree, prepare, xl_config, xl_machine
from atoll.xen.toolstack import Toolstack

_SOURCE = "/dts-v1/;\n\n/ {\n\tchosen {\n\t\tstdout-path = \"/pl011@9000000\";\n\t};\n};\n"


class Scratch(unittest.TestCase):
    """A folder, and a cell in it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="atoll-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def cell(self, arch, name="app, with a comma"):
        image = self.folder / name
        image.write_bytes(b"image")
        return types.SimpleNamespace(plat="xen", arch=arch, image=image, name=f"app_xen-{arch}",
                                     directory=self.folder)

    def fails(self, text, what, *arguments, **named):
        with self.assertRaises(Mistake) as caught:
            what(*arguments, **named)
        self.assertIn(text, str(caught.exception))
        self.assertNotIn("\n", str(caught.exception))


@unittest.skipUnless(shutil.which("dtc"), "dtc is not installed")
class DeviceTree(Scratch):
    """QEMU's tree with Xen's nodes."""

    def get(self, tree, node, name, *options):
        file = self.folder / "tree"
        file.write_bytes(tree)
        return subprocess.run(["fdtget", *options, str(file), node, name], check=True, text=True,
                              capture_output=True).stdout.rstrip("\n")

    def test_a_domain(self):
        words = 'a="b c" \\ -- x,y;'
        node = device_tree.domain(131072, 2, 0x1_0000_0002, words)
        tree = device_tree.compiled(device_tree.patched(_SOURCE, "console=dtuart", [node]))
        domain = "/chosen/domU1"
        module = f"{domain}/module@50000000"
        self.assertEqual(self.get(tree, "/chosen", "xen,xen-bootargs"), "console=dtuart")
        self.assertEqual(self.get(tree, "/chosen", "stdout-path"), "/pl011@9000000")
        self.assertEqual(self.get(tree, domain, "memory", "-t", "x"), "0 20000")
        self.assertEqual(self.get(tree, domain, "cpus"), "2")
        self.assertEqual(self.get(tree, domain, "xen,enhanced"), "no-xenstore")
        self.assertEqual(self.get(tree, module, "reg", "-t", "x"), "0 50000000 1 2")
        self.assertEqual(self.get(tree, module, "compatible"),
                         "multiboot,kernel multiboot,module")
        self.assertEqual(self.get(tree, module, "bootargs"), words)

    def test_words_of_any_kind(self):
        for words in ("", '"', "\\", "tab\tline\n", "Grüße", "\udcff"):
            tree = device_tree.compiled(device_tree.patched(_SOURCE, words, []))
            self.assertIn(words.encode(errors="surrogateescape") + b"\0", tree)

    def test_what_is_no_tree(self):
        self.fails("does not look like one", device_tree.patched, "nonsense", "", [])


class Machines(Scratch):
    """QEMU's command line."""

    def setUp(self):
        super().setUp()
        patch = mock.patch.object(prepare, "hypervisor", lambda _: self.folder)
        patch.start()
        self.addCleanup(patch.stop)

    def test_dom0(self):
        made = machines.launch(self.cell("x86_64"), "tcg", memory="24M", cpus="3",
                               words="a=b,c -- d", extra=["-S"])
        command = made.command
        module = command[command.index("-initrd") + 1]
        image, _, words = module.partition(" ")
        self.assertEqual(Path(image).read_bytes(), b"image")
        self.assertNotIn(",", image)
        self.assertEqual(words, "a=b,,c -- d")
        xen = command[command.index("-append") + 1]
        self.assertIn("dom0_mem=24576K,max:24576K dom0_max_vcpus=3", xen)
        self.assertEqual(command[command.index("-smp") + 1], "3")
        self.assertEqual(command[-1], "-S")

    def test_what_is_made_for_a_boot_goes(self):
        made = machines.launch(self.cell("x86_64"), "tcg")
        path = made.files.path
        self.assertTrue(path.is_dir())
        del made
        self.assertFalse(path.exists())

    def test_a_machine_that_there_is_not(self):
        self.fails("there is no MACHINE=q35 for app_xen-x86_64; there is dom0, xl",
                   machines.launch, self.cell("x86_64"), "tcg", machine="q35")
        self.fails("there is no MACHINE=dom0 for app_xen-arm64; there is dom0less, dom0less-plain, "
                   "xl, host",
                   machines.launch, self.cell("arm64"), "tcg", machine="dom0")

    def test_memory_that_is_none(self):
        self.fails("MEM=much is no amount of memory", machines.launch, self.cell("x86_64"), "tcg",
                   memory="much")
        self.fails("no whole number of MiB", machines.launch, self.cell("x86_64"), "tcg",
                   memory="1000k", machine="xl")


class XlConfiguration(Scratch):
    """What xl reads; Python reads it too, but for the words that are not in it."""

    def read(self, text):
        values = {}
        exec(text, {}, values)   # pylint: disable=exec-used
        return values

    def test_a_guest(self):
        text = xl_config.xl_config("x86_64", "n", "/images/i", 'a="b"', memory=32, vcpus=2,
                                   at_end="preserve", extra="nomigrate = 1")
        self.assertEqual(self.read(text), {
            "name": "n", "type": "pvh", "kernel": "/images/i", "cmdline": 'a="b"', "memory": 32,
            "vcpus": 2, "on_poweroff": "preserve", "on_reboot": "preserve",
            "on_crash": "preserve", "on_watchdog": "preserve", "nomigrate": 1})
        self.assertNotIn("type", xl_config.xl_config("arm64", "n", "i", "", memory=1, vcpus=1,
                                                     at_end="destroy"))

    def test_for_users(self):
        for arch in ("x86_64", "arm64"):
            given = types.SimpleNamespace(mem="64M", cpus="2", cmdline="a.b=c", args="x 'y'")
            text = xl_config.write(self.cell(arch, "image"), given).read_text(encoding="utf-8")
            said = self.read(text)
            self.assertEqual((said["name"], said["memory"], said["vcpus"], said["cmdline"]),
                             (f"app_xen-{arch}", 64, 2, "a.b=c -- x 'y'"))
            self.assertEqual(said["kernel"], str((self.folder / "image").resolve()))
            self.assertEqual(said.get("type"), "pvh" if arch == "x86_64" else None)

    def test_what_xl_cannot_say(self):
        for words in ("both ' and \"", "two\nlines", "end\\"):
            self.fails("xl's configuration has no way to say", xl_config.quoted, words)


class Guests(Scratch):
    """What is refused before dom0 is asked."""

    def test_mistakes(self):
        xen = Toolstack("x86_64", {"hello": "path"})
        self.fails("there is no image hallo in this Toolstack; there is hello", xen.create, "g",
                   "hallo")
        self.fails("is no name for a guest", xen.create, "a; b", "hello")

    def test_a_session_has_what_a_monitor_has(self):
        session = xl_machine._Session   # pylint: disable=protected-access
        for name in vars(Monitor):
            if not name.startswith("_") or name in ("__enter__", "__exit__"):
                self.assertTrue(hasattr(session, name), name)


if __name__ == "__main__":
    unittest.main()
