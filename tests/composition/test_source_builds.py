# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Building third-party sources once, and the lock that pins them."""

import os
import tempfile
import threading
import types
import unittest
from pathlib import Path
from unittest import mock

from atoll import sources
from atoll.errors import Mistake
from atoll.ports import build, cache
from atoll.toolchain import Toolchain

from . import test_sources

_HASH = "0123456789abcdef" * 4


class Building(test_sources.SourcesTest):
    """What is built once and kept."""

    def setUp(self):
        super().setUp()
        self.tools = mock.create_autospec(Toolchain, instance=True, arch="x86_64", identity="cc 1")
        self.builds = 0
        recipe = self.folder / "recipe.py"
        recipe.write_text("one")
        self.recipe = types.SimpleNamespace(
            __file__=str(recipe), DURATION="a moment", RUNS_ON_HOST=False, inputs=lambda source, tools: {"flags": "-Os"}, build=self._build,
            checks=lambda: b"", check=lambda tools, prefix, log: None)
        self.commands = [["true"]]

    def _build(self, _source, _tools, _archive, work, prefix, log):
        self.builds += 1
        for command in self.commands:
            build.step(command, "compiling", log, work)
        (prefix / "made").write_text("x")

    def build(self):
        return build.build(self.source(), self.recipe, self.tools)

    def built(self):
        return [path.name for path in cache.folder("built").iterdir()]

    def test_once_for_the_same_inputs(self):
        first = self.build()
        self.assertTrue((first / "made").exists())
        self.assertEqual(self.build(), first)
        self.assertEqual(self.builds, 1)

    def test_anew_for_each_input(self):
        folders = {self.build()}
        self.recipe.inputs = lambda source, tools: {"flags": "-O2"}
        folders.add(self.build())
        self.tools.identity = "cc 2"
        folders.add(self.build())
        Path(self.recipe.__file__).write_text("two")
        folders.add(self.build())
        self.assertEqual((len(folders), self.builds), (4, 4))

    def test_a_failure_names_the_log_and_leaves_nothing(self):
        self.commands = [["sh", "-c", "echo the reason; exit 3"]]
        with self.assertRaises(Mistake) as caught:
            self.build()
        log = cache.folder("logs") / "thing-x86_64.log"
        self.assertIn(f"compiling failed; the whole output is in {log}", str(caught.exception))
        self.assertIn("the reason", log.read_text())
        self.assertEqual(self.built(), [])

    def test_a_full_disk(self):
        self.commands = [["sh", "-c", "echo 'cc: No space left on device'; exit 1"]]
        with self.assertRaisesRegex(Mistake, "the disk is full"):
            self.build()
        self.assertEqual(self.built(), [])

    def test_a_missing_tool(self):
        self.commands = [["no-such-tool-at-all"]]
        with self.assertRaisesRegex(Mistake, "no-such-tool-at-all is not installed"):
            self.build()

    def test_two_at_once_build_once(self):
        self.commands = [["sleep", "0.3"]]
        threads = [threading.Thread(target=self.build) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.builds, 1)

    def test_the_shell_s_variables_do_not_steer_it(self):
        self.commands = [["sh", "-c", 'test -z "$CFLAGS$MAKEFLAGS$CPATH"']]
        with mock.patch.dict(os.environ, CFLAGS="-O9", MAKEFLAGS="-k", CPATH="/x"):
            self.build()

    def test_a_type_that_differs_fails_each_time(self):
        def refuse(_tools, _prefix, _log):
            raise Mistake("struct stat differs")
        self.recipe.check = refuse
        for _ in range(2):
            with self.assertRaisesRegex(Mistake, "struct stat differs"):
                self.build()
        self.assertEqual(self.builds, 1)


class Lock(unittest.TestCase):
    """support/sources/sources.toml."""

    GOOD = ('[x]\nversion = "1"\ndirectory = "x"\nlicence = "MIT"\nlicence_files = []\n'
            'support = "yes"\npatches = []\n[[x.places]]\nkind = "url"\nurl = "http://e/x"\n'
            f'file = "x"\nsha256 = "{_HASH}"\n')

    def read(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "sources.toml")
            path.write_text(text, encoding="utf-8")
            return sources.read_lock(path)

    def refused(self, old, new, text):
        with self.assertRaisesRegex(Mistake, text):
            self.read(self.GOOD.replace(old, new))

    def test_the_tree_s_own(self):
        newlib = sources.find("newlib")
        self.assertIn("newlib", newlib["directory"])
        self.assertEqual({place["kind"] for place in newlib["places"]}, {"debian", "url"})
        with self.assertRaisesRegex(Mistake, "no source is called newlob; .*newlib"):
            sources.find("newlob")

    def test_what_is_refused(self):
        self.assertEqual(list(self.read(self.GOOD)), ["x"])
        self.refused("[x]", "[x", "cannot be read")
        self.refused('licence = "MIT"\n', "", "has no licence")
        self.refused('"url"', '"ftp"', "no kind out of debian, url")
        self.refused('url = "http://e/x"\n', "", "has no url")
        self.refused(_HASH, _HASH.upper(), "64 small hexadecimal digits")
        self.refused('file = "x"', 'file = "../x"', "no plain name")


if __name__ == "__main__":
    unittest.main()
