# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""make test-configs: finds what is broken, says how to repeat it, and can be stopped."""

import os
import re
import shlex
import signal
import subprocess
import time
import unittest

from atoll.cell import NO_CONFIGURATION, root
from atoll.configuration_plan import Plan
from atoll.configuration_trial import configure
from atoll.configurations import values

from .harness import ImageTest, arguments, make

_KCONFIG = 'config LIB_{symbol}\n\tbool "{name}"\n'
_CMAKE = ('micro_library(NAME {name} SUMMARY "x" SOURCES src/{name}.cpp DEPENDS base vm_test '
          '{further})\n')

# Library: (its source, what else it declares, what is said of it).
_BROKEN = {
    "unbuildable": ("int unbuildable() { return ; }\n", "", "unbuildable.cpp:1:"),
    "misplaced": ("", "ARCHS arm64", "misplaced is for the architecture arm64 only"),
    "unbootable": ("#include <atoll/result.hpp>\n"
                   "namespace atl { Result<void> unbootable() { return fail(Errc::kNoData); } }\n",
                   "INIT unbootable", "unbootable"),
    "wrong": ("", "VM_TESTS src/test.cpp", "test.cpp:2: Failure"),
}


class Configs(ImageTest):
    """In a folder of its own."""

    def setUp(self):
        self.out = self.scratch() / "build"
        self.environment = {"O": str(self.out)}

    def configs(self, **variables):
        done = make("test-configs", *(f"{name}={value}" for name, value in variables.items()),
                    **self.environment)
        return done.returncode, done.stdout + done.stderr

    def _broken_libraries(self):
        folder = self.scratch() / "libs"
        for name, (source, further, _) in _BROKEN.items():
            (folder / name / "src").mkdir(parents=True)
            (folder / name / f"src/{name}.cpp").write_text(source)
            (folder / name / "src/test.cpp").write_text(
                "#include <atoll/vm_test.hpp>\nVM_TEST(Wrong, wrong) { VM_EXPECT(1 + 1 == 3); }\n")
            (folder / name / "CMakeLists.txt").write_text(_CMAKE.format(name=name, further=further))
            (folder / name / "Kconfig").write_text(
                _KCONFIG.format(name=name, symbol=name.upper()))
        return folder

    def test_what_is_broken_is_found_named_and_repeated(self):
        """A library that does not build, one that the menu should not offer, one whose
        boot step fails, one whose test fails; beside one configuration that works."""
        self.environment["ATOLL_LIBS"] = str(self._broken_libraries())
        names = [f"alone-LIB_{name.upper()}-kvm-x86_64" for name in _BROKEN]
        status, said = self.configs(N=0, ONLY=" ".join([*names, "smallest-hello_cpp-kvm-x86_64"]))
        self.assertEqual(status, 2, said)
        self.assertIn("5 of 5 configurations, 4 failures", said)
        for name, (_, _, sentence) in zip(names, _BROKEN.values()):
            with self.subTest(name=name):
                self.assertRegex(said, rf"{name} .* FAILED")
                self.assertIn(f"FAILED {name}: ", said)
                told = said[said.index(f"{name} "):]
                self.assertIn(sentence, told[:told.index("its folder")])
                self.assertTrue((self.out / "configs" / name / "log").exists())
        self.assertEqual(sorted(os.listdir(self.out / "configs")), sorted(names))
        self._check_commands(said)

    def _check_commands(self, said):
        """Both commands that were printed for a failure give it again."""
        at = said.index("alone-LIB_UNBOOTABLE-kvm-x86_64 ")
        for kind in ("repeat it", "by hand"):
            with self.subTest(command=kind):
                words = shlex.split(re.search(rf"{kind}: +make (.*)", said[at:])[1])
                done = make(*words, **self.environment)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn("unbootable", done.stdout + done.stderr)

    def test_mistakes(self):
        for variables, sentence in (({"N": "many"}, "N=many is no number of configurations"),
                                    ({"ONLY": "none-such"}, 'ONLY="none-such" names no config'),
                                    ({"FROM": "nowhere"}, "FROM=nowhere is none of")):
            with self.subTest(sentence=sentence):
                status, said = self.configs(**variables)
                self.assertNotEqual(status, 0)
                self.assertIn(sentence, said)
                self.assertNotIn("Traceback", said)

    def test_interrupted(self):
        """By ctrl-C: a summary, how to go on, and nothing that still runs."""
        inherited = {name: value for name, value in os.environ.items()
                     if not name.startswith(("MAKE", "MFLAGS"))}
        process = subprocess.Popen(["make", "test-configs", "N=9", "SEED=5", "FROM=random-1"],
                                   cwd=root(), env=inherited | self.environment, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   start_new_session=True, preexec_fn=_mind_interrupts)
        self.assertIn("9 configurations, SEED=5", process.stdout.readline())
        deadline = time.monotonic() + 60
        while not list(self.out.glob("configs/random-*")) and time.monotonic() < deadline:
            time.sleep(0.1)
        os.killpg(process.pid, signal.SIGINT)
        try:
            said, _ = process.communicate(timeout=60)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
        self.assertNotEqual(process.returncode, 0)
        self.assertRegex(said, r"\d of 9 configurations, 0 failures")
        self.assertRegex(said, r"interrupted; `make test-configs SEED=5 N=9 FROM=random-\d` goes")
        self.assertNotIn("Traceback", said)
        left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
        self.assertNotIn(str(self.out), left.stdout)


class Space(ImageTest):
    """What is tried is what the menu allows, and the same for everyone."""

    def setUp(self):
        os.environ["KCONFIG_CONFIG"] = NO_CONFIGURATION
        self.addCleanup(os.environ.pop, "KCONFIG_CONFIG")

    def plan(self, seed):
        return Plan(arguments(out=str(self.scratch())), str(self.scratch()), seed)

    def test_a_seed_decides(self):
        first, second, other = self.plan("7"), self.plan("7"), self.plan("8")
        names = first.random(30)
        chosen = [first.configuration(name) for name in names]
        # In another order, and without the others before it.
        self.assertEqual(chosen, [second.configuration(name) for name in names[::-1]][::-1])
        self.assertNotEqual(chosen, [other.configuration(name) for name in names])
        self.assertGreater(len({(one.app, one.arch) for one in chosen}), 6)

    def test_what_is_typed_gives_what_was_chosen(self):
        """SET= leads to every value that the walk through the menu had."""
        plan = self.plan("3")
        for name in [*plan.random(25), *plan.systematic()[:12]]:
            with self.subTest(name=name):
                one = plan.configuration(name)
                menu, _, _ = plan._space(one.app)   # pylint: disable=protected-access
                self.assertEqual(values(configure(one, str(self.scratch()), None).menu),
                                 values(menu))

    def test_every_choosable_library_is_tried(self):
        plan = self.plan("1")
        names = " ".join(plan.systematic())
        menu, _, _ = plan._space("vm_tests")   # pylint: disable=protected-access
        for library in menu.tree.libraries.values():
            if menu.has_prompt(library.symbol):
                choice = menu.kconf.syms[library.symbol].choice
                if choice is None or len([one for one in choice.syms if one.nodes]) > 1:
                    self.assertIn(f"-{library.symbol}-", names + self._only_one(plan, library))

    @staticmethod
    def _only_one(plan, library):
        """A provider that is the only one of its architecture is in every image that
        needs its interface."""
        tree = plan._space("vm_tests")[0].tree   # pylint: disable=protected-access
        for arch in library.archs:
            rivals = [one for one in tree.providers(library.provides)
                      if arch in (one.archs or [arch])] if library.provides else []
            if rivals == [library]:
                return f"-{library.symbol}-"
        return ""


def _mind_interrupts():
    """A shell's background job ignores them, and so would what it starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


if __name__ == "__main__":
    unittest.main()
