# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Headers of the distribution: only the folder that was asked for is seen."""

import tempfile
import types
import unittest
from pathlib import Path
from unittest import mock

from atoll import system_headers
from atoll.errors import Mistake


class SystemHeaders(unittest.TestCase):
    """SYSTEM_HEADERS."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="atoll-test-")
        self.addCleanup(folder.cleanup)
        self.host, self.generated = Path(folder.name) / "include", Path(folder.name) / "generated"
        (self.host / "salt").mkdir(parents=True)
        (self.host / "salt" / "salt.h").touch()
        (self.host / "stdio.h").touch()
        patch = mock.patch.object(system_headers, "_PLACE", self.host)
        patch.start()
        self.addCleanup(patch.stop)
        self.cell = types.SimpleNamespace(generated=self.generated)

    def provide(self, header):
        part = types.SimpleNamespace(name="food", system_headers=[(header, "libsalt-dev")],
                                     place=lambda word: f"food/CMakeLists.txt: {word}")
        system_headers.provide(types.SimpleNamespace(parts=[part]), self.cell)

    def test_the_folder_and_nothing_else_is_there(self):
        for _ in range(2):   # a second build finds it
            self.provide("salt/salt.h")
        seen = self.generated / "system" / "food"
        self.assertEqual([path.name for path in seen.iterdir()], ["salt"])
        self.assertTrue((seen / "salt" / "salt.h").exists())

    def test_a_link_to_another_place_is_mended(self):
        self.provide("salt/salt.h")
        link = self.generated / "system" / "food" / "salt"
        link.unlink()
        link.symlink_to("/nowhere")
        self.provide("salt/salt.h")
        self.assertTrue((link / "salt.h").exists())

    def test_a_package_that_is_not_installed_is_named(self):
        with self.assertRaises(Mistake) as caught:
            self.provide("salt/pepper.h")
        self.assertIn("salt/pepper.h is missing, which food is compiled with: install libsalt-dev",
                      str(caught.exception))


if __name__ == "__main__":
    unittest.main()
