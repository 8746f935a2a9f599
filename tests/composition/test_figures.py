# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What `make bench` says of figures that have changed."""

import unittest

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
