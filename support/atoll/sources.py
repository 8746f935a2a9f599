# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Fetches and builds the third-party sources that support/sources/sources.toml pins.

  sources.py list
  sources.py fetch NAME              prints the path of the verified file
  sources.py build NAME --arch ARCH  prints the folder that it is installed in

Results are the last line on standard output; progress goes to standard error.
"""

import argparse
import importlib
import re
import signal
import sys
import tomllib
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    __package__ = "atoll"   # pylint: disable=redefined-builtin
    importlib.import_module("atoll")

from .errors import Mistake               # noqa: E402  pylint: disable=wrong-import-position
from .ports import build as builds        # noqa: E402  pylint: disable=wrong-import-position
from .ports import cache, fetch           # noqa: E402  pylint: disable=wrong-import-position
from .toolchain import toolchain          # noqa: E402  pylint: disable=wrong-import-position

LOCK = Path(__file__).resolve().parents[1] / "sources" / "sources.toml"
ARCHS = ("x86_64", "arm64")
_FIELDS = {"version": str, "directory": str, "licence": str, "licence_files": list,
           "support": str, "patches": list, "places": list}
_PLACE_FIELDS = {"debian": ("package", "suite", "file", "sha256"), "url": ("url", "file", "sha256")}


def read_lock(path=LOCK):
    """Every pinned source by name, checked; Mistake where the lock is wrong."""
    try:
        with open(path, "rb") as file:
            sources = tomllib.load(file)
    except tomllib.TOMLDecodeError as error:
        raise Mistake(f"the lock of sources cannot be read: {error}", str(path)) from None
    for name, source in sources.items():
        source["name"] = name
        for field, kind in _FIELDS.items():
            if not isinstance(source.get(field), kind):
                raise Mistake(f"[{name}] has no {field}", str(path))
        if not source["places"]:
            raise Mistake(f"[{name}] names no place to fetch it from", str(path))
        for place in source["places"]:
            _check_place(name, place, path)
    return sources


def _check_place(name, place, path):
    fields = _PLACE_FIELDS.get(place.get("kind"))
    if fields is None:
        raise Mistake(f"a place of [{name}] has no kind out of {', '.join(_PLACE_FIELDS)}",
                      str(path))
    for field in fields:
        if not place.get(field):
            raise Mistake(f"a {place['kind']} place of [{name}] has no {field}", str(path))
    if not re.fullmatch("[0-9a-f]{64}", place["sha256"]):
        raise Mistake(f"a place of [{name}] has a sha256 that is no 64 small hexadecimal digits",
                      str(path))
    if "/" in place["file"] or place["file"].startswith("."):
        raise Mistake(f"a place of [{name}] has a file that is no plain name", str(path))


def find(name):
    """The pinned source `name`."""
    sources = read_lock()
    if name not in sources:
        raise Mistake(f"no source is called {name}; support/sources/sources.toml has "
                      f"{', '.join(sorted(sources))}")
    return sources[name]


def build(name, tools):
    """The folder where the source `name` is installed for the toolchain `tools`: include/
    and lib/, built and fetched where that has not been done."""
    return str(builds.build(find(name), _recipe(name), tools))


def built(name, tools):
    """The path of that folder where the source has been built as it is now; else None."""
    return builds.built(find(name), _recipe(name), tools)


def runs_on_host(name):
    """Whether what the source installs needs no libc of ours: host tests link it too."""
    return _recipe(name).RUNS_ON_HOST


def _recipe(name):
    return importlib.import_module(f".ports.{name}", __package__)


def _list():
    for name, source in sorted(read_lock().items()):
        state = "in the cache" if fetch.cached(source) else "not fetched"
        print(f"{name} {source['version']}  {source['licence']}  {state}")


def main(arguments):
    parser = argparse.ArgumentParser(prog="sources.py", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="what is pinned")
    for command, text in (("fetch", "get the pinned file"), ("build", "build and install it")):
        one = commands.add_parser(command, help=text)
        one.add_argument("name")
        if command == "build":
            one.add_argument("--arch", choices=ARCHS, required=True)
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)   # ends children, too
    try:
        if options.command == "list":
            _list()
        elif options.command == "fetch":
            print(fetch.fetch(find(options.name)))
        else:
            print(build(options.name, toolchain(options.arch)))
    except Mistake as mistake:
        cache.say(f"error: {mistake}")
        return mistake.status
    except KeyboardInterrupt:
        cache.say("interrupted; nothing half-done is left behind")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
