# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""apt with a configuration of its own (apt.conf(5), APT_CONFIG): its lists and caches lie
in the user's cache folder, and nothing of the system changes. Works as an ordinary user."""

import errno
import os
import subprocess

from . import process


_SECONDS = 600


class Unavailable(Exception):
    """This cannot be had here or now; the text says why."""


def system_settings(*prefixes):
    """Lines of the system's configuration whose names begin with one of `prefixes`."""
    done = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=False)
    return [line for line in done.stdout.splitlines()
            if line.startswith(prefixes) and not line.startswith("Acquire::IndexTargets")]


def configure(state, settings):
    """Writes the private configuration into the folder `state`, with further `settings`;
    the environment that apt takes it from.

    Proxies, certificates and retries are the system's. Its hooks are not: they are about
    the system's own packages."""
    for part in ("lists/partial", "cache/archives/partial"):
        (state / part).mkdir(parents=True, exist_ok=True)
    (state / "status").touch()
    settings = [*system_settings("Acquire::", "APT::Default-Release"),
                'Dir::Etc::Parts "/dev/null";', 'Dir::Etc::Main "/dev/null";',
                f'Dir::State "{state}";', f'Dir::State::Lists "{state}/lists";',
                f'Dir::State::status "{state}/status";', f'Dir::Cache "{state}/cache";',
                'APT::Sandbox::User "";', 'APT::Get::AllowUnauthenticated "false";',
                'Acquire::AllowInsecureRepositories "false";', *settings]
    path = state / "apt.conf"
    path.write_text("\n".join(settings) + "\n", encoding="utf-8")
    return {**os.environ, "LC_ALL": "C", "APT_CONFIG": str(path)}


def run(arguments, environment, directory, log):
    """`apt-get` with `arguments` in `directory`, its output in the file `log`; Unavailable
    where it fails."""
    log.unlink(missing_ok=True)
    status = process.run(["apt-get", "-q", "-o", "APT::Update::Error-Mode=any", *arguments],
                         f"apt-get {arguments[0]}", log, directory, environment, _SECONDS)
    if status == 0:
        return
    if status is None:
        raise Unavailable(f"apt-get {arguments[0]} took more than {_SECONDS} seconds")
    output = log.read_text(encoding="utf-8", errors="replace")
    if "No space left on device" in output or "don't have enough free space" in output:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    lines = [line[2:].strip() for line in output.splitlines() if line.startswith(("E:", "W:"))]
    raise Unavailable(lines[0] if lines else f"apt-get {arguments[0]} failed, see {log}")


def ask(tool, arguments, environment, directory=None):
    """What `tool` (apt-cache, apt-get) says to `arguments`; Unavailable where it refuses."""
    done = subprocess.run([tool, "-q", *arguments], capture_output=True, text=True, check=False,
                          env=environment, cwd=directory, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        lines = [line[2:].strip() for line in done.stderr.splitlines() if line.startswith("E:")]
        raise Unavailable(lines[0] if lines else f"{tool} {arguments[0]} failed")
    return done.stdout
