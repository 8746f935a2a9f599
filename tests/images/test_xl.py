# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Guests that xl creates: many in one boot of Xen and its toolstack."""

import unittest

from atoll.devices import Interface
from atoll.elf import build_id
from atoll.xen.toolstack import VIF, Toolstack

from .harness import ARCH, HERE, ImageTest, compose

_ENDS = HERE / "apps" / "ends"
_ECHO = HERE / "outside" / "xenbus_echo"
_STATUS = "data/atoll"

# Devices of the kind that xenbus_echo drives: what the toolstack says of each, and the
# backend's state.
_DEVICES = """
device() {
  xenstore-write /local/domain/$domid/device/echo/$1/backend "$2"
  xenstore-write /local/domain/$domid/device/echo/$1/backend-id "$3"
}
here=/local/domain/0/backend/echo/$domid
for number in 0 1 2 3 4; do
  device $number $here/$number 0
  xenstore-write $here/$number/limit 7
done
xenstore-write $here/0/state 4
xenstore-write $here/1/state 2
xenstore-write $here/2/state 99
xenstore-write $here/3/state 6
xenstore-write $here/4/state 4
xenstore-write $here/4/limit 101
device 5 $here/5 no-number
device 6 "" 0
xenstore-chmod -r $here b
xenstore-chmod -r /local/domain/$domid/device b"""


class Xl(ImageTest):
    """Domains as a toolstack sees them."""

    @classmethod
    def setUpClass(cls):
        cls.cells = {"helloworld": compose("helloworld"), "vm_tests": compose("vm_tests"),
                     "ends": compose(_ENDS, "LIB_STOP_XENSTORE=y"),
                     "for_kvm": compose("helloworld", plat="kvm"),
                     "devices": compose("helloworld", "LIB_XENBUS_ECHO=y", libs=str(_ECHO))}
        cls.xen = cls.enterClassContext(
            Toolstack(ARCH, {name: cell.image for name, cell in cls.cells.items()},
                      interface=Interface("net", "user")))

    def guest(self, image, words="", **more):
        """A domain of its own for this test."""
        guest = self.xen.create(self.id().rpartition(".")[2][:40], image, words=words, **more)
        self.addCleanup(guest.destroy)
        return guest

    def node(self, guest, path):
        """The value of one of the domain's nodes; None where there is none."""
        status, said = self.xen.shell(f"xenstore-read {guest.node}/{path}")
        return said.decode().strip() if status == 0 else None

    def cpu_seconds(self, guest):
        """The time that the domain's CPUs have run."""
        return float(self.xen.shell(f"xl list {guest.name}")[1].split()[-1])

    def assert_ended(self, guest, reason, record, status):
        """The domain ended for `reason`, its last line is `record`, and its status `status`."""
        self.assertEqual(guest.wait(60), reason, guest.console())
        self.assertEqual(guest.console().decode().split("\n")[-2].strip(), f"atoll: {record}")
        self.assertEqual(self.node(guest, _STATUS), status)

    def test_hello(self):
        guest = self.guest("helloworld", words='-- one "two words"')
        self.assert_ended(guest, "poweroff", "exit 0", "exit 0")
        self.assertIn(b"Hello, world!", guest.console())
        self.assertIn(b"argument 2: two words", guest.console())

    def test_smallest_memory(self):
        """xl counts MiB, and itself needs one on x86_64, two on arm64."""
        guest = self.guest("helloworld", memory={"x86_64": 2, "arm64": 3}[ARCH])
        self.assert_ended(guest, "poweroff", "exit 0", "exit 0")

    def test_in_image_tests(self):
        guest = self.guest("vm_tests")
        self.assert_ended(guest, "poweroff", "exit 0", "exit 0")
        said = guest.console().decode()
        for name in ("XenEvents.no_wakeup_is_lost_under_load", "Xenstore.what_is_written_is_read",
                     "Xenstore.a_watch_hears_of_changes"):
            self.assertIn(f"[       OK ] {name}", said)

    def test_a_status_is_a_power_off_and_can_be_read(self):
        guest = self.guest("ends", words="shutdown.nonce=00c0ffee -- exit 7")
        self.assert_ended(guest, "poweroff", "exit 7 00c0ffee", "exit 7")

    def test_a_panic_is_a_crash_and_can_be_read(self):
        guest = self.guest("ends", words="-- panic")
        record = f"panic {build_id(self.cells['ends'].symbols)}"
        self.assert_ended(guest, "crash", record, record)
        self.assertIn(b"the test asked for it", guest.console())

    def test_shutdown_ends_a_waiting_image(self):
        guest = self.guest("ends", words="-- wait")
        guest.wait_for(b"waiting")
        self.assertEqual(self.node(guest, "control/feature-poweroff"), "1")
        self.assertTrue(guest.shutdown())
        self.assert_ended(guest, "poweroff", "exit 143", "exit 143")
        # Waiting in vain for xenstore's last answer takes many more.
        self.assertLess(self.cpu_seconds(guest), 5)

    def test_reboot_ends_it_for_that_reason(self):
        guest = self.guest("ends", words="-- wait")
        guest.wait_for(b"waiting")
        self.assertEqual(self.node(guest, "control/feature-reboot"), "1")
        self.assertTrue(guest.reboot())
        self.assert_ended(guest, "reboot", "exit 143", "exit 143")

    def test_wishes_that_it_cannot_fulfil_are_refused_and_it_goes_on(self):
        guest = self.guest("ends", words="-- wait")
        guest.wait_for(b"waiting")
        for wish in ("suspend", "a-wish-of-more-than-sixteen-letters"):
            self.xen.shell(f"xenstore-write {guest.node}/control/shutdown {wish}")
        guest.wait_for(b'the toolstack asks for "suspend", which this image cannot do')
        self.assertEqual(guest.wait(2), "running")
        self.assertTrue(guest.shutdown())
        self.assert_ended(guest, "poweroff", "exit 143", "exit 143")

    def test_a_device_whose_backend_misbehaves_is_named_and_the_others_go_on(self):
        guest = self.guest("devices", before=_DEVICES)
        self.assert_ended(guest, "poweroff", "exit 0", "exit 0")
        said = guest.console().decode()
        self.assertIn("device/echo/0 limit 7\n", said.replace("\r", ""))
        self.assertIn("device/echo/0 connected to 0\n", said.replace("\r", ""))
        for number, error, why in ((1, 110, "it stalls"), (2, 71, "no state has this number"),
                                   (3, 19, "it is closed"), (4, 71, "more than the limit"),
                                   (5, 71, "the backend's domain is no number"),
                                   (6, 71, "there is no backend")):
            with self.subTest(why):
                self.assertIn(f"xenbus: error: device/echo/{number}: error {error}", said)
        self.assertIn("Hello, world!", said)
        self.assertEqual(self.node(guest, "device/echo/0/state"), "4")
        self.assertEqual(self.node(guest, "device/echo/1/state"), "6")

    def test_an_interface_leads_outside(self):
        """Its other end, that is: the image has no driver for its own."""
        guest = self.guest("ends", words="-- wait", extra=VIF)
        guest.wait_for(b"waiting")
        backend = self.node(guest, "device/vif/0/backend")
        for name, value in (("hotplug-status", b"connected"), ("state", b"2")):   # InitWait
            self.assertEqual(self.xen.shell(f"xenstore-read {backend}/{name}"), (0, value + b"\n"))
        self.assertEqual(set(self.xen.shell("ls /sys/class/net/guests/brif")[1].split()),
                         {b"eth0", f"vif{guest.domid}.0".encode()})
        self.assertTrue(guest.shutdown())
        self.assert_ended(guest, "poweroff", "exit 143", "exit 143")

    def test_an_image_for_kvm_says_so_and_ends(self):
        guest = self.guest("for_kvm")
        self.assertIn(guest.wait(30), ("crash", "reboot", "poweroff"))
        if ARCH == "x86_64":    # there is no console for it but Xen's debug port
            said = self.xen.shell("xl dmesg")[1]
            self.assertIn(b"atoll: cannot boot: this image is for KVM, and runs on Xen", said)


if __name__ == "__main__":
    unittest.main()
