# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Debian's packages of one architecture, for this machine or another: found and
downloaded by apt with the system's sources, never installed."""

import dataclasses
import os
import re
import shutil
import time

from ..ports import apt, cache
from ..ports.apt import Unavailable

DEBIAN = {"x86_64": "amd64", "arm64": "arm64"}
_DAY = 24 * 3600


@dataclasses.dataclass(frozen=True)
class Package:
    """A package as the archive has it now."""

    file: str       # its name and version
    digest: str     # as apt prints it: "SHA256:..."


class Archive:
    """The system's package sources, as a machine of architecture `arch` sees them."""

    def __init__(self, arch, sources=None):
        """`sources` is a folder in place of /etc/apt/sources.list and sources.list.d."""
        if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
            raise Unavailable("this machine has no apt-get and dpkg-deb")
        self.state = cache.folder("xen", f"apt-{arch}")
        name = DEBIAN[arch]
        settings = [f'APT::Architecture "{name}";', f'APT::Architectures {{ "{name}"; }};',
                    'Acquire::Languages "none";', 'Acquire::GzipIndexes "true";']
        if sources:
            settings += ['Dir::Etc::SourceList "/dev/null";',
                         f'Dir::Etc::SourceParts "{sources}";']
        self._environment = apt.configure(self.state, settings)
        self._name = name

    def update(self):
        """Reads the indexes anew where they are older than a day."""
        stamp = self.state / "updated"
        if stamp.exists() and time.time() - stamp.stat().st_mtime < _DAY:
            return
        cache.say(f"reading the package index for {self._name}")
        apt.run(["update"], self._environment, self.state, self.state / "log")
        stamp.touch()

    def dependency(self, package, pattern):
        """The first package that `package` depends on and whose name `pattern` matches:
        how a package without a version in its name leads to the one with it."""
        said = self._depends([package], "--no-recommends", "--no-suggests")
        for name in said.get(package, []):
            if re.fullmatch(pattern, name):
                return name
        raise Unavailable(f"the package {package} depends on nothing like {pattern}")

    def with_libraries(self, packages):
        """`packages` and the libraries that these need, but nothing else that they depend
        on: what runs is a handful of programs, not a system."""
        graph = self._depends(packages, "-i", "--recurse")
        found, todo = [], list(packages)
        while todo:
            name = todo.pop(0)
            if name not in found:
                found.append(name)
                todo += [other for other in graph.get(name, [])
                         if re.match(r"lib|zlib1g", other) and not other.startswith("libpython")]
        return found

    def _depends(self, packages, *options):
        """What apt-cache says each package depends on."""
        graph, name = {}, None
        for line in apt.ask("apt-cache", ["depends", *options, *packages],
                            self._environment).splitlines():
            if not line.startswith((" ", "|")):
                name = line.strip().partition(":")[0]
                graph[name] = []
            elif (found := re.match(r"[ |]+(?:Pre)?Depends: ([^<\s:]+)", line)):
                graph[name].append(found[1])
        return graph

    def find(self, names):
        """The Packages of these names."""
        # In a folder without packages: apt says nothing of a file that is there.
        said = apt.ask("apt-get", ["download", "--print-uris", *names], self._environment,
                       self.state)
        found = [Package(match[1], match[2]) for match in
                 re.finditer(r"^'[^']*' (\S+) \d+ (\S+)$", said, re.MULTILINE)]
        if len(found) != len(names):
            raise Unavailable(f"the archive has {len(found)} of the packages {' '.join(names)}")
        return sorted(found, key=lambda package: package.file)

    def download(self, names, packages):
        """The files of `packages`, which find() found for `names`; those that are not in
        the cache are fetched."""
        folder = cache.folder("xen", "packages")
        missing = [package for package in packages if not _whole(folder / package.file, package)]
        if missing:
            cache.say(f"downloading {len(missing)} packages for {self._name}")
            with cache.workplace(folder, "download") as into:
                wanted = [name for name in names
                          if any(package.file.startswith(f"{name}_") for package in missing)]
                apt.run(["download", *wanted], self._environment, into, self.state / "log")
                for package in missing:
                    if not _whole(into / package.file, package):
                        raise Unavailable(f"{package.file} did not come as the index says")
                    os.replace(into / package.file, folder / package.file)
        for package in packages:
            os.utime(folder / package.file)   # used now: apt dates it like the mirror
        return [folder / package.file for package in packages]


def _whole(path, package):
    """Whether that file is there and is the package's."""
    kind, _, digest = package.digest.partition(":")
    return path.is_file() and (kind != "SHA256" or cache.sha256(path) == digest)
