# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make verify-host`: the image tests on this machine's own hardware virtualization, as one
page to attach to an issue."""

import dataclasses
import datetime
import os
import platform
import statistics
import subprocess

from .accelerator import pick_accelerator
from .build import build
from .cell import NO_CONFIGURATION, root
from .configuration_trial import boot_and_judge, configure, expected
from .configurations import Configuration
from .errors import Mistake, relative
from .machines import launch, platform as platform_of, program
from .runner import boot
from .toolchain import machine
from .write import write_if_changed

_MOST_CPUS = 8
_RUNS = 5

# App, settings, whether it is booted with 1, 2, 4 ... CPUs.
_IMAGES = (("hello_cpp", "", False), ("helloworld", "", False),
           ("tests/images/apps/ends", "", False), ("tests/images/apps/libc_ends", "", False),
           ("vm_tests", f"LIB_SCHED_PREEMPT=y ARCH_MAX_CPUS={_MOST_CPUS}", True),
           ("vm_tests", "VM_TESTS_LIBC=y LIB_SCHED_SINGLE=y", False))
_MACHINES = {"x86_64": ("microvm", "q35", "pc"), "arm64": ("virt",)}


@dataclasses.dataclass(frozen=True)
class _Subject:
    """What is verified."""

    title: str
    plat: str
    accelerator: str
    machines: tuple
    monitor: tuple      # the command that tells its version


def verify_host(arguments, request):
    """Runs all of it and writes the report; 1 where something failed."""
    subject = (_xen if arguments.xen else _kvm)(arguments.accelerator, machine())
    os.environ["KCONFIG_CONFIG"] = NO_CONFIGURATION   # what is verified is the same everywhere
    folder = request.out / "verify-host"
    results, cells = [], {}
    with _log(folder) as log:
        for app, settings, many in _IMAGES:
            configured = _built(subject, app, settings, folder)
            cells.setdefault(app, configured.cell)
            for cpus in _cpu_counts() if many else (1,):
                for kind in subject.machines:
                    results.append(_verify(configured, settings, subject, cpus, kind, log))
    report = _report(subject, results, cells["helloworld"])
    path = request.out / "verify-host.txt"
    write_if_changed(path, report)
    print(f"\n{report}\n{relative(path)} is this page, {relative(folder / 'log')} the consoles")
    return int(any(failure for _, failure, _ in results))


def _kvm(asked, arch):
    """KVM, or emulation where that is asked for; Mistake where there is no KVM."""
    accelerator = _accelerator(asked, arch)
    where = "hardware virtualization" if accelerator == "kvm" else "emulation"
    return _Subject(where, "kvm", accelerator, _MACHINES[arch], (program(arch), "--version"))


def _xen(asked, arch):
    """The Xen that this machine runs on, or one in emulation where that is asked for."""
    if asked == "tcg":
        return _Subject("Xen in emulation", "xen", "tcg", (platform_of("xen").DEFAULTS[arch],),
                        (program(arch), "--version"))
    if asked is not None:
        raise Mistake(f"ACCEL={asked} is not what Xen is told by: leave it out, or say tcg")
    from .xen.host_machine import tool
    return _Subject("Xen", "xen", "xen", ("host",), (tool(), "info", "xen_version"))


def _accelerator(asked, arch):
    """kvm, or tcg where that is asked for; Mistake where there is no kvm."""
    if asked not in (None, "kvm", "tcg"):
        raise Mistake(f"ACCEL={asked} is neither kvm nor tcg")
    program(arch)
    if asked == "tcg":
        return "tcg"
    found, why = pick_accelerator(arch)
    if found != "kvm":
        reason = why.partition(": ")[2]
        raise Mistake(f"there is no hardware virtualization to verify, since {reason}; ACCEL=tcg "
                      "does the same in emulation")
    return "kvm"


def _log(folder):
    os.makedirs(folder, exist_ok=True)
    return open(folder / "log", "w", encoding="utf-8")


def _built(subject, app, settings, folder):
    path = str(root() / app) if "/" in app else app
    words = "".join(c if c.isalnum() else "-" for c in settings)
    one = Configuration(app, path, subject.plat, machine(), settings)
    configured = configure(one, str(folder / (words or "defaults")), None)
    print(f"building {configured.cell.name} {settings}", flush=True)
    build(configured, quiet=True)
    return configured


def _cpu_counts():
    """1, 2, 4 ... up to the machine's own."""
    most = min(os.cpu_count() or 1, _MOST_CPUS)
    return [count for count in (1, 2, 4, 8) if count < most] + [most]


def _verify(configured, settings, subject, cpus, kind, log):
    """(what was booted, what is wrong with it, seconds)."""
    name = f"{configured.composition.app.name}{settings and f' ({settings})'}, {kind}, CPUs: {cpus}"
    seconds = 0.0
    for one in expected(configured):
        failure, spent = boot_and_judge(configured, one, log,
                                        accelerator=subject.accelerator, cpus=cpus, machine=kind)
        seconds += spent
        if failure:
            break
    print(f"{'FAIL' if failure else 'pass'}  {name}", flush=True)
    return name, failure, seconds


def _report(subject, results, hello):
    failed = sum(bool(failure) for _, failure, _ in results)
    lines = [f"Atoll on {subject.title}", ""]
    lines += [f"{key + ':':13} {value}" for key, value in _facts(subject)]
    lines += ["", f"{len(results) - failed} passed, {failed} failed", ""]
    for name, failure, seconds in results:
        lines.append(f"{'FAIL' if failure else 'pass'}  {seconds:6.2f} s  {name}")
        lines += [f"      {line.strip()}" for line in failure.splitlines()]
    return "\n".join([*lines, "", _boot_times(subject, hello)]) + "\n"


def _boot_times(subject, hello):
    if subject.accelerator == "xen":
        return f"helloworld from xl create to its end: {_boot_seconds(hello, 'xen', 'host'):.3f} s"
    emulated = _boot_seconds(hello, "tcg")
    text = f"helloworld from start to end of QEMU: {emulated:.3f} s in emulation"
    if subject.accelerator == "tcg":
        return text
    seconds = _boot_seconds(hello, subject.accelerator)
    return f"{text}, {seconds:.3f} s with {subject.accelerator}: {seconds / emulated:.2f} of that"


def _boot_seconds(cell, accelerator, kind=None):
    made = launch(cell, accelerator, machine=kind)
    return statistics.median(boot(made, timeout=60).seconds for _ in range(_RUNS))


def _facts(subject):
    return [("date", datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")),
            ("commit", _said("git", "-C", str(root()), "describe", "--always", "--dirty")),
            ("CPU", f"{_cpu_model()}, {os.cpu_count()} of them"),
            ("kernel", f"{platform.system()} {platform.release()} {platform.machine()}"),
            ("monitor", _said(*subject.monitor).splitlines()[0]),
            ("accelerator", subject.accelerator)]


def _said(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "unknown"
    return done.stdout.strip() or "unknown"


def _cpu_model():
    """As /proc/cpuinfo names it: by name on x86_64, by the parts of MIDR_EL1 on arm64."""
    words = {}
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as text:
        for line in text:
            key, colon, value = line.partition(":")
            if colon:
                words.setdefault(key.strip(), value.strip())
    named = words.get("model name")
    parts = [f"{key[4:]} {words[key]}" for key in ("CPU implementer", "CPU part", "CPU revision")
             if key in words]
    return named or ", ".join(parts) or "unknown"
