# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""exit(0), exit(7), a panic, a hang and a stop request give the right status."""

import io
import unittest

from atoll.runner import STATUS_PANIC, STATUS_TIMEOUT

from .harness import ARCH, HERE, PLAT, ImageTest, compose, run

_ENDS = HERE / "apps" / "ends"


class Status(ImageTest):
    """The status contract, as the runner sees it."""

    def test_return_is_exit(self):
        self.assert_exit(run(compose(_ENDS), words="-- return 0"))

    def test_exit_7(self):
        self.assert_exit(run(compose(_ENDS), words="-- exit 7"), 7)

    def test_exit_status_is_a_byte(self):
        self.assert_exit(run(compose(_ENDS), words="-- exit 300"), 300 & 255)

    def test_panic(self):
        outcome = run(compose(_ENDS), words="-- panic")
        self.assert_panic(outcome, "the test asked for it")
        self.assertEqual(outcome.status, STATUS_PANIC)
        self.assertIn(b"image+0x", outcome.console)

    def test_assertion(self):
        self.assert_panic(run(compose(_ENDS), words="-- assert"), "assertion failed: data_byte == 0")

    def test_nonce_follows_the_record(self):
        outcome = run(compose(_ENDS), words="shutdown.nonce=00c0ffee -- exit 3")
        self.assertIn(b"atoll: exit 3 00c0ffee", outcome.console)

    def test_hang_is_ended_by_the_runner(self):
        log = io.BytesIO()
        outcome = run(compose(_ENDS), words="-- hang", timeout=3, log=log)
        self.assertEqual((outcome.kind, outcome.status), ("timeout", STATUS_TIMEOUT))
        if PLAT != "xen":
            return
        # Where its CPUs are, as far as Xen knows.
        self.assertIn("CPU0 guest state", outcome.told)
        self.assertIn("VCPU0: ", outcome.told)
        # Asked while a domain computes, Xen may never come back.
        self.assertNotIn(b"'q' pressed", log.getvalue().removesuffix(outcome.told.encode()))

    @unittest.skipIf(PLAT == "xen", "without a toolstack nobody can ask: images.test_xl does")
    def test_stop_request_ends_a_waiting_image(self):
        outcome = self.run_and_stop(compose(_ENDS, _STOP[ARCH]), "-- wait")
        self.assert_exit(outcome, 143)


_STOP = {"x86_64": "LIB_STOP_ACPI=y", "arm64": "LIB_STOP_GPIO_KEYS=y"}


if __name__ == "__main__":
    unittest.main()
