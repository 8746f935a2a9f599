# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""A .config from another version or hand is migrated, or each bad line explained."""

import unittest

from atoll.errors import Mistake

from .small_tree import small_tree

# A number with ranges, of which one holds elsewhere, and symbols that had other names.
_MENU = {"lib/food_rice/Kconfig": """
choice FOOD
# was: LIB_RICE
config LIB_FOOD_RICE
	bool "rice"
endchoice
if LIB_FOOD_RICE
# was: FOOD_RICE_CORNS FOOD_RICE_KERNELS
config FOOD_RICE_GRAINS
	int "grains"
	range 1 99 if PLAT_XEN
	range 1 9
	default 7
config FOOD_RICE_COLOUR
	hex "colour"
	default 0xffffff
config FOOD_RICE_NAME
	string "name"
	default "basmati"
endif
"""}


class Refused(unittest.TestCase):
    """What a build says of a .config that makes no sense."""

    def said_of(self, content, strict=False):
        """The sentence over a .config with `content`, text or bytes."""
        with small_tree(_MENU) as tree, self.assertRaises(Mistake) as caught:
            path = tree.folder / ".config"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            tree.menu().resolve(str(path), [], strict)
        return str(caught.exception).replace(str(path), ".config")

    def refuses(self, content, sentence):
        """One line is at fault, and the sentence has its place and the remedy."""
        said = self.said_of(content)
        self.assertIn(sentence, said)
        self.assertIn("`make olddefconfig`", said)
        self.assertNotIn("\n", said)

    def test_unknown_symbol(self):
        self.refuses("# a comment\nCONFIG_LIB_SALTY=y\n",
                     ".config:2: unknown symbol LIB_SALTY; did you mean LIB_SALT?")

    def test_unknown_symbol_that_is_off(self):
        self.refuses("# CONFIG_LIB_SALTY is not set\n", ".config:1: unknown symbol LIB_SALTY")

    def test_value_out_of_range(self):
        self.refuses("CONFIG_FOOD_RICE_GRAINS=100\n", ".config:1: FOOD_RICE_GRAINS=100 is out of "
                     "range; write 1 to 99 where PLAT_XEN or 1 to 9")

    def test_values_of_another_type(self):
        for line, sentence in (
                ("LIB_SALT=maybe", "LIB_SALT is of type bool and cannot be 'maybe'; write y or n"),
                ("LIB_SALT=", "LIB_SALT is of type bool and cannot be ''; write y or n"),
                ("FOOD_RICE_GRAINS=y", "type int and cannot be 'y'; write a number"),
                ("FOOD_RICE_GRAINS=\"7\"", "type int and cannot be"),
                ("FOOD_RICE_COLOUR=red", "type hex and cannot be 'red'; write a number such as"),
                ("FOOD_RICE_NAME=wild", "type string and cannot be 'wild'; write it in double"),
                ("FOOD_RICE_NAME=\"wild", "type string and cannot be")):
            with self.subTest(line=line):
                self.refuses(f"CONFIG_{line}\n", sentence)

    def test_two_entries_of_a_choice(self):
        self.refuses("CONFIG_LIB_FOOD_RICE=y\nCONFIG_LIB_FOOD_BREAD=y\n", ".config:1: "
                     "LIB_FOOD_RICE and LIB_FOOD_BREAD exclude each other; keep one of the lines")

    def test_two_values(self):
        self.refuses("CONFIG_FOOD_RICE_GRAINS=2\nCONFIG_FOOD_RICE_GRAINS=3\n", ".config:1: "
                     "FOOD_RICE_GRAINS is given another value further down; keep one")

    def test_no_assignment(self):
        for line in ("LIB_SALT=y", "CONFIG_LIB_SALT y", "CONFIG_=y", "CONFIG_LIB-SALT=y", "\0",
                     "<<<<<<< HEAD", "x" * 100_000):
            with self.subTest(line=line[:40]):
                self.refuses(f"\n{line}\n", ".config:2: '")
        self.assertLess(len(self.said_of("x" * 100_000)), 200)

    def test_every_line_is_explained(self):
        said = self.said_of("CONFIG_A=y\nnonsense\nCONFIG_FOOD_RICE_GRAINS=no\n")
        self.assertTrue(said.startswith("3 lines make no sense; mend them, or let "), said)
        for number in (1, 2, 3):
            self.assertIn(f".config:{number}: ", said)

    def test_no_text(self):
        for content in (b"CONFIG_LIB_SALT=y\n\xff\xfe\x00\x01", bytes(range(128, 256))):
            said = self.said_of(content)
            self.assertRegex(said, r"\.config:\d: is no text, so no configuration; "
                                   r"`make defconfig` writes")

    def test_unreadable(self):
        with small_tree(_MENU) as tree, self.assertRaises(Mistake) as caught:
            (tree.folder / ".config").mkdir()
            tree.menu().resolve(str(tree.folder / ".config"), [], False)
        self.assertIn(".config: cannot be read: Is a directory; `make defconfig` writes",
                      str(caught.exception))

    def test_a_defconfig_is_not_mended_by_olddefconfig(self):
        self.assertNotIn("olddefconfig", self.said_of("CONFIG_LIB_SALTY=y\n", strict=True))

    def test_a_value_out_of_range_in_set(self):
        with small_tree(_MENU) as tree, self.assertRaises(Mistake) as caught:
            tree.compose([("FOOD_RICE_GRAINS", "10")])
        self.assertIn("SET: FOOD_RICE_GRAINS=10 has no effect (it is 7): its range is 1 to 99 "
                      "where PLAT_XEN or 1 to 9", str(caught.exception))


class Migrated(unittest.TestCase):
    """What is understood all the same."""

    def loaded(self, content, names, resolve=True):
        """The values of `names` under a .config with `content`, and what was said."""
        with small_tree(_MENU) as tree:
            path, menu = tree.folder / ".config", tree.menu()
            path.write_bytes(content)
            said = (menu.resolve(str(path), [("APP_HELLO", "y", "APP")], False) if resolve
                    else menu.load(str(path)))
            return [menu.value(name) for name in names], [
                sentence.replace(str(path), ".config") for sentence in said]

    def test_lines_that_end_in_other_ways(self):
        for content in (b"CONFIG_APP_HELLO=y\r\nCONFIG_FOOD_RICE_GRAINS=3\r\n",
                        b"CONFIG_APP_HELLO=y\nCONFIG_FOOD_RICE_GRAINS=3",
                        b"\xef\xbb\xbfCONFIG_APP_HELLO=y\n  CONFIG_FOOD_RICE_GRAINS=3 \n"):
            with self.subTest(content=content):
                self.assertEqual(self.loaded(content, ["FOOD_RICE_GRAINS"]), (["3"], []))

    def test_renamed_symbols(self):
        for former in (b"CORNS", b"KERNELS"):
            values, said = self.loaded(b"CONFIG_FOOD_RICE_%s=3\n" % former, ["FOOD_RICE_GRAINS"])
            self.assertEqual(values, ["3"])
            self.assertEqual(len(said), 1)
            self.assertRegex(said[0], r"\.config:1: FOOD_RICE_\w+ is called FOOD_RICE_GRAINS now")

    def test_renamed_symbol_in_set(self):
        with small_tree(_MENU) as tree:
            composition = tree.compose([("FOOD_RICE_CORNS", "3")])
        self.assertEqual(composition.menu.value("FOOD_RICE_GRAINS"), "3")

    def test_bringing_up_to_date_drops_the_rest_and_says_so(self):
        values, said = self.loaded(
            b"CONFIG_FOOD_RICE_CORNS=3\nCONFIG_GONE=y\nnonsense\nCONFIG_LIB_FOOD_BREAD=y\n"
            b"CONFIG_LIB_FOOD_RICE=y\nCONFIG_FOOD_RICE_NAME=\"a \\\"b\"\n",
            ["FOOD_RICE_GRAINS", "LIB_FOOD_RICE", "FOOD_RICE_NAME"], resolve=False)
        self.assertEqual([sentence.rsplit(": ", 1)[-1] for sentence in said],
                         ["FOOD_RICE_CORNS is called FOOD_RICE_GRAINS now", *["dropped"] * 3])
        self.assertEqual(values, ["3", "y", 'a "b'])

    def test_former_names_that_cannot_be(self):
        for kconfig, sentence in (
                ("# was: OLD\n\nconfig LIB_SALT\n\tbool \"salt\"\n", "stands above no config line"),
                ("config LIB_SALT\n\tbool \"salt\"\n# was: OLD\n", "stands above no config line"),
                ("# was: LIB_FOOD_BREAD\nconfig LIB_SALT\n\tbool \"salt\"\n",
                 "LIB_FOOD_BREAD is said to have another name now, and is a symbol still"),
                ("# was: FOOD_RICE_CORNS\nconfig LIB_SALT\n\tbool \"salt\"\n",
                 "FOOD_RICE_CORNS cannot have become ")):
            with self.subTest(sentence=sentence), \
                 small_tree(_MENU | {"lib/salt/Kconfig": kconfig}) as tree, \
                 self.assertRaises(Mistake) as caught:
                tree.menu()
            self.assertIn(sentence, str(caught.exception))


if __name__ == "__main__":
    unittest.main()
