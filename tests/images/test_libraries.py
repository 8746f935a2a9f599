# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""New libraries, inside and outside the tree, without a change to an existing file."""

import re
import shutil
import subprocess
import unittest

from atoll.cell import root

from .harness import ARCH, ImageTest, make


class Libraries(ImageTest):
    """make new-lib, make new-app, and the tutorial."""

    def _copy(self):
        copy = self.scratch() / "atoll"
        shutil.copytree(root(), copy, symlinks=True,
                        ignore=shutil.ignore_patterns("build", ".git", ".config*"))
        return copy

    def _changed(self, copy):
        """Files of the original that differ in the copy."""
        done = subprocess.run(["diff", "-rq", "-x", "build", "-x", ".git", "-x", ".config*", "-x",
                               "compile_commands.json", "-x", "__pycache__", str(root()),
                               str(copy)], capture_output=True, text=True, check=False)
        return [line for line in done.stdout.splitlines() if line.startswith("Files ")]

    def _ok(self, *words, folder):
        done = make(*words, folder=folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_a_leaf_inside_the_tree(self):
        copy = self._copy()
        self._ok("new-lib", "NAME=greeting", folder=copy)
        self._ok("APP=hello_cpp", f"ARCH={ARCH}", "SET=LIB_GREETING=y", folder=copy)
        self.assertEqual(self._changed(copy), [])

    def test_an_app_outside_the_tree(self):
        folder = self.scratch()
        self._ok("new-app", "NAME=mine", f"LIB={folder}", folder=root())
        said = self._ok("run", f"APP={folder}/mine", f"ARCH={ARCH}", f"O={folder}/build",
                        folder=root())
        self.assertIn("Hello from mine", said)

    def test_the_tutorial(self):
        """Every file and command of docs/first-library.md, in its order."""
        copy = self._copy()
        text = (root() / "docs" / "first-library.md").read_text(encoding="utf-8")
        steps = re.findall(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", text,
                           re.MULTILINE | re.DOTALL)
        self.assertGreater(len(steps), 3)
        for language, file, body in steps:
            if file:
                (copy / file).parent.mkdir(parents=True, exist_ok=True)
                (copy / file).write_text(body, encoding="utf-8")
            elif language == "console":
                for line in body.splitlines():
                    if line.startswith("$ make "):
                        words = _shell_words(line.removeprefix("$ make "))
                        self._ok(*words, folder=copy)
        self.assertEqual(self._changed(copy), [])


def _shell_words(line):
    import shlex
    return shlex.split(line, comments=True)


if __name__ == "__main__":
    unittest.main()
