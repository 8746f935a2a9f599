# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The matrix: which test runs in which cell and tier, declared once.

tests/images/ holds one Python module per subject. A module that takes part in
the matrix of cells runs once per cell in `CELLS`, unless `SKIPPED` gives a reason;
one that is about the build runs once.
"""

from .cmake import quote

CELLS = (("kvm", "x86_64"), ("kvm", "arm64"))

# Module: (tier, seconds, libraries whose `make test LIB=` includes it).
PER_CELL = {
    "hello": ("quick", 600, ()),
    "suite": ("quick", 1200, ("*",)),
    "status": ("test", 600, ("shutdown", "panic")),
    "machines": ("test", 600, ()),
    "libc": ("test", 1200, ("libc", "libc_newlib", "libc_newlib_locks", "libc_newlib_strtold",
                            "posix_random", "posix_sleep", "posix_time")),
    "hostile": ("test", 600, ("boot_info", "device_tree", "command_line")),
    "protection": ("test", 600, ("vm", "trap", "stack_protector")),
}

ONCE = {
    "composition": ("test", 1200, ()),
    "loader_arm64": ("test", 600, ("arch_arm64", "plat_kvm_arm64", "device_tree")),
    "front_door": ("test", 600, ()),
    "rebuild": ("test", 600, ()),
}

# (module, platform, architecture): the honest reason why it does not apply.
SKIPPED = {}


def ctest_lines(request, folder):
    """CMake text that registers every test of tests/images/."""
    lines = []
    for module, (tier, seconds, libraries) in PER_CELL.items():
        for plat, arch in CELLS:
            if (module, plat, arch) not in SKIPPED:
                lines += _test(f"image.{module}.{plat}-{arch}", module, tier, seconds, libraries,
                               [f"ATOLL_TEST_PLAT={plat}", f"ATOLL_TEST_ARCH={arch}"], request,
                               folder)
    for module, (tier, seconds, libraries) in ONCE.items():
        lines += _test(f"build.{module}", module, tier, seconds, libraries, [], request, folder)
    return lines


def _test(name, module, tier, seconds, libraries, variables, request, folder):
    every = [part.name for part in request.tree if part.kind != "app"]
    named = every if libraries == ("*",) else libraries
    labels = ";".join([tier, *(f"lib-{one}" for one in named)])
    variables = variables + [f"ATOLL_TEST_OUT={folder / 'cells'}"]
    environment = ";".join(["PYTHONPATH=${root}/support", "PYTHONDONTWRITEBYTECODE=1", *variables])
    return [f"add_test(NAME {name} COMMAND ${{ATOLL_PYTHON}} -m unittest -v images.test_{module}",
            "  WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})",
            f"set_tests_properties({name} PROPERTIES LABELS {quote(labels)} TIMEOUT {seconds}",
            f"  ENVIRONMENT {quote(environment)})"]
