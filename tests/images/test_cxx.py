# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The whole C++ library: what it says in an image, and what the host's says."""

import json
import os
import subprocess
import unittest

from atoll import compiler_cache, toolchain
from atoll.cell import root

from .harness import ARCH, HERE, OUT, PLAT, ImageTest, compose, make, run

_TESTS = HERE / "outside" / "cxx_tests"
_THREADS = HERE / "apps" / "cxx_threads"
_ENDS = HERE / "apps" / "cxx_ends"
_OUTSIDE = HERE / "outside" / "cxx_outside"
_MANY_CPUS = "LIB_SCHED_PREEMPT=y ARCH_MAX_CPUS=4"
_SCHEDULERS = (("LIB_SCHED_COOP=y", "1"), ("LIB_SCHED_PREEMPT=y", "1"), (_MANY_CPUS, "4"))


def _said(outcome):
    return outcome.console.decode(errors="replace").replace("\r\n", "\n")


def _host_says(folder, sources, includes=()):
    """What the program of `sources`, compiled for this machine in `folder`, writes; the
    compiler is the images'."""
    made = os.path.join(folder, "program")
    tools = toolchain.toolchain(toolchain.machine())
    # Every cell compiles the same: one of them does it, where there is a cache.
    launcher = [compiler_cache.launcher()] if compiler_cache.launcher() else []
    keeping = os.environ | compiler_cache.environment(folder)
    objects = []
    for source in sources:
        compiler = [tools.cc, "-fexceptions"] if source.suffix == ".c" else [tools.cxx, "-std=gnu++20"]
        if source.suffix in (".c", ".cpp"):
            objects.append(f"{made}.{source.stem}.o")
            subprocess.run([*launcher, *compiler, *includes, "-pthread", "-c", source, "-o",
                            objects[-1]], check=True, env=keeping)
    subprocess.run([tools.cxx, *objects, "-pthread", "-o", made], check=True)
    return subprocess.run([made], check=True, capture_output=True, text=True,
                          timeout=60).stdout.splitlines()


class Oracle(ImageTest):
    """One source, the host and the image: the same lines."""

    def same(self, expected, cell, cpus="1"):
        outcome = run(cell, timeout=180, cpus=cpus)
        self.assert_exit(outcome)
        said = _said(outcome).split("\natoll: exit")[0].splitlines()
        self.assertEqual(said[said.index(expected[0]):], expected)

    def test_the_library(self):
        sources = [*sorted((_TESTS / "src").glob("*.cpp")), *sorted((_OUTSIDE / "src").iterdir())]
        expected = _host_says(self.scratch(), sources, [f"-I{_OUTSIDE / 'include'}"])
        self.assertGreater(len(expected), 200)
        self.same(expected, compose(_TESTS, libs=str(_OUTSIDE)))

    def test_threads(self):
        expected = _host_says(self.scratch(), [_THREADS / "main.cpp"])
        self.assertIn("== end", expected)
        for settings, cpus in _SCHEDULERS:
            with self.subTest(settings=settings):
                self.same(expected, compose(_THREADS, settings), cpus)

    def test_the_program_that_shows_it(self):
        folder = root() / "apps" / "cpp_threads" / "src"
        expected = _host_says(self.scratch(), sorted(folder.glob("*.cpp")))
        for settings in (None, "LIB_SCHED_COOP=y"):
            with self.subTest(settings=settings):
                self.same(expected, compose("cpp_threads", settings))


def _small_app(folder, source):
    """An app of that one source, with libcxx and nothing else."""
    (folder / "CMakeLists.txt").write_text(
        'micro_app(NAME small SUMMARY "x" FLAVOUR libc SOURCES main.cpp DEPENDS libc libcxx)\n')
    (folder / "Kconfig").write_text('choice APP\nconfig APP_SMALL\n\tbool "x"\nendchoice\n')
    (folder / "main.cpp").write_text(source)
    return folder


class Ends(ImageTest):
    """How a program ends that nobody catches."""

    def end(self, words, status=134, app=_ENDS, settings=None):
        outcome = run(compose(app, settings), words=f"-- {words}")
        self.assert_exit(outcome, status)
        return _said(outcome)

    def test_uncaught(self):
        said = self.end("throw")
        self.assertIn("terminate called after throwing an instance of 'std::runtime_error'\n"
                      "  what():  nobody catches this\nprogram ended by signal 06\n", said)
        self.assertNotIn("destructor", said)

    def test_uncaught_without_what(self):
        self.assertIn("terminate called after throwing an instance of 'int'\n", self.end("number"))

    def test_noexcept(self):
        said = self.end("noexcept")
        self.assertIn("terminate called after throwing an instance of 'std::logic_error'\n"
                      "  what():  not allowed out\n", said)

    def test_a_destructor_that_throws_while_another_exception_unwinds(self):
        self.assertIn("terminate called after throwing an instance of", self.end("twice"))

    def test_without_an_exception(self):
        self.assertIn("terminate called without an active exception\n", self.end("terminate"))

    def test_rethrow_of_nothing(self):
        self.assertIn("terminate called without an active exception\n", self.end("rethrow"))

    def test_a_handler_of_the_program(self):
        self.assertIn("own handler\n", self.end("handler", 3))

    def test_before_main(self):
        outcome = run(compose(_ENDS), words="env.THROW_EARLY=1")
        self.assert_exit(outcome, 134)
        self.assertIn("  what():  before main\n", _said(outcome))

    def test_pure_virtual_call(self):
        self.assertIn("pure virtual method called\n", self.end("pure"))

    def test_memory_runs_out_and_comes_back(self):
        said = self.end("exhaust", 0)
        self.assertRegex(said, r"std::bad_alloc after [0-9]+ blocks\nand lives on\n")

    def test_memory_that_is_not_there_for_the_exception_either(self):
        self.assertIn("thrown 1, caught 1\n", self.end("reserve", 0))

    def test_out_of_a_thread(self):
        self.assertIn("terminate called after throwing an instance of 'std::runtime_error'\n"
                      "  what():  out of a thread\n", self.end("throw", app=_THREADS))
        self.assertIn("  what():  out of noexcept\n", self.end("noexcept", app=_THREADS))
        self.assertIn("terminate called without an active exception\n",
                      self.end("joinable", app=_THREADS))

    def test_threads_until_there_is_no_memory(self):
        self.assertIn("refused: 1\nand lives on\n", self.end("many", 0, app=_THREADS))

    def test_cpus(self):
        for settings, cpus in ((None, "1"), (_MANY_CPUS, "3")):
            outcome = run(compose(_THREADS, settings), words="-- cpus", cpus=cpus)
            self.assert_exit(outcome)
            self.assertIn(f"CPUs: {cpus}\n", _said(outcome))

    def test_threads_do_not_link_without_their_library(self):
        app = _small_app(self.scratch(),
                         "#include <thread>\nint main() { std::thread([] {}).join(); }\n")
        done = make(f"APP={app}", f"PLAT={PLAT}", f"ARCH={ARCH}", f"O={OUT}/no-threads")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("hint: pthread_create belongs to posix_threads", done.stdout + done.stderr)

    def test_deadlock_of_the_only_thread(self):
        for words in ("relock", "wait"):
            outcome = run(compose(_ENDS), words=f"-- {words}")
            self.assert_panic(outcome, "deadlock: the only thread waits")

    def test_files(self):
        said = self.end("files", 0)
        self.assertIn("open: 38\nsize: Function not implemented\n", said)

    def test_exit_ends_thread_objects_first(self):
        self.assertIn("of the thread\nat exit\nstatic\n", self.end("exit", 0))


class Image(ImageTest):
    """What is in the image."""

    def test_manifest_names_the_library_with_its_licence(self):
        cell = compose(_ENDS)
        manifest = json.loads((cell.directory / "manifest.spdx.json").read_text(encoding="utf-8"))
        port = next(one for one in manifest["packages"] if one["SPDXID"] == "SPDXRef-port-libstdcxx")
        self.assertEqual(port["versionInfo"], "12.2.0")
        self.assertEqual(port["licenseDeclared"], "GPL-3.0-or-later WITH GCC-exception-3.1")
        self.assertRegex(port["checksums"][0]["checksumValue"], "^[0-9a-f]{64}$")
        self.assertIn("Runtime Library Exception", port["comment"])

    def test_streams_grow_a_hello_by_at_most_a_mebibyte(self):
        app = _small_app(self.scratch(), "#include <iostream>\n"
                         "int main() { std::cout << \"Hello, world!\" << std::endl; }\n")
        cell = compose(app, out=os.path.join(OUT, "hello-iostream"))
        self.assert_exit(run(cell))
        growth = cell.image.stat().st_size - compose("helloworld").image.stat().st_size
        self.assertLess(growth, 1 << 20)

    def test_without_it_there_are_no_tables_of_unwinding(self):
        cell = compose("helloworld")
        names = subprocess.run([toolchain.toolchain(ARCH).tool("readelf"), "-SW", cell.symbols],
                               check=True, capture_output=True, text=True).stdout
        self.assertNotIn(".eh_frame_hdr", names)
        self.assertNotIn(".gcc_except_table", names)


if __name__ == "__main__":
    unittest.main()
