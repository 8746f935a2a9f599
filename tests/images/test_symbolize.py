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
from atoll.symbolize import Symbols, backtraces

from .harness import ARCH, HERE, OUT, ImageTest, compose, make, run

_ENDS = HERE / "apps" / "ends"


def _front_door(command, log, *words):
    """`make command` with that log on its standard input."""
    inherited = {name: value for name, value in os.environ.items()
                 if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(["make", command, f"O={OUT}", *words], cwd=root(), text=True,
                          input=log, capture_output=True, check=False, env=inherited)


class Symbolize(ImageTest):
    """make symbolize."""

    def symbolize(self, log, *words):
        """`make symbolize` with that log on its standard input."""
        return _front_door("symbolize", log, *words)

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
        self.assertEqual(named[0], ("(anonymous namespace)::write_null", "misdeeds.cpp"))
        self.assertLess(0, named.index(("main", "main.cpp")))

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


class Names(ImageTest):
    """PANIC_NAMES: the image knows its functions."""

    def test_a_panic_names_them(self):
        said = run(compose(_ENDS, "PANIC_NAMES=y"), words="-- write-null").console.decode()
        self.assertRegex(said, r"#0 image\+0x\w+ \(0x\w+\) write_null\+0x\w+ interrupted")
        self.assertRegex(said, r"#\d+ image\+0x\w+ \(0x\w+\) main\+0x\w+\s")
        self.assertRegex(said, r"#\d+ image\+0x\w+ \(0x\w+\) atl::boot\+0x\w+\s",
                         "a call that does not return is the function's behind it")

    def test_the_tools_read_them(self):
        cell = compose(_ENDS, "PANIC_NAMES=y")
        said = run(cell, words="-- write-null").console.decode()
        told = "\n".join(backtraces(said, lambda _: Symbols(cell.symbols)))
        self.assertRegex(told, r"write_null.* at tests/images/apps/ends/misdeeds\.cpp:\d+")


class CrashReport(ImageTest):
    """The page that a user attaches."""

    def test_the_runner_writes_one(self):
        done = make("run", f"APP={_ENDS}", f"ARCH={ARCH}", f"O={OUT}", "ARGS=write-null")
        place = re.search(r"report of it needs is in (\S+)", done.stderr)[1]
        text = (root() / place).read_text(encoding="utf-8")
        for wanted in (rf"image: ends_kvm-{ARCH} for {ARCH}", r"compiler: \S*gcc", "set: .* panic ",
                       r"options: .*PANIC_STACK_WORDS=32", "tree: [0-9a-f]{40}",
                       "ran under: QEMU emulator version", "panic: page fault: write to 0x0",
                       r"\b(rip|pc) +[0-9a-f]{16}", "write_null", r"build [0-9a-f]{40}",
                       r"[0-9a-f]{16}  [0-9a-f]{16}  main at tests/images/apps/ends/main\.cpp:\d+"):
            self.assertRegex(text, wanted)
        self.assertNotRegex(text, r"(?m)^ *stack [0-9a-f]{16}:")

    def test_a_log_without_a_panic(self):
        done = _front_door("crash-report", "nothing\natoll: exit 0\n")
        self.assertEqual(done.returncode, 2)
        self.assertIn("the log has no panic", done.stderr)

    def test_a_log_that_is_cut(self):
        """Of an image whose symbols are here, ending in the middle of the stack."""
        log = "before\n" + run(compose(_ENDS), words="-- write-null").console.decode()
        cut = log[:log.index("  stack ") + 40]
        done = _front_door("crash-report", cut)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("write_null", done.stdout)
        self.assertIn("\nbefore\n", done.stdout)

    def test_hostile_logs(self):
        for text in ("panic: \0\xff\n  stack 0000000000000000: 0000000000000000\n",
                     "panic: x\n  image base 0xfffffffffffffffff\n", "panic: "):
            done = _front_door("crash-report", text)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("--- panic", done.stdout)


if __name__ == "__main__":
    unittest.main()
