# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The in-image tests of one micro-library and of the interface it provides: what
`make test LIB=` runs of them."""

import os
import unittest

from atoll.errors import Mistake
from atoll.generate import vm_test_names

from .harness import OUT, ImageTest, build, configure, run

_NAME = os.environ.get("ATOLL_TEST_LIBRARY", "alloc")
_LIBS = os.environ.get("ATOLL_TEST_LIBS")


class Library(ImageTest):
    """apps/vm_tests with the library chosen."""

    def test_in_an_image(self):
        configured = self._with_the_library()
        names = vm_test_names(self._files(configured.composition))
        self.assertTrue(names, f"{_NAME} has no test to run in an image")
        suites = dict.fromkeys(suite for suite, _ in names)
        words = "vm_test.filter=" + ":".join(f"{suite}.*" for suite in suites)
        outcome = run(build(configured, quiet=True), words=words)
        said = outcome.console.decode(errors="replace")
        self.assert_exit(outcome)
        ran = {line.split()[-1] for line in said.splitlines() if line.startswith("[ RUN ")}
        self.assertLessEqual({f"{suite}.{name}" for suite, name in names}, ran, said)

    def _with_the_library(self):
        """The smallest setting that brings the library into the image."""
        chosen = f"LIB_{_NAME.upper()}=y"
        for settings in ("", "VM_TESTS_LIBC=y", chosen, "VM_TESTS_LIBC=y " + chosen):
            try:
                configured = configure("vm_tests", settings, libs=_LIBS,
                                       out=os.path.join(OUT, "library"))
            except Mistake:
                continue
            if _NAME in configured.composition:
                return configured
        if configured.menu.has_prompt(f"LIB_{_NAME.upper()}"):
            self.fail(f"no setting brings {_NAME} into vm_tests")
        self.skipTest(f"nothing that vm_tests may hold in this cell needs {_NAME}")

    @staticmethod
    def _files(composition):
        part = composition.part(_NAME)
        pairs = [(part, part.vm_tests + part.vm_conformance)]
        if part.provides:
            interface = composition.part(part.provides)
            pairs.append((interface, interface.vm_conformance))
        return [os.path.join(one.directory, file) for one, files in pairs for file in files]


if __name__ == "__main__":
    unittest.main()
