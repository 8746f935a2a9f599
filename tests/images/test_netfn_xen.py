# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""netfn as a guest of Xen, its text a RAM disk of xl's: what another guest sends into the one
bridge comes back to it by the other one."""

import os
import tempfile
import unittest
from pathlib import Path

from atoll.xen.toolstack import Toolstack, ramdisk, vifs

from .harness import ARCH, ImageTest, compose
from .test_netfn import counters_of

_PACKETS = int(os.environ.get("ATOLL_TEST_PACKETS", "3000"))
_SECONDS = 240 + _PACKETS // 200
_BRIDGES = vifs("left", "right")
_CONFIGURATION = """
# The file that xl loads beside the image.
net0 -> filter deny udp to_port 7, allow -> net1
net1 -> net0
"""


class NetfnXen(ImageTest):
    """With the packet generator beside it."""

    @classmethod
    def setUpClass(cls):
        images = {name: compose(name).image for name in ("netfn", "pktgen")}
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="atoll-test-"))
        images["configuration"] = Path(folder) / "netfn.conf"
        images["configuration"].write_text(_CONFIGURATION, encoding="utf-8")
        cls.xen = cls.enterClassContext(Toolstack(ARCH, images, bridge=True))

    def guest(self, image, words="", extra=""):
        guest = self.xen.create(f"{self.id().rpartition('.')[2][:40]}_{image}", image,
                                words=f"-- {words}", extra=f"{_BRIDGES}\n{extra}")
        self.addCleanup(guest.destroy)
        return guest

    def test_packets_pass(self):
        forwarder = self.guest("netfn", extra=ramdisk("configuration"))
        forwarder.wait_for(b"netfn: forwarding", _SECONDS)
        generator = self.guest("pktgen", f"send=net0 count=net1 packets={_PACKETS} "
                                         "bytes=60..1514 flows=16 window=200 wait=20000")
        end = generator.wait(_SECONDS)
        said = generator.console().decode(errors="replace")
        self.assertEqual(end, "poweroff", said)
        self.assertIn("pktgen: 0 lost, 0 duplicated, 0 reordered, 0 stale, 0 damaged, ", said)
        self.assertIn("pktgen: all came back", said)

        self.assertTrue(forwarder.shutdown())
        self.assertEqual(forwarder.wait(_SECONDS), "poweroff")
        console = forwarder.console()
        counters = counters_of(console)
        self.assertIn(b"atoll: exit 0", console)
        self.assertGreaterEqual(counters["net0"]["received"], _PACKETS, console)
        self.assertIn("filter (line 3)", counters)
        self.assertEqual(counters["all"]["received"],
                         counters["all"]["sent"] + counters["all"]["dropped"], console)


if __name__ == "__main__":
    unittest.main()
