# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""`make test-configs`: configurations of every kind, built, booted and judged."""

import collections
import concurrent.futures
import datetime
import fnmatch
import multiprocessing
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time

from .cell import NO_CONFIGURATION, root
from .configuration_plan import Plan
from .configuration_trial import attempt, enter_worker
from .errors import Mistake, relative
from .machines import program

_COUNT = 20


def test_configs(arguments, request):
    """Tries N random configurations and the systematic ones; 1 where any fails."""
    # A user's .config has no say in what is tried.
    os.environ["KCONFIG_CONFIG"] = NO_CONFIGURATION
    folder = request.out / "configs"
    seed = arguments.seed or default_seed()
    plan = Plan(arguments, folder / "menu", seed)
    chosen = _chosen(plan, _count(arguments.count), arguments)
    for arch in sorted({one.arch for one in chosen}):
        program(arch)
    run = _Run(folder, seed, arguments, len(chosen))
    print(f"{len(chosen)} configurations, SEED={seed}", flush=True)
    return run.all(chosen)


def _count(text):
    if text is None:
        return _COUNT
    if not text.isdigit():
        raise Mistake(f"N={text} is no number of configurations")
    return int(text)


def default_seed():
    """A seed that another commit changes."""
    done = subprocess.run(["git", "rev-parse", "--short=8", "HEAD"], cwd=root(),
                          capture_output=True, text=True, check=False)
    return done.stdout.strip() or "0"


def _chosen(plan, count, arguments):
    """The configurations to try: those that ONLY names, from FROM on, each once."""
    names = plan.systematic() + plan.random(count)
    if arguments.only:
        # Any random one can be named, whatever N is.
        patterns = arguments.only.split()
        names += [one for one in patterns if _is_random(one) and one not in names]
        names = [name for name in names
                 if any(fnmatch.fnmatchcase(name, one) for one in patterns)]
    if arguments.start:
        if arguments.start not in names:
            raise Mistake(f"FROM={arguments.start} is none of the configurations")
        names = names[names.index(arguments.start):]
    if not names:
        raise Mistake(f"ONLY=\"{arguments.only}\" names no configuration; there are "
                      "random-1, random-2 ..., " + ", ".join(plan.systematic()))
    distinct = {}
    for name in names:
        one = plan.configuration(name)
        distinct.setdefault((one.app, one.plat, one.arch, one.settings, one.machine), one)
    return list(distinct.values())


def _is_random(name):
    kind, _, number = name.partition("-")
    return kind == "random" and number.isdigit()


class _Run:
    """One call of the command: workers, progress, summary."""

    def __init__(self, folder, seed, arguments, count):
        self.folder, self.seed, self.arguments, self.count = folder, seed, arguments, count
        self.verdicts, self.begin = [], time.monotonic()
        self.of = f"{datetime.date.today().isoformat()}, commit {default_seed()}"

    def all(self, chosen):
        """Tries all of them; the command's status."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        workers = min(os.cpu_count() or 1, len(chosen))
        status, done, stopping = 0, set(), multiprocessing.Event()
        with concurrent.futures.ProcessPoolExecutor(workers, initializer=enter_worker,
                                                    initargs=(stopping,)) as pool:
            futures = [pool.submit(attempt, one, str(self.folder / one.name), self.arguments.libs)
                       for one in chosen]
            try:
                for future in concurrent.futures.as_completed(futures):
                    self._add(future.result())
                    done.add(future.result().configuration.name)
            except KeyboardInterrupt:
                status = 130
                _stop(pool, stopping)
        self._summary()
        if status:
            left = next((one.name for one in chosen if one.name not in done), "")
            print(f"interrupted; `{self._again('FROM', left)}` goes on", file=sys.stderr)
        elif any(verdict.failure for verdict in self.verdicts):
            status = 1
        shutil.rmtree(self.folder / "menu", ignore_errors=True)
        return status

    def _add(self, verdict):
        self.verdicts.append(verdict)
        one = verdict.configuration
        failures = sum(bool(each.failure) for each in self.verdicts)
        end = "FAILED" if verdict.failure else "ok"
        line = (f"[{len(self.verdicts):{len(str(self.count))}}/{self.count}] {one.name:42} "
                f"{one.cell:24} {end:6} {sum(verdict.seconds.values()):5.1f} s   "
                f"{failures} failures")
        if sys.stdout.isatty() and not verdict.failure:
            width = shutil.get_terminal_size().columns - 1
            print("\r\033[K" + line[:width], end="", flush=True)
            return
        print("\r\033[K" * sys.stdout.isatty() + line, flush=True)
        if verdict.failure:
            print(self._explained(verdict), flush=True)

    def _explained(self, verdict):
        one = verdict.configuration
        app = os.path.relpath(one.app, root()) if "/" in one.app else one.app
        said = {"KCONFIG_CONFIG": NO_CONFIGURATION, "APP": app, "PLAT": one.plat, "ARCH": one.arch,
                "SET": one.settings, "MACHINE": one.machine, **verdict.run,
                "ATOLL_LIBS": self.arguments.libs}
        by_hand = _words("make", "run", **said)
        return (f"  {verdict.failure}\n"
                f"  repeat it: {self._again('ONLY', one.name)}\n"
                f"  by hand:   {by_hand}\n"
                f"  its folder, with .config and log: {relative(self.folder / one.name)}")

    def _again(self, variable, name):
        """The command that tries `name` again, or goes on with it."""
        said = {"ONLY": name}
        if variable == "FROM":
            said = {"N": self.arguments.count, "ONLY": self.arguments.only, "FROM": name}
        return _words("make", "test-configs", SEED=self.seed, **said,
                      ATOLL_LIBS=self.arguments.libs)

    def _summary(self):
        """What the log of a long run is to keep."""
        failed = [verdict for verdict in self.verdicts if verdict.failure]
        count, spent = len(self.verdicts), time.monotonic() - self.begin
        print("\r\033[K" * sys.stdout.isatty(), end="")
        print(f"\n{self.of}, SEED={self.seed}: {count} of "
              f"{self.count} configurations, {len(failed)} failures; {spent:.0f} s, "
              f"{spent / max(count, 1):.1f} s each ({_stages(self.verdicts)})")
        print(_table(self.verdicts))
        for verdict in failed:
            print(f"FAILED {verdict.configuration.name}: {verdict.failure.splitlines()[0]}")


def _words(*words, **variables):
    """A command as a shell takes it, without the variables that have no value."""
    said = [*words, *(f"{name}={value}" for name, value in variables.items() if value)]
    return " ".join(shlex.quote(word) for word in said)


def _table(verdicts):
    """How many images of each architecture were of each app, and held each library that
    the menu has."""
    counts = collections.defaultdict(collections.Counter)
    for verdict in verdicts:
        for name in (os.path.basename(verdict.configuration.app), *verdict.chosen):
            counts[name][verdict.configuration.arch] += 1
    archs = sorted({verdict.configuration.arch for verdict in verdicts})
    lines = [f"| {'in the image':24} | " + " | ".join(f"{arch:>6}" for arch in archs) + " |",
             "|---|" + "---:|" * len(archs)]
    apps = {os.path.basename(verdict.configuration.app) for verdict in verdicts}
    for name in sorted(counts, key=lambda name: (name not in apps, name)):
        lines.append(f"| {name:24} | "
                     + " | ".join(f"{counts[name][arch]:6}" for arch in archs) + " |")
    return "\n".join(lines)


def _stages(verdicts):
    totals = collections.Counter()
    for verdict in verdicts:
        totals.update(verdict.seconds)
    return ", ".join(f"{stage} {total / max(len(verdicts), 1):.1f} s"
                     for stage, total in totals.items())


def _stop(pool, stopping):
    """Ends what the workers do, with the compilers and monitors that they started."""
    stopping.set()
    for worker in multiprocessing.active_children():
        os.killpg(worker.pid, signal.SIGINT)
    pool.shutdown(wait=True, cancel_futures=True)
