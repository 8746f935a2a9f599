# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Logs of panics become functions and lines."""

import os
import re
import shutil
import subprocess
import unittest

from atoll import elf
from atoll.cell import root

from .harness import ARCH, HERE, OUT, ImageTest, compose, make, run

_ENDS = HERE / "apps" / "ends"


class Symbolize(ImageTest):
    """make symbolize."""

    def symbolize(self, log, *words):
        """`make symbolize` with that log on its standard input."""
        inherited = {name: value for name, value in os.environ.items()
                     if not name.startswith(("MAKE", "MFLAGS"))}
        return subprocess.run(["make", "symbolize", f"O={OUT}", *words], cwd=root(), text=True,
                              input=log, capture_output=True, check=False, env=inherited)

    def log_of(self, misdeed):
        """The console of the app `ends`."""
        return run(compose(_ENDS), words=f"-- {misdeed}").console.decode()

    def _named(self, misdeed):
        """The functions of the backtrace, innermost first."""
        done = self.symbolize("noise before\n" + self.log_of(misdeed))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith("noise before\n"))
        return re.findall(r"^ {7}(.+?)(?:\(.*\))? at \S*?([\w.]+):\d+", done.stdout, re.MULTILINE)

    def test_an_exception(self):
        named = self._named("write-null")
        self.assertEqual(named[0][1], "misdeeds.cpp")
        self.assertIn(("misdeed", "misdeeds.cpp"), named)
        self.assertIn(("main", "main.cpp"), named)
        self.assertLess(named.index(("misdeed", "misdeeds.cpp")), named.index(("main", "main.cpp")))

    def test_a_call_that_does_not_return(self):
        """Its return address may be the next function's first instruction."""
        self.assertRegex(self._named("panic")[0][0], "panic_at_its_end$")

    def test_a_log_of_another_build(self):
        log = self.log_of("panic")
        mine = elf.build_id(compose(_ENDS).symbols)
        self.assertIn(mine, log)
        done = self.symbolize(log.replace(mine, "0123456789" * 4))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("the log is of build 0123456789", done.stderr)
        self.assertIn("name its file with SYMBOLS=<file>.dbg", done.stderr)

    def test_symbols_from_elsewhere(self):
        log, kept = self.log_of("panic"), self.scratch() / "kept.dbg"
        shutil.copy(compose(_ENDS).symbols, kept)
        empty = f"O={self.scratch()}"
        self.assertIn("there is no image", self.symbolize(log, empty).stderr)
        self.assertIn("misdeeds.cpp", self.symbolize(log, empty, f"SYMBOLS={kept}").stdout)
        done = self.symbolize(log, f"SYMBOLS={kept.parent}/none")
        self.assertIn("is no file with symbols", done.stderr)

    def test_logs_that_cannot_be_told(self):
        log = re.sub(r"[0-9a-f]{40}", "", self.log_of("panic"))
        done = self.symbolize(log)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("the log names no build id", done.stderr)
        for text in ("", "nothing went wrong\n", "\0\xff#0 image+0xzz\n"):
            self.assertEqual(self.symbolize(text).returncode, 0)

    def test_the_runner_names_them_at_once(self):
        done = make("run", f"APP={_ENDS}", f"ARCH={ARCH}", f"O={OUT}", "ARGS=write-null")
        self.assertIn("main at ", done.stderr)
        self.assertIn("misdeeds.cpp", done.stderr)


if __name__ == "__main__":
    unittest.main()
