# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Builds a source once per key, and keeps what it installed.

A recipe is a module of this package with
  inputs(source, tools) -> everything that decides the result, as a dictionary
                           of names to text or bytes;
  build(source, tools, archive, work, prefix, log) -> what is to be installed in
                           `prefix`, made in `work`; Mistake where it fails;
  DURATION -> about how long that takes, in words;
  RUNS_ON_HOST -> whether a program of this machine can link it;
  checks() -> bytes, check(tools, prefix, log): what must hold between the tree and
                           what is installed; Mistake where it does not.
"""

import errno
import hashlib
import os
import shutil
import time
from pathlib import Path

from ..errors import Mistake
from . import cache, fetch, process


def build(source, recipe, tools):
    """The folder where `source` is installed for the toolchain `tools`."""
    tools.require()
    name = f"{source['name']}-{tools.arch}"
    final = place(source, recipe, tools)
    checked = final / f"checked-{hashlib.sha256(recipe.checks()).hexdigest()[:24]}"
    if checked.exists():
        return final
    archive = None if final.is_dir() else fetch.fetch(source)
    log = cache.folder("logs") / f"{name}.log"
    with cache.lock(name), cache.explained(f"build {name}"):
        if not final.is_dir():
            _build(source, recipe, tools, archive, final, log)
        recipe.check(tools, final, log)
        checked.touch()
    return final


def built(source, recipe, tools):
    """The folder that build() gives where that is there already, else None."""
    final = place(source, recipe, tools)
    return final if final.is_dir() else None


def place(source, recipe, tools):
    return (cache.folder("built")
            / f"{source['name']}-{tools.arch}-{_key(source, recipe, tools)}")


def _key(source, recipe, tools):
    """A digest of everything that decides what a build gives."""
    digest = hashlib.sha256()
    parts = {"source": source["places"][0]["sha256"], "compiler": tools.identity,
             "recipe": Path(recipe.__file__).read_bytes(), **recipe.inputs(source, tools)}
    for name, content in sorted(parts.items()):
        data = content if isinstance(content, bytes) else str(content).encode()
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()[:24]


def _build(source, recipe, tools, archive, final, log):
    what = f"{source['name']} {source['version']} for {tools.arch}"
    cache.say(f"building {what}; this is done once and takes about {recipe.DURATION}")
    begin = time.monotonic()
    log.unlink(missing_ok=True)
    with cache.workplace(final.parent, f"{source['name']}-{tools.arch}") as work:
        prefix = work / "prefix"
        prefix.mkdir()
        recipe.build(source, tools, archive, work, prefix, log)
        licences = prefix / "share" / "licences"
        licences.mkdir(parents=True)
        for name in source["licence_files"]:
            shutil.copy(work / source["directory"] / name, licences)
        cache.publish(prefix, final)
    cache.say(f"built {what} in {time.monotonic() - begin:.0f} s")


def unpack(source, archive, patches, work, log, members=()):
    """Unpacks `archive`, or those `members` of it (a name that begins with ! is left out),
    into `work` and applies `patches`; the source's folder."""
    place = next(place for place in source["places"]
                 if archive.name.startswith(place["sha256"]))
    if inner := place.get("inner"):
        step(["tar", "-xf", str(archive), "-C", str(work), "--strip-components=1", inner],
             "unpacking", log, work)
        archive = work / Path(inner).name
    top = place.get("directory", source["directory"])
    chosen = [f"--exclude={name[1:]}" for name in members if name.startswith("!")]
    chosen += [f"{top}/{name}" for name in members if not name.startswith("!")]
    step(["tar", "-xf", str(archive), "-C", str(work), *chosen], "unpacking", log, work)
    if inner:
        archive.unlink()
    tree = work / source["directory"]
    if top != source["directory"] and (work / top).is_dir():
        os.rename(work / top, tree)
    if not tree.is_dir():
        raise Mistake(f"{archive.name} holds no folder {source['directory']}; "
                      "support/sources/sources.toml names the wrong one")
    for patch in patches:
        step(["patch", "-p1", "--forward", "-i", str(patch)], f"applying {patch.name}", log, tree)
    return tree


def step(command, what, log, directory):
    """Runs one command of a recipe; Mistake with the log's path where it fails."""
    # What a user's shell or an enclosing make exports must not steer the build.
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR")
                   if name in os.environ} | {"LC_ALL": "C"}
    try:
        status = process.run(command, what, log, directory, environment)
    except FileNotFoundError:
        raise Mistake(f"{command[0]} is not installed; `make prerequisites` lists and installs "
                      "what Atoll needs") from None
    if status == 0:
        return
    text = log.read_text(encoding="utf-8", errors="replace")
    if "No space left on device" in text:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    raise Mistake(f"{what} failed; the whole output is in {log}")
