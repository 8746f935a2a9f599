# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make bench-operations`: what it counts, and what it says of what is above its target."""

import re
import unittest

from atoll.build import ARCHS

from .harness import ImageTest, make


class Operations(ImageTest):
    """The rows of one architecture."""

    def rows(self, name, asked=None, arch="x86_64"):
        """make's result, and {provider: instructions} of that row of the operation `asked`."""
        done = make("bench-operations", f"ONLY={asked or name}", f"ARCH={arch}",
                    f"O={self.scratch()}")
        found = re.findall(rf"(?m)^kvm-{arch} (\w+) +{name} +([0-9.,]+)", done.stdout)
        return done, {provider: float(cost.replace(",", "")) for provider, cost in found}

    def test_a_mutex_and_a_switch_are_within_their_targets(self):
        for name, limit in (("mutex", {"sched_coop": 25, "sched_preempt": 25}),
                            ("yield", {"sched_coop": 150, "sched_preempt": 300})):
            done, rows = self.rows(name)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual(set(rows), set(limit), done.stdout)
            for provider, cost in rows.items():
                self.assertGreater(cost, 5, done.stdout)
                self.assertLessEqual(cost, limit[provider], done.stdout)

    def test_two_cpus_share_the_work_of_two_threads(self):
        for arch in ARCHS:
            with self.subTest(arch=arch):
                done, rows = self.rows("compute_apart", asked="compute_2", arch=arch)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertLessEqual(rows["sched_preempt"], 10)

    def test_what_is_none_is_named(self):
        done, rows = self.rows("nothing")
        self.assertEqual(rows, {})
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn("there is no operation nothing; there are ", done.stderr)


if __name__ == "__main__":
    unittest.main()
