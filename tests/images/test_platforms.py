# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""An image on the platform that it was not built for, and what all platforms share."""

import json
import types
import unittest

from .harness import ARCH, PLAT, ImageTest, compose, run

_OTHER = {"kvm": "xen", "xen": "kvm"}[PLAT]
_WORDS = {"kvm": "this image is for KVM, and runs on Xen",
          "xen": "this image is for Xen, and does not run on it"}


class Platforms(ImageTest):
    """helloworld, for both."""

    @unittest.skipIf((PLAT, ARCH) == ("xen", "x86_64"),
                     "such an image is seen on Xen's own log only: images.test_xl looks there")
    def test_an_image_for_the_other_one_says_so_and_ends(self):
        image = compose("helloworld", plat=_OTHER).image
        outcome = run(types.SimpleNamespace(plat=PLAT, arch=ARCH, image=image, name="foreign"),
                      timeout=20)
        self.assert_panic(outcome, f"cannot boot: {_WORDS[_OTHER]}")
        self.assertEqual(outcome.console.count(b"atoll: "), 2, outcome.console)

    def test_manifests_differ_in_platform_libraries_only(self):
        mine, other = (self._libraries(plat) for plat in (PLAT, _OTHER))
        for name in mine - other:
            self.assertRegex(name, _ONLY[PLAT])
        for name in other - mine:
            self.assertRegex(name, _ONLY[_OTHER])
        self.assertGreater(len(mine & other), 20)

    def _libraries(self, plat):
        with open(compose("helloworld", plat=plat).directory / "manifest.spdx.json",
                  encoding="utf-8") as text:
            return {package["name"] for package in json.load(text)["packages"]
                    if not package["name"].startswith("helloworld_")}


# What one platform has and the other has not: its corners, and what drives its devices.
_ONLY = {"kvm": "^(plat_kvm.*|acpi|console_(ns16550|pl011)|irq_lines|irq_lines_ioapic|power_(acpi|psci)|psci"
                "|stop_(acpi|gpio_keys))$",
         "xen": "^(plat_xen.*|.*xen.*)$"}


if __name__ == "__main__":
    unittest.main()
