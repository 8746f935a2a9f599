# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Only what QEMU alone can have done is booted again."""

import contextlib
import io
import types
import unittest
from unittest import mock

from atoll import runner

_SAID = b"panic: an interrupt came while interrupts were masked"


class DeliveredTwice(unittest.TestCase):
    """boot_again_if_delivered_twice()."""

    def boots(self, plat, arch, outcomes):
        """(kind of the last outcome, boots, what was said) where boots end like `outcomes`."""
        cell, said = types.SimpleNamespace(plat=plat, arch=arch), io.StringIO()
        ends = [types.SimpleNamespace(kind=kind, console=console) for kind, console in outcomes]
        with (mock.patch.object(runner, "boot", side_effect=ends) as booted,
              contextlib.redirect_stderr(said)):
            last = runner.boot_again_if_delivered_twice(cell, lambda: None, timeout=1)
        return last.kind, booted.call_count, said.getvalue()

    def test_below_xen(self):
        kind, boots, said = self.boots("xen", "x86_64", [("panic", _SAID), ("exit", b"")])
        self.assertEqual((kind, boots), ("exit", 2))
        self.assertIn("QEMU delivered an interrupt twice", said)

    def test_twice_at_most(self):
        self.assertEqual(self.boots("xen", "x86_64", [("panic", _SAID)] * 3)[:2], ("panic", 3))

    def test_nowhere_else(self):
        for plat, arch, outcome in (("kvm", "x86_64", ("panic", _SAID)),
                                    ("xen", "arm64", ("panic", _SAID)),
                                    ("xen", "x86_64", ("panic", b"panic: other")),
                                    ("xen", "x86_64", ("timeout", b""))):
            with self.subTest(plat=plat, arch=arch, outcome=outcome):
                self.assertEqual(self.boots(plat, arch, [outcome])[1:], (1, ""))


if __name__ == "__main__":
    unittest.main()
