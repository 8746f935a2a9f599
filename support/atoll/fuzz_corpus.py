# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The corpora of a fuzz target: the working one below build/, and the committed one."""

import shutil
import subprocess

from .errors import Mistake, relative

MOST_BYTES = 64 * 1024     # of what update() puts into one target's committed corpus
MOST_INPUT = 8 * 1024


def compact(run):
    """Leaves in the working corpus only what adds to the committed one."""
    fresh = run.folder / "compact"
    shutil.rmtree(fresh, ignore_errors=True)
    if _merge(run, fresh, run.seeds, run.corpus):
        shutil.rmtree(run.corpus)
        fresh.rename(run.corpus)
        _drop_known(run)


def update(run):
    """Copies what covers most of the rest into the committed corpus; a sentence about it."""
    chosen = run.folder / "chosen"
    shutil.rmtree(chosen, ignore_errors=True)
    if not _merge(run, chosen, run.seeds, run.corpus, edges=True):
        raise Mistake(f"{run.name}: the corpora cannot be merged: see {relative(run.log)}",
                      status=1)
    known = {path.read_bytes() for path in run.seeds.iterdir()}
    new = sorted((path for path in chosen.iterdir() if path.read_bytes() not in known),
                 key=lambda path: (path.stat().st_size, path.name))
    room = MOST_BYTES - sum(path.stat().st_size for path in _found(run.seeds))
    taken = 0
    for path in new:
        size = path.stat().st_size
        if size > min(room, MOST_INPUT):
            break   # they come by size
        shutil.copyfile(path, run.seeds / f"found_{path.name[:12]}")
        room -= size
        taken += 1
    shutil.rmtree(chosen)
    return (f"{run.name}: {taken} inputs into {relative(run.seeds)}, "
            f"{len(new) - taken} left out by its limits")


def _found(seeds):
    """The inputs that were found, not written by hand."""
    return seeds.glob("found_*")


def _drop_known(run):
    """Removes from the working corpus what the committed one has."""
    known = {path.read_bytes() for path in run.seeds.iterdir()}
    for path in run.corpus.iterdir():
        if path.read_bytes() in known:
            path.unlink()


def _merge(run, into, *sources, edges=False):
    """Puts the smallest inputs with all of the coverage of `sources` `into` a new folder:
    of their edges, or also of how often each is taken."""
    into.mkdir(parents=True)
    run.findings.mkdir(parents=True, exist_ok=True)
    how = ["-set_cover_merge=1", "-use_counters=0"] if edges else ["-merge=1"]
    done = subprocess.run([str(run.program), *how, f"-artifact_prefix={run.findings}/",
                           "-max_len=16384", "-timeout=60", "-rss_limit_mb=2048", str(into),
                           *map(str, sources)],
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.returncode == 0
