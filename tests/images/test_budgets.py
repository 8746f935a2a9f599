# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The shipped apps against the committed figures and the budgets of libraries."""

import copy
import re
import types
import unittest

from atoll import bench, figures, sizes
from atoll.cell import root

from .harness import ARCH, PLAT, ImageTest, compose, configure


_UNCOUNTED = PLAT == "xen" and ARCH == "arm64"
_WHY_UNCOUNTED = "Xen on arm64 runs at the addresses where an image is loaded"
_OTHER_TOOLS = figures.not_comparable(ARCH)


@unittest.skipIf(_OTHER_TOOLS, _OTHER_TOOLS)
class Figures(ImageTest):
    """Bytes and instructions; `make bench` also looks for the smallest memory."""

    def test_helloworld(self):
        self._check("helloworld")

    def test_hello_cpp(self):
        self._check("hello_cpp")

    def test_helloworld_with_threads(self):
        """A scheduler of many threads instead of the one for a single one."""
        size = [compose("helloworld", settings).image.stat().st_size
                for settings in ("LIB_SCHED_SINGLE=y", "LIB_SCHED_COOP=y")]
        self.assertLessEqual(size[1] - size[0], 6144)

    def _check(self, app):
        if (app, PLAT, ARCH) not in figures.BUDGETS:
            self.skipTest("this cell has no figures that are committed")
        cell = compose(app)
        counts = bench.lowest_count(cell)
        new = {"image_bytes": cell.image.stat().st_size, "to_main": counts.to_main,
               "to_off": counts.to_off}
        self.assertEqual(figures.complaints(cell.name, new, figures.committed()[cell.name],
                                            figures.BUDGETS[app, PLAT, ARCH]), [])


class Libraries(ImageTest):
    """SIZE_BUDGET."""

    @unittest.skipIf(_OTHER_TOOLS, _OTHER_TOOLS)
    def test_no_library_of_a_shipped_app_is_above_its_own(self):
        for app in sizes.SHIPPED:
            configured = configure(app)
            self.assertEqual(sizes.over_budget(configured.composition, compose(app)), [])

    def test_one_that_is_above_is_named_with_what_to_do(self):
        cell, said = self._with_budget({ARCH: 100})
        self.assertEqual(len(said), 1, said)
        self.assertRegex(said[0], rf"^panic takes [0-9,]+ bytes of {cell.name}, more than its "
                                  r"SIZE_BUDGET of 100: make it smaller \(`make size LIB=panic")

    def test_one_without_a_budget_is_told_which_to_declare(self):
        _, said = self._with_budget({})
        self.assertEqual(len(said), 1, said)
        self.assertRegex(said[0], "^panic takes .* has no SIZE_BUDGET: add SIZE_BUDGET [0-9]+ ")

    def _with_budget(self, budgets):
        """hello_cpp's cell, and what is said of it where lib/panic declares `budgets`."""
        cell, composition = compose("hello_cpp"), configure("hello_cpp").composition
        parts = [copy.copy(part) for part in composition.parts]
        next(part for part in parts if part.name == "panic").size_budgets = budgets
        changed = types.SimpleNamespace(parts=parts, arch=ARCH, app=composition.app)
        said = sizes.over_budget(changed, cell)
        return cell, [line for line in said if line.startswith("panic ") or not _OTHER_TOOLS]


class Sizes(ImageTest):
    """Where the bytes are."""

    def test_symbols_of_a_library_make_up_its_bytes(self):
        cell = compose("hello_cpp")
        totals = sizes.by_owner(cell)["panic"]
        rows = sizes.by_symbol(cell, "panic")
        for kind in sizes.KINDS:
            self.assertEqual(sum(used for used, one, _ in rows if one == kind), totals[kind])
        self.assertIn("atl::panic(char const*, char const*, unsigned int)",
                      [symbol for _, _, symbol in rows])

    @unittest.skipIf(_UNCOUNTED, _WHY_UNCOUNTED)
    def test_steps_make_up_the_instructions_to_the_end(self):
        cell = compose("hello_cpp")
        counts = bench.lowest_count(cell)
        steps = dict(bench.by_step(configure("hello_cpp"), counts))
        self.assertEqual(sum(steps.values()), counts.to_off)
        self.assertEqual(steps["main and end"], counts.to_off - counts.to_main)
        for name in ("entry", "command_line", "program"):
            self.assertGreater(steps[name], 0, steps)


@unittest.skipIf(PLAT == "xen", "the page is about KVM")
@unittest.skipIf(_OTHER_TOOLS, _OTHER_TOOLS)
class Page(ImageTest):
    """docs/size.md tells the truth, give or take a quarter."""

    def test_bytes(self):
        totals = sizes.by_owner(compose("helloworld"))
        self._check("Bytes", {name: sizes.in_image(counts) for name, counts in totals.items()})

    def test_instructions(self):
        counts = bench.lowest_count(compose("helloworld"))
        self._check("Instructions", dict(bench.by_step(configure("helloworld"), counts)))

    def _check(self, chapter, real):
        text = (root() / "docs" / "size.md").read_text(encoding="utf-8")
        rows = re.findall(r"^\| ([^|]*) \| ?([0-9,]*) \| ?([0-9,]*) \|",
                          text.split(f"## {chapter}\n")[1].split("\n## ")[0], re.MULTILINE)
        told = {first: int(numbers[ARCH == "arm64"].replace(",", ""))
                for first, *numbers in rows if numbers[ARCH == "arm64"]}
        self.assertGreater(len(told), 5, text)
        for first, number in told.items():
            names = [name for name in re.findall("`([^`]+)`", first) or [first] if name in real]
            if names:
                self.assertAlmostEqual(sum(real[name] for name in names), number,
                                       delta=number / 4, msg=first)


if __name__ == "__main__":
    unittest.main()
