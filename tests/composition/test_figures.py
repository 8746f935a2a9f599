# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What `make bench` says of figures that have changed."""

import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from atoll import figures


class Complaints(unittest.TestCase):
    """One sentence for each counted figure that has grown, or is above its budget."""

    OLD = {"image_bytes": 50_000, "to_main": 20_000, "memory_kib": 1152}

    def said(self, budget=None, **new):
        """The complaints about OLD with changes."""
        return figures.complaints("hello_kvm-x86_64", self.OLD | new, self.OLD, budget or {})

    def test_none_of_the_same_nor_of_less(self):
        self.assertEqual(self.said(), [])
        self.assertEqual(self.said(image_bytes=100, to_main=1), [])

    def test_none_up_to_two_percent(self):
        self.assertEqual(self.said(image_bytes=51_000), [])

    def test_one_of_each_that_grew_more(self):
        said = self.said(image_bytes=51_001, to_main=30_000)
        self.assertEqual(len(said), 2)
        self.assertIn("hello_kvm-x86_64: image_bytes grew from 50,000 to 51,001 (+2.0%)", said[0])
        self.assertIn("to_main grew from 20,000 to 30,000 (+50.0%)", said[1])

    def test_the_smallest_memory_counts_and_time_does_not(self):
        self.assertEqual(len(self.said(memory_kib=1216)), 1)
        self.assertEqual(figures.complaints("x", {"time_over_stub_us": 9}, {"time_over_stub_us": 1},
                                            {"time_over_stub_us": 1}), [])

    def test_above_a_budget_even_where_nothing_was_committed(self):
        self.assertEqual(self.said({"image_bytes": 50_000}), [])
        said = figures.complaints("x", {"image_bytes": 50_001}, {}, {"image_bytes": 50_000})
        self.assertEqual(said, ["x: image_bytes is 50,001, above its budget of 50,000"])

    def test_every_budget_is_of_a_figure_that_is_committed(self):
        committed = figures.committed()
        for (app, plat, arch), budget in figures.BUDGETS.items():
            self.assertLessEqual(set(budget), set(committed[f"{app}_{plat}-{arch}"]))


class Tools(unittest.TestCase):
    """Figures are compared where the same tools made them."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / figures.PATH
        self.path.parent.mkdir(parents=True)
        patched = mock.patch.object(figures, "root", lambda: Path(folder.name))
        patched.start()
        self.addCleanup(patched.stop)

    def test_what_was_written_here_is_comparable_here(self):
        self.path.write_text(figures.text({"a": {"image_bytes": 1}}, "x86_64"), encoding="utf-8")
        self.assertEqual(figures.committed(), {"a": {"image_bytes": 1}})
        self.assertEqual(figures.not_comparable("x86_64"), "")

    def test_what_was_written_elsewhere_is_not(self):
        written = json.loads(figures.text({}, "x86_64"))
        written["measured_with"]["QEMU"] = "0.9"
        self.path.write_text(json.dumps(written), encoding="utf-8")
        self.assertRegex(figures.not_comparable("x86_64"),
                         r"are for GCC [\d.]+, binutils [\d.]+, QEMU 0\.9; this is GCC [\d.]+, .*")

    def test_where_nothing_is_committed_budgets_count(self):
        self.assertEqual(figures.committed(), {})
        self.assertEqual(figures.not_comparable("x86_64"), "")


class Table(unittest.TestCase):
    """What is shown beside what."""

    def test_old_new_difference_and_budget(self):
        lines = figures.table({"to_main": 30_000, "to_off": 7}, {"to_main": 20_000},
                              {"to_main": 25_000})
        self.assertRegex(lines[1], r"to_main +30,000 +20,000 +\+10,000 +\+50\.0%  "
                                   r"budget 25,000: over by 5,000")
        self.assertRegex(lines[2], r"to_off +7 +- +new")


if __name__ == "__main__":
    unittest.main()
