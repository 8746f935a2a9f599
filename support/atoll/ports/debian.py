# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Gets the upstream file of a Debian source package, without touching the system.

Mirror, keyring, proxy and passwords are those that the system's apt uses, so that what
works for `apt-get update` works here.
"""

import shutil
from pathlib import Path

from . import apt, cache
from .apt import Unavailable

# Suites that are Debian's own archive, whatever the release of this machine.
_SUITES = {"bookworm", "trixie", "forky", "sid", "stable", "oldstable", "testing", "unstable"}


def download(place, into):
    """Downloads the upstream file of place["package"] into the folder `into` and
    returns its path. Unavailable where that cannot be done here or now."""
    if shutil.which("apt-get") is None:
        raise Unavailable("this machine has no apt-get")
    mirrors = system_mirrors()
    if not mirrors:
        raise Unavailable("apt on this machine is configured with no Debian mirror")
    reasons = []
    for mirror in mirrors:
        try:
            return _download(place, mirror, into)
        except Unavailable as reason:
            reasons.append(str(reason))
    raise Unavailable("; ".join(dict.fromkeys(reasons)))


def _download(place, mirror, into):
    state = cache.folder("apt")
    environment = _configure(state, mirror, place["suite"])
    cache.say(f"reading the source index of {place['suite']} from the Debian mirror")
    apt.run(["update"], environment, state, state / "log")
    cache.say(f"downloading {place['file']}")
    apt.run(["source", "--download-only", "--tar-only", place["package"]], environment, into,
            state / "log")
    file = into / place["file"]
    if not file.is_file():
        found = ", ".join(sorted(path.name for path in into.iterdir())) or "nothing"
        raise Unavailable(f"{place['suite']} of the Debian mirror now has {found} instead of "
                          f"{place['file']}")
    return file


def _configure(state, mirror, suite):
    """Writes the private configuration; apt's environment."""
    (state / "sources").mkdir(exist_ok=True)
    lines = ["Types: deb-src", f"URIs: {mirror['URIs']}", f"Suites: {suite}", "Components: main"]
    lines += [f"Signed-By: {mirror['Signed-By']}"] if mirror.get("Signed-By") else []
    (state / "sources" / "atoll.sources").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return apt.configure(state, ['Dir::Etc::SourceList "/dev/null";',
                                 'Dir::Etc::Preferences "/dev/null";',
                                 'Dir::Etc::PreferencesParts "/dev/null";',
                                 f'Dir::Etc::SourceParts "{state}/sources";',
                                 'APT::Default-Release "";'])


def system_mirrors(root="/etc/apt"):
    """The Debian archives that apt on this machine is configured with, as fields
    of sources.list(5), the first one first, each once."""
    entries = []
    for path in [Path(root, "sources.list"), *sorted(Path(root, "sources.list.d").glob("*"))]:
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if path.suffix == ".sources":
            entries += deb822_entries(text)
        elif path.suffix == ".list":
            entries += list_entries(text)
    found = {}
    for entry in entries:
        if entry.get("Enabled", "yes").strip().lower() in ("no", "false", "off", "0"):
            continue
        own = _SUITES & set(entry.get("Suites", "").split())
        if not own or "main" not in entry.get("Components", "").split():
            continue
        for uri in entry.get("URIs", "").split():
            if not uri.startswith("cdrom:"):
                found.setdefault(uri.rstrip("/"), {**entry, "URIs": uri})
    return list(found.values())


def deb822_entries(text):
    """The stanzas of a .sources file, each a dictionary of its fields."""
    entries, fields, last = [], {}, None
    for line in [*text.splitlines(), ""]:
        if line.startswith("#"):
            continue
        if not line.strip():
            entries += [fields] if fields else []
            fields, last = {}, None
        elif line[0] in " \t":
            if last:
                fields[last] += "\n" + line
        else:
            name, _, value = line.partition(":")
            last = {"uris": "URIs", "suites": "Suites", "components": "Components",
                    "signed-by": "Signed-By", "enabled": "Enabled",
                    "types": "Types"}.get(name.strip().lower(), name.strip())
            fields[last] = value.strip()
    return entries


def list_entries(text):
    """The lines of a sources.list, in the fields of a .sources file."""
    entries = []
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if not words or words[0] not in ("deb", "deb-src"):
            continue
        options, rest = {}, words[1:]
        if rest and rest[0].startswith("["):
            inside, _, after = " ".join(rest)[1:].partition("]")
            options = dict(option.partition("=")[::2] for option in inside.split())
            rest = after.split()
        if len(rest) >= 3:
            entries.append({"URIs": rest[0], "Suites": rest[1], "Components": " ".join(rest[2:]),
                            "Signed-By": options.get("signed-by", "")})
    return entries
