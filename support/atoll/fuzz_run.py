# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""One run of one fuzz target: its process, what it says, what it leaves."""

import os
import re
import signal
import subprocess
import time

from . import fuzz_corpus
from .cell import root
from .errors import Mistake, relative

LIMITS = ("-max_len=16384", "-timeout=60", "-rss_limit_mb=2048", "-detect_leaks=1")

_PROGRESS_SECONDS = 30
_GRACE_SECONDS = 90    # for the input at hand, which -timeout bounds
_SLOWEST = 60          # wall time per CPU time, after which a process left alone ends
_STATUS = re.compile(r"^#(\d+)\s+\S+\s+cov: (\d+)(?: ft: (\d+))?(?: corp: (\d+))?", re.MULTILINE)
_PROBLEM = re.compile(r"^(?:.*: not so: .*|.*runtime error: .*|.*ERROR: .*)$", re.MULTILINE)


class Run:
    """A target on its corpora for `seconds` of CPU time."""

    def __init__(self, name, program, folder, seconds):
        self.name, self.program, self.folder, self.seconds = name, program, folder, seconds
        self.seeds = root() / "tests" / "fuzz" / name / "corpus"
        self.corpus, self.findings = folder / "corpus", folder / "findings"
        self.log = folder / "log.txt"
        self.used = 0.0
        self.finding = None
        self._started = 0.0

    def run(self, stop):
        """Runs until the time is up, something is found, or `stop` is set; self."""
        for path in (self.corpus, self.findings):
            path.mkdir(parents=True, exist_ok=True)
        if stop.is_set():
            return self
        self._started = time.time()
        with open(self.log, "wb") as log:
            process = subprocess.Popen(
                [str(self.program), *LIMITS, f"-artifact_prefix={self.findings}/",
                 f"-max_total_time={int(self.seconds * _SLOWEST) + 60}",
                 "-print_final_stats=1", "-reload=0", str(self.corpus), str(self.seeds)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
            try:
                self._watch(process, stop)
            finally:
                if process.poll() is None:
                    process.kill()
                process.wait()
        if stop.is_set():
            return self
        if process.returncode != 0:
            self.finding = self._newest_finding()
        else:
            fuzz_corpus.compact(self)
        return self

    def _watch(self, process, stop):
        """Follows the process to its end, and ends it when its time is up."""
        shown, asked = time.monotonic(), None
        while process.poll() is None and not stop.wait(0.5):
            self.used = max(self.used, _cpu_seconds(process.pid))
            now = time.monotonic()
            if asked is None and self.used >= self.seconds:
                process.send_signal(signal.SIGUSR1)   # libFuzzer ends after the input at hand
                asked = now
            if asked is not None and now - asked > _GRACE_SECONDS:
                return
            if now - shown >= _PROGRESS_SECONDS:
                print(self.summary(), flush=True)
                shown = now

    def figures(self):
        """(executions, edges at the start, edges now, inputs of the corpus)."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        lines = _STATUS.findall(text)
        final = re.search(r"stat::number_of_executed_units:\s+(\d+)", text)
        if not lines:
            return 0, 0, 0, 0
        first = re.search(r"INITED cov: (\d+)", text)
        executions = int(final[1]) if final else int(lines[-1][0])
        return executions, int(first[1]) if first else 0, int(lines[-1][1]), int(lines[-1][3] or 0)

    def summary(self):
        """One line: how far it is."""
        executions, first, edges, inputs = self.figures()
        end = "" if self.finding is None else f", FOUND: {self.finding.name}"
        return (f"{self.name}: {_clock(self.used)} of {_clock(self.seconds)} CPU, "
                f"{executions:,} executions, edges {first:,} -> {edges:,}, "
                f"{inputs:,} inputs{end}")

    def problem(self):
        """The line of the report that says what is wrong."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        found = _PROBLEM.search(text)
        return found[0].strip() if found else "the target ended by itself: see its report"

    def _newest_finding(self):
        """What libFuzzer wrote in this run. Mistake where it ended without an input."""
        fresh = [path for path in self.findings.iterdir()
                 if path.stat().st_mtime >= self._started - 1]
        if not fresh:
            raise Mistake(f"{self.name} ended without an input that would do so again: see "
                          f"{relative(self.log)}", status=1)
        return max(fresh, key=lambda path: path.stat().st_mtime)


def _cpu_seconds(pid):
    """User and system time of a process (proc(5), stat); 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as text:
            fields = text.read().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _clock(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
