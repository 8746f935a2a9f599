# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make bench-operations` and `make bench-packets`: what they count, and what they say of what is
above its target."""

import re
import unittest

from atoll.build import ARCHS

from .harness import ImageTest, make


class Packets(ImageTest):
    """`make bench-packets`."""

    def bench(self, only, app="pktgen"):
        return make("bench-packets", f"ONLY={only}", f"APP={app}", "ARCH=x86_64",
                    f"O={self.scratch()}")

    def test_batches_cost_fewer_exits_than_packets(self):
        done = self.bench("exits_32")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        found = re.findall(r"(?m)^kvm-x86_64 pktgen wire (mmio|pci) +exits_32 +([0-9.]+)", done.stdout)
        self.assertEqual([bus for bus, _ in found], ["mmio", "pci"], done.stdout)
        for _, exits in found:
            self.assertGreater(float(exits), 0)
            self.assertLess(float(exits), 0.1)

    def test_what_a_packet_costs(self):
        """Within what no driver of ours goes below, and none should go above."""
        done = self.bench("sent_1514")
        found = re.findall(r"(?m)^kvm-x86_64 pktgen wire \w+ +sent_1514 +([0-9.,]+)", done.stdout)
        self.assertEqual(len(found), 2, done.stdout + done.stderr)
        for cost in found:
            self.assertGreater(float(cost.replace(",", "")), 200)
            self.assertLess(float(cost.replace(",", "")), 1500)

    def test_a_forwarded_packet_is_within_its_target(self):
        done = self.bench("forwarded_32", app="netfn")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(len(re.findall("(?m)^kvm-x86_64 netfn wire .* target 600: met$",
                                        done.stdout)), 2, done.stdout)
        self.assertEqual(len(re.findall("(?m)^kvm-x86_64 netfn filter .*[0-9]$", done.stdout)), 2,
                         done.stdout)

    def test_what_is_none_is_named(self):
        done = self.bench("nothing")
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn("there is no row nothing; there are forwarded_32, ", done.stderr)


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
