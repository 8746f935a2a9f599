# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The tests of one micro-library in an image: apps/vm_tests with the library chosen."""

import os

from .errors import Mistake
from .generate import vm_test_names


def configure_with(name, configure):
    """The smallest setting that brings the library `name` into vm_tests: what
    `configure(settings)` gives for it. None where nothing that vm_tests may hold in
    this cell needs it; Mistake where it could be chosen, and no setting does."""
    chosen = f"LIB_{name.upper()}=y"
    configured = None
    for settings in ("", "VM_TESTS_LIBC=y", chosen, "VM_TESTS_LIBC=y " + chosen):
        try:
            configured = configure(settings)
        except Mistake:
            continue
        if name in configured.composition:
            return configured
    if configured and configured.menu.has_prompt(f"LIB_{name.upper()}"):
        raise Mistake(f"no setting brings {name} into vm_tests")
    return None


def tests_of(composition, name):
    """(suite, test) of each test of the library `name` and of the interface it provides."""
    part = composition.part(name)
    pairs = [(part, composition.vm_tests(part))]
    if part.provides:
        interface = composition.part(part.provides)
        pairs.append((interface, composition.vm_tests(interface)))
    return vm_test_names([os.path.join(one.directory, file)
                          for one, files in pairs for file in files])


def words_for(tests):
    """The image's command line that runs the suites of `tests` and no other."""
    suites = dict.fromkeys(suite for suite, _ in tests)
    return "vm_test.filter=" + ":".join(f"{suite}.*" for suite in suites)
