# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The proof of composition: what is linked is exactly what was chosen."""

import unittest

from atoll import linkmap
from atoll.errors import Mistake

from .harness import ARCH, HERE, ImageTest, build, compose, configure, run

_CONFIGURATIONS = (("hello_cpp", None), ("helloworld", None),
                   ("helloworld", "LIB_ALLOC_REGION=y LIB_SCHED_COOP=y"),
                   ("hello_cpp", "BUILD_OPTIMIZE_SPEED=y"))


class Composition(ImageTest):
    """At least three configurations, by the linker's own map."""

    def test_inputs_are_the_chosen_libraries(self):
        for app, settings in _CONFIGURATIONS:
            with self.subTest(app=app, settings=settings):
                configured = configure(app, settings)
                cell = compose(app, settings)
                chosen = {part.name for part in configured.composition.parts
                          if configured.composition.sources(part)}
                linked = {linkmap.owner(file) for file in linkmap.inputs(cell.map)
                          if not file.endswith(".a")}
                self.assertEqual(linked - {"generated"}, chosen)

    def test_every_app_and_architecture_boots_from_an_untouched_menu(self):
        for app in ("helloworld", "hello_cpp"):
            for arch in ("x86_64", "arm64"):
                with self.subTest(app=app, arch=arch):
                    self.assert_exit(run(compose(app, arch=arch)))

    def test_undeclared_include(self):
        self._mistake("#include \"../../../console/include/atoll/console.hpp\"\n"
                      "namespace atl { void greet() {} }\n",
                      "include/atoll/console.hpp of console, which it does not declare: add console "
                      "to its DEPENDS", absolute=True)

    def test_undeclared_symbol(self):
        self._mistake("namespace atl::console { void write(const char*, unsigned long); }\n"
                      "extern \"C\" void atoll_undeclared();\n"
                      "#include <string_view>\n"
                      "namespace atl::console { void write(std::string_view); }\n"
                      "namespace atl { void greet() { console::write(\"x\"); } }\n",
                      "greeting uses atl::console::write(std::basic_string_view<char, "
                      "std::char_traits<char> >) of console, which it does not declare: add "
                      "console to its DEPENDS")

    def test_who_gives_a_function_of_the_libc_is_not_the_programs_matter(self):
        """raise() is the libc's, or the signals' where they are chosen."""
        ends = HERE / "apps" / "libc_ends"
        self.assert_exit(run(compose(ends, "LIB_POSIX_SIGNALS=y"), words="-- return 3"), 3)

    def test_thread_local_in_a_kernel_library(self):
        self._mistake("namespace atl { thread_local int here; int* greet() { return &here; } }\n",
                      "greeting has a thread-local variable")

    def test_missing_header_is_answered(self):
        said = self._fails("#include <atoll/console.hpp>\n")
        self.assertIn("hint: atoll/console.hpp belongs to console", said)

    def test_undefined_symbol_is_answered(self):
        said = self._fails("#include <atoll/result.hpp>\nnamespace atl { void half_of_it();\n"
                           "Result<void> greet();\n"
                           "Result<void> greet() { half_of_it(); return {}; } }\n",
                           "namespace atl { void half_of_it(); }\n")
        self.assertIn("hint: atl::half_of_it() belongs to other", said)

    def test_what_a_port_brings_is_answered(self):
        """A header and a function of newlib, which is built outside the tree."""
        compose("helloworld")
        answer = "belongs to libc_newlib: add libc to DEPENDS and choose LIB_LIBC_NEWLIB"
        self.assertIn(f"hint: stdio.h {answer}", self._fails("#include <stdio.h>\n"))
        self.assertIn(f"hint: puts {answer}",
                      self._fails("#include <atoll/result.hpp>\nextern \"C\" int puts(const char*);\n"
                                  "namespace atl { Result<void> greet();\n"
                                  "Result<void> greet() { puts(\"x\"); return {}; } }\n"))

    def _library(self, source, other_header=None, absolute=False):
        from atoll.cell import root
        folder = self.scratch()
        one = folder / "greeting"
        one.mkdir()
        if absolute:
            source = source.replace("../../../console", str(root() / "lib/console"))
        (one / "CMakeLists.txt").write_text(
            "micro_library(NAME greeting SOURCES greeting.cpp DEPENDS base"
            + (" INIT greet)\n" if "Result" in source else ")\n"))
        (one / "Kconfig").write_text("config LIB_GREETING\n\tbool \"greeting\"\n\tdefault y\n")
        (one / "greeting.cpp").write_text(source)
        if other_header:
            other = folder / "other" / "include"
            other.mkdir(parents=True)
            (other / "other.hpp").write_text(other_header)
            (folder / "other" / "CMakeLists.txt").write_text("micro_library(NAME other)\n")
            (folder / "other" / "Kconfig").write_text("config LIB_OTHER\n\tbool \"other\"\n")
        return folder

    def _mistake(self, source, text, absolute=False):
        folder = self._library(source, absolute=absolute)
        with self.assertRaises(Mistake) as caught:
            build(configure("hello_cpp", libs=str(folder), out=str(folder / "build")), quiet=True)
        self.assertIn(text, str(caught.exception))

    def _fails(self, source, other_header=None):
        from .harness import make
        folder = self._library(source, other_header)
        done = make("APP=hello_cpp", f"ARCH={ARCH}", f"ATOLL_LIBS={folder}", f"O={folder}/build")
        self.assertNotEqual(done.returncode, 0)
        return done.stdout + done.stderr


if __name__ == "__main__":
    unittest.main()
