# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Every kind of configuration mistake fails with a sentence that names the culprit."""

import unittest

from atoll.errors import Mistake

from .small_tree import small_tree


class Mistakes(unittest.TestCase):
    """Each test makes one mistake in a tree that works."""

    def fails(self, text, changes=None, **compose):
        """Asserts that composing fails, and that the sentence has `text`."""
        with small_tree(changes) as tree, self.assertRaises(Mistake) as caught:
            tree.compose(**compose)
        self.assertIn(text, str(caught.exception))

    def test_the_tree_works_without_a_mistake(self):
        with small_tree() as tree:
            names = [library.name for library in tree.compose().libraries]
        self.assertEqual(names, ["base", "cstring", "food_rice", "stack_protector"])

    def test_misspelt_argument(self):
        self.fails("unknown argument DEPENS of micro_library(); did you mean DEPENDS?",
                   {"lib/salt/CMakeLists.txt": "micro_library(NAME salt DEPENS base)"})

    def test_misspelt_argument_names_its_line(self):
        self.fails("CMakeLists.txt:3: unknown argument SOURCE ",
                   {"lib/salt/CMakeLists.txt": "micro_library(\n  NAME salt\n  SOURCE x.cpp)"})

    def test_size_budget_that_is_no_number(self):
        for words in ("small", "x86_64", "x86_64 100 arm64"):
            self.fails("SIZE_BUDGET takes a number of bytes, or pairs of an architecture and a "
                       "number", {"lib/salt/CMakeLists.txt":
                                  f"micro_library(NAME salt SIZE_BUDGET {words})"})

    def test_argument_of_another_kind(self):
        self.fails("micro_interface() takes no PROVIDES",
                   {"lib/food/CMakeLists.txt":
                    "micro_interface(NAME food VERSION 1 PROVIDES x)"})

    def test_missing_file(self):
        self.fails("salt names salt.cpp, which does not exist",
                   {"lib/salt/CMakeLists.txt": "micro_library(NAME salt SOURCES salt.cpp)"})

    def test_unknown_dependency(self):
        self.fails("salt depends on ovens, which no folder declares; did you mean oven?",
                   {"lib/salt/CMakeLists.txt": "micro_library(NAME salt DEPENDS ovens)"})

    def test_dependency_on_a_provider(self):
        self.fails("salt depends on food_rice, a provider; depend on its interface food",
                   {"lib/salt/CMakeLists.txt": "micro_library(NAME salt DEPENDS food_rice)"})

    def test_cycle_of_dependencies(self):
        self.fails("a cycle of dependencies: oven -> salt -> oven",
                   {"lib/salt/CMakeLists.txt": "micro_library(NAME salt DEPENDS oven)",
                    "lib/oven/CMakeLists.txt": "micro_library(NAME oven DEPENDS salt)"})

    def test_glue_over_one_symbol_is_none(self):
        with small_tree({"lib/glue/CMakeLists.txt":
                         'micro_library(NAME glue WHEN "LIB_OVEN")'}) as tree:
            self.assertIn("glue", tree.compose([("LIB_FOOD_BREAD", "y")]))
            self.assertNotIn("glue", tree.compose())

    def test_cycle_of_boot_steps(self):
        with small_tree({"lib/oven/CMakeLists.txt":
                         "micro_library(NAME oven INIT oven_init AFTER food)"}) as tree:
            composition = tree.compose([("LIB_FOOD_BREAD", "y")])
            with self.assertRaises(Mistake) as caught:
                composition.steps()
        self.assertIn("the boot steps wait for each other: food_bread -> oven -> food_bread",
                      str(caught.exception))

    def test_step_after_nothing_known(self):
        with small_tree({"lib/oven/CMakeLists.txt":
                         "micro_library(NAME oven INIT oven_init AFTER fod)"}) as tree:
            with self.assertRaises(Mistake) as caught:
                tree.compose([("LIB_FOOD_BREAD", "y")]).steps()
        self.assertIn("the boot step names fod, which no folder declares", str(caught.exception))

    def test_layer_crossed_upwards(self):
        self.fails("base (layer base) depends upwards on salt (layer kernel)",
                   {"lib/base/CMakeLists.txt": "micro_library(NAME base LAYER base DEPENDS salt)"})

    def test_wrong_version(self):
        self.fails("food_bread provides version 1 of food, whose contract is at version 2",
                   {"lib/food/CMakeLists.txt": "micro_interface(NAME food VERSION 2 DEPENDS base)"})

    def test_missing_provider(self):
        self.fails("the interface wine has no provider, and hello needs it: "
                   "no library of the tree provides it",
                   {"lib/wine/CMakeLists.txt": "micro_interface(NAME wine VERSION 1)",
                    "apps/hello/CMakeLists.txt":
                    "micro_app(NAME hello SOURCES main.cpp DEPENDS food wine)"})

    def test_two_providers_by_a_menu_without_a_choice(self):
        self.fails("the interface food has 2 providers, food_bread and food_rice",
                   {"lib/food_bread/Kconfig": "config LIB_FOOD_BREAD\n\tbool \"bread\"\n"},
                   overrides=[("LIB_FOOD_BREAD", "y")])

    def test_two_providers_cannot_be_chosen(self):
        self.fails("LIB_FOOD_BREAD=y has no effect (it is n): FOOD is LIB_FOOD_RICE",
                   overrides=[("LIB_FOOD_BREAD", "y"), ("LIB_FOOD_RICE", "y")])

    def test_unknown_symbol(self):
        self.fails("unknown symbol LIB_SALTY; did you mean LIB_SALT?",
                   overrides=[("LIB_SALTY", "y")])

    def test_unknown_symbol_in_a_defconfig_names_its_line(self):
        with small_tree({"apps/hello/defconfig": "# a comment\nCONFIG_LIB_SALTY=y\n"}) as tree:
            with self.assertRaises(Mistake) as caught:
                tree.compose(base=str(tree.folder / "apps/hello/defconfig"))
        self.assertIn("apps/hello/defconfig:2: unknown symbol LIB_SALTY", str(caught.exception))

    def test_ineffective_assignment(self):
        self.fails("LIB_SALT=y has no effect (it is n): it depends on PLAT_XEN, which does not hold",
                   overrides=[("LIB_SALT", "y")])

    def test_assignment_without_a_prompt(self):
        self.fails("LIB_OVEN has no prompt", overrides=[("LIB_OVEN", "y")])

    def test_assignment_of_the_wrong_type(self):
        self.fails("FOOD_RICE_GRAINS is of type int and cannot be 'many'",
                   overrides=[("FOOD_RICE_GRAINS", "many")])

    def test_config_prefix_in_a_select(self):
        self.fails("lib/salt/Kconfig:3: CONFIG_LIB_OVEN carries the prefix CONFIG_",
                   {"lib/salt/Kconfig":
                    "config LIB_SALT\n\tbool \"salt\"\n\tselect CONFIG_LIB_OVEN\n"})

    def test_unknown_symbol_in_a_kconfig_file(self):
        self.fails("LIB_OVENS",
                   {"lib/salt/Kconfig": "config LIB_SALT\n\tbool \"salt\"\n\tselect LIB_OVENS\n"})

    def test_nonsense_in_a_configuration_file(self):
        with small_tree({"apps/hello/defconfig": "LIB_SALT=y\n"}) as tree:
            with self.assertRaises(Mistake) as caught:
                tree.compose(base=str(tree.folder / "apps/hello/defconfig"))
        self.assertIn("'LIB_SALT=y' is no assignment; write CONFIG_NAME=value",
                      str(caught.exception))

    def test_library_of_another_architecture(self):
        self.fails("food_rice is for the architecture arm64 only, not for x86_64",
                   {"lib/food_rice/CMakeLists.txt":
                    "micro_library(NAME food_rice PROVIDES food VERSION 1 ARCHS arm64)"})

    def test_declared_twice(self):
        self.fails("oven is declared twice",
                   {"lib/oven2/CMakeLists.txt": "micro_library(NAME oven)"})


class Composing(unittest.TestCase):
    """What a configuration makes of the tree."""

    def test_another_provider_brings_its_needs(self):
        with small_tree() as tree:
            composition = tree.compose([("LIB_FOOD_BREAD", "y")])
        names = [library.name for library in composition.libraries]
        self.assertIn("oven", names)
        self.assertNotIn("food_rice", names)

    def test_steps_come_after_what_they_depend_on(self):
        with small_tree() as tree:
            steps = tree.compose([("LIB_FOOD_BREAD", "y")]).steps()
        self.assertEqual([part.name for part in steps], ["oven", "food_bread"])

    def test_why(self):
        with small_tree() as tree:
            composition = tree.compose([("LIB_FOOD_BREAD", "y")])
        self.assertEqual(composition.why("oven"), ["hello", "food", "food_bread", "oven"])

    def test_a_new_folder_is_found(self):
        with small_tree({"lib/food_soup/CMakeLists.txt":
                         "micro_library(NAME food_soup PROVIDES food VERSION 1)",
                         "lib/food_soup/Kconfig":
                         "choice FOOD\nconfig LIB_FOOD_SOUP\n\tbool \"soup\"\nendchoice\n"}) as tree:
            composition = tree.compose([("LIB_FOOD_SOUP", "y")])
        self.assertEqual(composition.provider("food").name, "food_soup")


if __name__ == "__main__":
    unittest.main()
