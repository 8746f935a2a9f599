# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Seeded faults that are out of order, and suites that do not notice one."""

import pathlib
import tempfile
import types
import unittest
from unittest import mock

from atoll import fault_runs, faults
from atoll.build import Request
from atoll.errors import Mistake
from atoll.model import Tree

from .small_tree import small_tree

_FAULT = '''
[{name}]
promise = "rice is white"
file = "{file}"
old = "white"
new = "brown"
fails = "Food.{test}"
'''
_SUITE = "VM_TEST(Food, is_white) { VM_EXPECT(colour() == kWhite); }\n"


def text(count=faults.LEAST, file="lib/food_rice/rice.cpp", test="is_white"):
    return "".join(_FAULT.format(name=f"fault_{i}", file=file, test=test) for i in range(count))


class FaultsTest(unittest.TestCase):
    """What load() says of one file of faults."""

    def load(self, toml, rice="white\n"):
        with small_tree({
                "lib/food/CMakeLists.txt":
                    "micro_interface(NAME food VERSION 1 DEPENDS base VM_CONFORMANCE suite.cpp)",
                "lib/food/suite.cpp": _SUITE, "lib/food/faults.toml": toml,
                "lib/food_rice/rice.cpp": rice}) as tree:
            with mock.patch.object(faults, "root", lambda: tree.folder):
                return faults.load(tree.load())

    def assert_problem(self, said, toml, **more):
        problems = self.load(toml, **more)[1]
        self.assertTrue(any(said in problem for problem in problems), problems)

    def test_in_order(self):
        found, problems = self.load(text())
        self.assertEqual(problems, [])
        self.assertEqual(len(found["food"]), faults.LEAST)

    def test_source_that_has_changed(self):
        self.assert_problem("food.fault_0 no longer applies: its `old` text is not once in "
                            "lib/food_rice/rice.cpp", text(), rice="black\n")
        self.assert_problem("no longer applies", text(), rice="white, white\n")
        self.assert_problem("no longer applies", text(file="lib/food_rice/gone.cpp"))

    def test_source_of_nobody(self):
        self.assert_problem("docs/rice.md belongs to no library", text(file="docs/rice.md"))

    def test_test_that_is_not_there(self):
        self.assert_problem("there is no test Food.is_red in the suite of food",
                            text(test="is_red"))

    def test_too_few(self):
        self.assert_problem("food: 2 seeded faults for its suite; write 5 or more", text(2))

    def test_tables_that_are_none(self):
        self.assert_problem("half needs promise, file, old, new, fails", text() + "[half]\nold = ''\n")
        self.assert_problem("lib/food/faults.toml: ", "[open\n")

    def test_the_tree_itself(self):
        self.assertEqual(faults.load(Tree.load(faults.root()))[1], [])


class RunsTest(unittest.TestCase):
    """Which outcomes count as noticed, and which faults are run."""

    fault = faults.Fault("food", "brown", "rice is white", "rice.cpp", "white", "brown",
                         "Food.is_white")

    def judge(self, *lines):
        console = "\n".join(lines).encode()
        outcome = types.SimpleNamespace(console=console, kind="exit", detail="")
        return fault_runs._judge(self.fault, outcome)   # pylint: disable=protected-access

    def test_noticed(self):
        self.assertIsNone(self.judge("[ RUN      ] Food.is_white", "[  FAILED  ] Food.is_white"))
        self.assertIsNone(self.judge("[ RUN      ] Food.is_white", "panic: page fault"))

    def test_not_noticed(self):
        self.assertIn('NOT NOTICED: Food.is_white passes, so that "rice is white" has no test in '
                      "the suite of food",
                      self.judge("[ RUN      ] Food.is_white", "[       OK ] Food.is_white"))
        self.assertIn("NOT NOTICED", self.judge("[ RUN      ] Food.is_white",
                                                "[  SKIPPED ] Food.is_white: no rice"))

    def test_never_reached(self):
        self.assertIn("DOES NOT RUN", self.judge("panic: page fault"))

    def test_choice(self):
        def chosen(**given):
            asked = types.SimpleNamespace(**dict.fromkeys(fault_runs.VARIABLES) | given)
            tree = Request(asked).tree
            found = faults.load(tree)[0]
            return fault_runs._chosen(found, tree, asked), found   # pylint: disable=protected-access
        some, found = chosen(count="1", seed="3")
        self.assertEqual([one.interface for one in some], sorted(found))
        self.assertEqual(some[0].name, found[some[0].interface][3 % len(found["alloc"])].name)
        self.assertEqual({one.interface for one in chosen(lib="timer")[0]}, {"timer"})
        self.assertEqual({one.file.split("/")[1] for one in chosen(lib="irq_gic")[0]}, {"irq_gic"})
        self.assertEqual({one.file.split("/")[1] for one in chosen(lib="irq", arch="arm64")[0]},
                         {"irq_gic"})
        for given, said in (({"lib": "nothing"}, "no library nothing"),
                            ({"lib": "chacha20"}, "no seeded fault"),
                            ({"name": "nothing"}, "no seeded fault nothing"),
                            ({"count": "many"}, "N=many is no whole number")):
            with self.assertRaisesRegex(Mistake, said):
                chosen(**given)


class MirrorTest(unittest.TestCase):
    """The copy of the tree that faults are seeded in."""

    def test_follows_the_tree_and_keeps_times(self):
        with small_tree({"gone": "x", "build/object": "o"}) as tree, \
                tempfile.TemporaryDirectory() as folder, \
                mock.patch.object(fault_runs, "root", lambda: tree.folder):
            copy = pathlib.Path(folder) / "copy"
            fault_runs._mirror(copy)   # pylint: disable=protected-access
            self.assertFalse((copy / "build").exists())
            before = (copy / "Kconfig").stat().st_mtime_ns
            (copy / "lib/food/Kconfig").write_text("left broken", encoding="utf-8")
            (tree.folder / "gone").unlink()
            fault_runs._mirror(copy)   # pylint: disable=protected-access
            self.assertFalse((copy / "gone").exists())
            self.assertEqual((copy / "lib/food/Kconfig").read_text(encoding="utf-8"),
                             (tree.folder / "lib/food/Kconfig").read_text(encoding="utf-8"))
            self.assertEqual((copy / "Kconfig").stat().st_mtime_ns, before)


if __name__ == "__main__":
    unittest.main()
