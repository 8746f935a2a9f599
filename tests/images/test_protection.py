# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What must not be possible ends in a panic that says what happened."""

import unittest

from .harness import HERE, ImageTest, compose, run

_ENDS = HERE / "apps" / "ends"


class Protection(ImageTest):
    """Each misdeed of the app `ends` panics, with its message."""

    def panics(self, misdeed, text):
        """Asserts that `misdeed` panics with a message that has `text`."""
        self.assert_panic(run(compose(_ENDS), words=f"-- {misdeed}", timeout=20), text)

    def test_write_to_code(self):
        self.panics("write-code", "write")

    def test_write_to_a_constant(self):
        self.panics("write-constant", "write")

    def test_write_through_the_alias_of_code(self):
        self.panics("write-code-alias", "write")

    def test_run_data(self):
        self.panics("run-data", "execute")

    def test_run_heap(self):
        self.panics("run-heap", "execute")

    def test_run_stack(self):
        self.panics("run-stack", "execute")

    def test_read_null(self):
        self.panics("read-null", "null")

    def test_write_null(self):
        self.panics("write-null", "null")

    def test_no_identity_map(self):
        self.panics("read-low-memory", "read")

    def test_stack_overflow(self):
        self.panics("overflow-stack", "stack overflow")

    def test_stack_smashing(self):
        self.panics("smash-stack", "stack smashing")

    def test_undefined_instruction(self):
        self.panics("undefined-instruction", "")

    def test_ten_boots_have_ten_bases(self):
        bases = set()
        for _ in range(10):
            said = run(compose(_ENDS), words="-- panic").console.decode()
            bases |= {word for line in said.splitlines() if "image base" in line
                      for word in line.split() if word.startswith("0x")}
        self.assertEqual(len(bases), 10, bases)


if __name__ == "__main__":
    unittest.main()
