# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""netfn as a guest of Xen: what another guest sends into the one bridge comes back to it by the
other one."""

import os
import unittest

from atoll.xen.toolstack import Toolstack, vifs

from .harness import ARCH, ImageTest, compose
from .test_netfn import counters_of

_PACKETS = int(os.environ.get("ATOLL_TEST_PACKETS", "3000"))
_SECONDS = 240 + _PACKETS // 200
_BRIDGES = vifs("left", "right")


class NetfnXen(ImageTest):
    """With the packet generator beside it."""

    @classmethod
    def setUpClass(cls):
        images = {name: compose(name).image for name in ("netfn", "pktgen")}
        cls.xen = cls.enterClassContext(Toolstack(ARCH, images, bridge=True))

    def guest(self, image, words):
        guest = self.xen.create(f"{self.id().rpartition('.')[2][:40]}_{image}", image,
                                words=f"-- {words}", extra=_BRIDGES)
        self.addCleanup(guest.destroy)
        return guest

    def test_packets_pass(self):
        forwarder = self.guest("netfn", "net0 -> filter deny udp to_port 7, allow -> net1; "
                                        "net1 -> net0")
        forwarder.wait_for(b"netfn: forwarding", _SECONDS)
        generator = self.guest("pktgen", f"send=net0 count=net1 packets={_PACKETS} "
                                         "bytes=60..1514 flows=16 window=60 wait=20000")
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
        self.assertEqual(counters["all"]["received"],
                         counters["all"]["sent"] + counters["all"]["dropped"], console)


if __name__ == "__main__":
    unittest.main()
