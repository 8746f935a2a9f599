# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make fuzz`: libFuzzer on the parsers, each for a while of CPU time."""

import concurrent.futures
import shutil
import subprocess
import threading

from . import fuzz_corpus, fuzz_run
from .build import Request
from .cell import root
from .errors import Mistake, relative
from .testing import prepare
from .toolchain import CLANG_VERSION, CLANGXX

_MINUTES = 30
# tests/fuzz/planted has a defect on purpose: it proves that a finding is found.
_PLANTED = "planted"
_PROBE = "extern \"C\" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }"


def fuzz(arguments):
    """Runs each target, or TARGET=; status 1 where one has a finding."""
    targets = _wanted(arguments.target)
    seconds = _number("MINUTES", arguments.minutes, _MINUTES) * 60
    jobs = int(_number("JOBS", arguments.jobs, 1))
    _require_libfuzzer()
    request = Request(arguments)
    programs = _build(request, targets)
    print(f"{len(targets)} targets, {seconds / 60:g} minutes of CPU time each, {max(jobs, 1)} at a "
          f"time; findings and corpora below {relative(request.out / 'fuzz')}", flush=True)
    runs = [fuzz_run.Run(name, programs[name], request.out / "fuzz" / name, seconds)
            for name in targets]
    findings = [run for run in _run_all(runs, max(jobs, 1)) if run.finding]
    for run in findings:
        print(_advice(run))
    if arguments.update:
        for run in runs:
            print(fuzz_corpus.update(run))
    if findings:
        raise Mistake(f"findings in {', '.join(run.name for run in findings)}", status=1)


def known():
    """The names of all targets, the planted one apart."""
    return sorted(path.parent.name for path in (root() / "tests" / "fuzz").glob("*/target.cpp")
                  if path.parent.name != _PLANTED)


def _wanted(names):
    if not names:
        return known()
    wanted = names.replace(",", " ").split()
    for name in wanted:
        if name not in (*known(), _PLANTED):
            raise Mistake(f"there is no fuzz target {name}; there are {', '.join(known())}")
    return wanted


def _number(name, text, default):
    try:
        value = float(text) if text else default
    except ValueError:
        value = 0
    if not 0 < value < 1e6:
        raise Mistake(f"{name}={text} is no number above 0")
    return value


def _require_libfuzzer():
    package = f"libclang-rt-{CLANG_VERSION}-dev"
    if shutil.which(CLANGXX) is None:
        raise Mistake(f"{CLANGXX} is not installed, which has libFuzzer: install clang-"
                      f"{CLANG_VERSION} and {package} (`make prerequisites` lists them)")
    probe = subprocess.run([CLANGXX, "-fsanitize=fuzzer,address,undefined", "-x", "c++", "-", "-o",
                            "/dev/null"], input=_PROBE, capture_output=True, text=True, check=False)
    if probe.returncode != 0:
        raise Mistake(f"{CLANGXX} has no libFuzzer: install {package} (`make prerequisites` "
                      f"lists it)\n{probe.stderr.strip()}")


def _build(request, names):
    """Builds the targets; their programs by name."""
    objects = prepare(request, request.out / "fuzz" / "objects", CLANGXX)
    print("building the fuzz targets ...", flush=True)
    command = ["ninja", "-C", str(objects), *(f"fuzz_{name}" for name in names)]
    if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode != 0:
        subprocess.run(command, check=False)
        raise Mistake("the fuzz targets do not build: see above", status=1)
    return {name: objects / f"fuzz_{name}" for name in names}


def _run_all(runs, jobs):
    """The runs as they end; all of them end with the command, however it ends."""
    stop = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        try:
            futures = [pool.submit(run.run, stop) for run in runs]
            for future in concurrent.futures.as_completed(futures):
                run = future.result()
                print(run.summary(), flush=True)
                yield run
        finally:
            stop.set()


def _advice(run):
    seeds = relative(root() / "tests" / "fuzz" / run.name / "corpus")
    return (f"\n{run.name}: {run.problem()}\n"
            f"  input   {relative(run.finding)}\n"
            f"  report  {relative(run.log)}\n"
            f"  replay  {relative(run.program)} {relative(run.finding)}\n"
            f"  then    fix the parser, add a host test, and copy the input into {seeds}/\n"
            "          under a name that says what it is: `make test` replays it from then on")
