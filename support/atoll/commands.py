# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The commands of the front door, one function each."""

import sys

from . import menu, new, reports
from .build import ARCHS, Configured, Request, build, link_compile_commands
from .errors import Mistake, relative


def _configured(arguments, quiet=False):
    return Configured(Request(arguments), quiet)


def build_command(arguments):
    """`make`: composes the cell."""
    configured = _configured(arguments)
    cell = build(configured)
    link_compile_commands(cell)
    print(f"{relative(cell.image)}: {cell.image.stat().st_size:,} bytes, "
          f"{len(configured.composition.libraries)} micro-libraries "
          f"(`make size` tells where they go)")


def images(arguments):
    """`make images`: the app for every platform and architecture of the tree."""
    request = Request(arguments)
    built = []
    for plat in request.tree.platforms():
        for arch in ARCHS:
            arguments.plat, arguments.arch = plat, arch
            built.append(build(_configured(arguments)))
    for cell in built:
        print(f"{relative(cell.image)}: {cell.image.stat().st_size:,} bytes")


def run(arguments):
    """`make run`: composes and boots the cell; its status is the program's."""
    from .runner import run_cell
    configured = _configured(arguments)
    cell = build(configured)
    link_compile_commands(cell)
    return run_cell(configured, arguments)


def xl_config(arguments):
    """`make xl-config`: what a user's own Xen needs to know of the cell."""
    from .xen.xl_config import write
    arguments.plat = arguments.plat or "xen"
    configured = _configured(arguments)
    if configured.cell.plat != "xen":
        raise Mistake(f"xl starts guests of Xen: make xl-config PLAT=xen, not "
                      f"{configured.cell.plat}")
    print(f"{relative(write(build(configured), arguments))}: xl create -c takes it")


def symbolize(arguments):
    """`make symbolize < console.log`: the log with functions and lines."""
    from .symbolize import symbolize as symbolized
    for line in symbolized(_log(), _finder(arguments)):
        print(line)


def crash_report(arguments):
    """`make crash-report < console.log`: what a report of a panic needs."""
    from .crash import report
    for line in report(_log(), _finder(arguments)):
        print(line)


def _log():
    """The log on standard input."""
    if sys.stdin.isatty():
        print("paste the console's log, then ctrl-D:", file=sys.stderr)
    return sys.stdin.buffer.read().decode(errors="replace")


def _finder(arguments):
    """What gives the symbols of a build id."""
    from .symbolize import find_symbols
    folders = [Request(arguments).out]
    return lambda build: find_symbols(build, folders, arguments.symbols)


def debug(arguments):
    """`make debug`: the image under gdb."""
    from .debug import debug as debug_cell
    return debug_cell(arguments)


def test(arguments, tier="test"):
    """`make test`: host tests, then images on every cell."""
    from .testing import run_tests
    return run_tests(Request(arguments), arguments, tier)


def _report(name):
    def command(arguments):
        configured = _configured(arguments, quiet=True)
        return getattr(reports, name)(configured, arguments)
    return command


def _menu(name):
    def command(arguments):
        return getattr(menu, name)(Request(arguments), arguments)
    return command


def test_configs(arguments):
    """`make test-configs`: random and systematic configurations."""
    from .test_configs import test_configs as run_all
    return run_all(arguments, Request(arguments))


def verify_host(arguments):
    """`make verify-host`: image tests on this machine's own virtualization."""
    from .verify_host import verify_host as verify
    return verify(arguments, Request(arguments))


def check(arguments):
    """`make check`: what CI checks short of the images."""
    from .check import check_all
    return check_all(Request(arguments), arguments)


def format_sources(_arguments):
    """`make format`: clang-format over our own sources."""
    from .check import format_all
    return format_all()


def bench_operations(arguments):
    """`make bench-operations`: what yield, malloc and the like cost."""
    from .operations import bench_operations as measure
    return measure(arguments)


def bench_packets(arguments):
    """`make bench-packets`: what it costs to forward, send and receive."""
    from .packets import bench_packets as measure
    return measure(arguments)


def bench(arguments):
    """`make bench`: counted figures beside their budgets."""
    from .bench import bench_all
    return bench_all(arguments)


def test_faults(arguments):
    """`make test-faults`: broken providers, which the suites must notice."""
    from .fault_runs import test_faults as run_faults
    return run_faults(arguments)


def fuzz(arguments):
    """`make fuzz`: libFuzzer on the parsers."""
    from .fuzz import fuzz as fuzz_targets
    return fuzz_targets(arguments)


COMMANDS = {
    "all": build_command,
    "images": images,
    "run": run,
    "xl-config": xl_config,
    "test": test,
    "test-quick": lambda arguments: test(arguments, "quick"),
    "test-long": lambda arguments: test(arguments, "long"),
    "test-configs": test_configs,
    "verify-host": verify_host,
    "size": _report("size"),
    "graph": _report("graph"),
    "boot-order": _report("boot_order"),
    "why": _report("why"),
    "who-provides": _report("who_provides"),
    "interfaces": _report("interfaces"),
    "menuconfig": _menu("menuconfig"),
    "defconfig": _menu("defconfig"),
    "olddefconfig": _menu("olddefconfig"),
    "oldconfig": _menu("oldconfig"),
    "savedefconfig": _menu("savedefconfig"),
    "listnewconfig": _menu("listnewconfig"),
    "new-lib": new.new_library,
    "new-app": new.new_app,
    "check": check,
    "format": format_sources,
    "bench": bench,
    "bench-operations": bench_operations,
    "bench-packets": bench_packets,
    "fuzz": fuzz,
    "test-faults": test_faults,
    "symbolize": symbolize,
    "crash-report": crash_report,
    "debug": debug,
}
