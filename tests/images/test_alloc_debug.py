# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""ALLOC_DEBUG: each misuse of the heap is reported with the places it is about, with
every allocator; without the option none of it is in the image."""

import re
import unittest

from atoll.symbolize import Symbols, symbolize

from .harness import HERE, ImageTest, compose, run

_APP = HERE / "apps" / "heap_misuse"
_PROVIDERS = ("BUDDY", "TLSF", "REGION", "MIMALLOC")


def _settings(provider):
    return f"LIB_ALLOC_{provider}=y"


class AllocDebug(ImageTest):
    """What an image says of the misuse that its argument names."""

    def said(self, misuse, provider="BUDDY"):
        """The outcome, and its console with functions and lines."""
        cell = compose(_APP, settings=_settings(provider))
        outcome = run(cell, words=f"-- {misuse}")
        text = outcome.console.decode()
        if "image+0x" not in text:
            return outcome, text
        return outcome, "\n".join(symbolize(text, lambda build: Symbols(cell.symbols)))

    def assert_reported(self, misuse, sentence, *places, provider="BUDDY"):
        """A panic that says so, and behind each heading of `places` that function first."""
        outcome, text = self.said(misuse, provider)
        self.assert_panic(outcome, sentence)
        self.assertIn(f"alloc_debug: {sentence}: ", text)
        for heading, function in places:
            behind = text.split(f"\n  {heading}:\n", 1)
            self.assertEqual(len(behind), 2, text)
            lines = behind[1].splitlines()
            self.assertRegex(lines[0], r"^  #0 image\+0x[0-9a-f]+ \(0x[0-9a-f]+\)")
            self.assertIn(function, "\n".join(lines[1:4]), text)

    def test_a_double_free(self):
        self.assert_reported("double_free", "a block is freed twice",
                             ("allocated", "allocate_here"), ("freed", "free_here"))

    def test_what_is_no_block(self):
        self.assert_reported("foreign", "what is no block is freed")

    def test_the_inside_of_a_block(self):
        self.assert_reported("inside", "the inside of a block is freed",
                             ("allocated", "allocate_here"))

    def test_an_overflow(self):
        self.assert_reported("overflow", "a block was written to beyond its end",
                             ("allocated", "allocate_here"))

    def test_an_underflow(self):
        self.assert_reported("underflow", "a block was written to before its start",
                             ("allocated", "allocate_here"))

    def test_a_write_to_a_freed_block(self):
        self.assert_reported("write_after_free", "a block was written to after it was freed",
                             ("allocated", "allocate_here"), ("freed", "free_here"))

    def test_what_is_lost(self):
        outcome, text = self.said("lose")
        self.assert_exit(outcome)
        self.assertIn("alloc_debug: 2 blocks lost, 128 bytes, in build ", text)
        self.assertEqual(len(re.findall(r"lost: block 0x[0-9a-f]+ of 64 bytes\n  allocated:\n"
                                        r"  #0 [^#]*allocate_here", text)), 2, text)

    def test_nothing_is_reported_where_nothing_is_wrong(self):
        outcome, text = self.said("nothing")
        self.assert_exit(outcome)
        self.assertNotIn("alloc_debug", text)

    def test_every_allocator_is_watched(self):
        for provider in _PROVIDERS:
            with self.subTest(provider):
                self.assert_reported("double_free", "a block is freed twice",
                                     ("allocated", "allocate_here"), provider=provider)

    def test_without_the_option_nothing_of_it_is_there(self):
        cell = compose(_APP, settings="ALLOC_DEBUG=n")
        self.assertNotIn(b"alloc_debug", cell.map.read_bytes())


if __name__ == "__main__":
    unittest.main()
