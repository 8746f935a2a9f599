# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make fuzz`: it finds a planted defect, says where it lies, and keeps its corpora."""

import os
import re
import shutil
import subprocess
import unittest

from atoll import fuzz_corpus
from atoll.cell import root
from atoll.fuzz_run import Run
from atoll.toolchain import CLANGXX

from .harness import OUT, ImageTest, make

_HAS_CLANG = unittest.skipUnless(shutil.which(CLANGXX), f"{CLANGXX} is not installed")
_OUT = os.path.join(OUT, "fuzz")


def fuzz(target, minutes, **more):
    return make("fuzz", TARGET=target, MINUTES=minutes, O=_OUT, INSTALL="no", **more)


class Fuzz(ImageTest):
    """The runner around libFuzzer."""

    @_HAS_CLANG
    def test_finds_a_planted_defect(self):
        shutil.rmtree(os.path.join(_OUT, "fuzz", "planted"), ignore_errors=True)
        done = fuzz("planted", "2")
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn("atoll: findings in planted", done.stderr)
        self.assertIn("heap-buffer-overflow", done.stdout)
        self.assertIn("copy the input into tests/fuzz/planted/corpus/", done.stdout)
        replay = re.search(r"^ +replay +(.*)$", done.stdout, re.MULTILINE)[1].split()
        again = subprocess.run(replay, cwd=root(), capture_output=True, text=True, check=False)
        self.assertNotEqual(again.returncode, 0)
        self.assertIn("heap-buffer-overflow", again.stderr)

    @_HAS_CLANG
    def test_without_a_finding(self):
        done = fuzz("parse_number", "0.03")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"parse_number: 0:0[1-9] of 0:01 CPU, [1-9][\d,]* executions")

    @_HAS_CLANG
    def test_update_is_bounded_and_adds_coverage(self):
        self.assertEqual(fuzz("vm_test_filter", "0.02").returncode, 0)
        run = Run("vm_test_filter", os.path.join(_OUT, "fuzz", "objects", "fuzz_vm_test_filter"),
                  self.scratch(), 1)
        run.seeds, run.corpus = run.folder / "seeds", run.folder / "corpus"
        run.seeds.mkdir()
        run.corpus.mkdir()
        (run.seeds / "by_hand").write_bytes(b"a\na")
        (run.corpus / "star").write_bytes(b"*b?\nabc")
        (run.corpus / "same").write_bytes(b"a\na")
        (run.corpus / "large").write_bytes(b"**:*\n" + b"a." * fuzz_corpus.MOST_INPUT)
        said = fuzz_corpus.update(run)
        names = sorted(path.name for path in run.seeds.iterdir())
        self.assertEqual(len(names), 2, said)
        self.assertEqual((run.seeds / names[1]).read_bytes(), b"*b?\nabc", said)

    def test_mistakes_are_named(self):
        done = fuzz("no_such_parser", "1")
        self.assertIn("there is no fuzz target no_such_parser; there are acpi, ", done.stderr)
        self.assertNotIn("planted", done.stderr)
        for minutes in ("soon", "-1", "0"):
            self.assertIn(f"MINUTES={minutes} is no number above 0",
                          fuzz("acpi", minutes).stderr)

    def test_a_compiler_without_libfuzzer_is_named(self):
        folder = self.scratch()
        (folder / "clang++-14").write_text("#!/bin/sh\necho no such library >&2\nexit 1\n")
        (folder / "clang++-14").chmod(0o755)
        done = fuzz("acpi", "1", PATH=f"{folder}:{os.environ['PATH']}")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("has no libFuzzer: install libclang-rt-14-dev", done.stderr)


if __name__ == "__main__":
    unittest.main()
