# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Xen, and a dom0 with its toolstack, ready to boot: made of Debian's packages once and
kept in the user's cache folder."""

import hashlib
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from ..errors import Mistake
from ..ports import cache
from ..ports.apt import Unavailable
from . import packages
from .initramfs import SCRIPTS, initramfs
from .kernel import bootable, expanded

# How long what was prepared is used before the archive is asked for something newer.
_FRESH = 7 * 24 * 3600
# How long what a newer one replaced stays, for those that still run it.
_KEPT = 2 * _FRESH

# In the prepared folder.
HYPERVISOR, KERNEL, INITRAMFS = "xen", "linux", "initramfs"

_MODULES = ("drivers/xen/*", "drivers/net/xen-netback/*", "drivers/net/ethernet/intel/e1000/*",
            "net/bridge/bridge.ko*", "net/802/stp.ko*", "net/llc/llc.ko*")
_KERNEL_FILES = ("boot/vmlinuz-*", *(f"{usr}lib/modules/*/kernel/{module}"
                                     for usr in ("", "usr/") for module in _MODULES))


def hypervisor(arch, sources=None):
    """The folder that has HYPERVISOR."""
    return _prepared("hypervisor", arch, sources)


def toolstack(arch, sources=None):
    """The folder that has HYPERVISOR, KERNEL and INITRAMFS."""
    return _prepared("toolstack", arch, sources)


def _prepared(what, arch, sources):
    name = f"xen-{what}-{arch}"
    current = cache.folder("xen") / f"{name}.json"
    folder, age = _current(current)
    if folder and age < _FRESH and not sources:
        return folder
    with cache.lock(name), cache.lock(f"xen-packages-{arch}"), \
         cache.explained(f"prepare Xen for {arch}"):
        folder, age = _current(current)
        if folder and age < _FRESH and not sources:   # by another process meanwhile
            return folder
        try:
            made = _prepare(what, arch, name, sources)
        except Unavailable as reason:
            if folder is None:
                raise Mistake(f"Xen for {arch} is not prepared and cannot be fetched ({reason}); "
                              "connect this machine to the network, and see that apt's sources "
                              "have main of Debian 12 or later for that architecture") from None
            cache.say(f"note: no newer Xen was looked for ({reason}); going on with the one that "
                      "is prepared")
            os.utime(current)
            return folder
        fresh = current.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps({"folder": made.name, "scripts": scripts_hash()}),
                         encoding="utf-8")
        os.replace(fresh, current)
        _forget(made, name)
        return made


def _current(record):
    """The folder that was prepared last, by these scripts, and how long ago it was looked
    at; (None, 0) where there is none."""
    try:
        said = json.loads(record.read_text(encoding="utf-8"))
        age = time.time() - record.stat().st_mtime
        folder = cache.folder("built") / said["folder"]
        if said["scripts"] == scripts_hash() and folder.is_dir():
            return folder, age
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None, 0


def scripts_hash():
    """A digest of everything here that decides what is prepared."""
    here = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for path in [*(here / name for name in ("prepare.py", "packages.py", "kernel.py", "cpio.py",
                                            "initramfs.py")), *sorted(SCRIPTS.iterdir())]:
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def key(found):
    """The name's last part of what is prepared of the Packages `found`."""
    text = "\n".join([*(f"{package.file} {package.digest}" for package in found),
                      scripts_hash()])
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _prepare(what, arch, name, sources):
    archive = packages.Archive(arch, sources)
    try:
        archive.update()
        reason = None
    except Unavailable as why:
        reason = why
    debian = packages.DEBIAN[arch]
    try:
        names = _names(what, archive, debian)
        found = archive.find(names)
        final = cache.folder("built") / f"{name}-{key(found)}"
        if not final.is_dir():
            files = archive.download(names, found)
            _build(what, arch, files, final, name)
    except Unavailable as why:
        raise Unavailable(reason or why) from None
    if reason:
        cache.say(f"note: the package index could not be read anew ({reason}); going on with "
                  "the last one")
    return final


def _names(what, archive, debian):
    system = f"xen-system-{debian}"
    names = [archive.dependency(system, rf"xen-hypervisor-[\d.]+-{debian}")]
    if what == "toolstack":
        utils = archive.dependency(system, r"xen-utils-[\d.]+")
        image = f"linux-image-{debian}"
        names += archive.with_libraries([utils, "xenstore-utils", "libgcc-s1"])
        names += [archive.dependency(image, rf"linux-image-\d.*-{debian}"), "busybox-static"]
    return names


def _build(what, arch, files, final, name):
    versions = " and ".join(path.name.rpartition("_")[0].replace("_", " ") for path in files
                            if path.name.startswith(("xen-hypervisor", "linux-image")))
    cache.say(f"preparing {versions}; this is done once")
    begin = time.monotonic()
    with cache.workplace(final.parent, name) as work:
        root, made = work / "root", work / "made"
        root.mkdir()
        made.mkdir()
        for file in files:
            _unpack(file, root)
        (made / HYPERVISOR).write_bytes(_hypervisor(root))
        if what == "toolstack":
            kernel = next(root.glob("boot/vmlinuz-*"))
            (made / KERNEL).write_bytes(bootable(kernel.read_bytes()))
            (made / INITRAMFS).write_bytes(initramfs(root, arch))
        cache.publish(made, final)
    cache.say(f"prepared Xen for {arch} in {time.monotonic() - begin:.0f} s")


def _unpack(file, root):
    """The package's files below `root`; of a kernel only those that are needed, out of
    thousands."""
    patterns = _KERNEL_FILES if file.name.startswith("linux-image") else ()
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(file)],
                          stdout=subprocess.PIPE) as archive:
        # A pattern that fits nothing makes a status of 2: releases differ in folders.
        done = subprocess.run(["tar", "-x", "-C", str(root), "--no-same-owner", "--wildcards",
                               *(f"./{pattern}" for pattern in patterns)],
                              stdin=archive.stdout, capture_output=True, text=True, check=False)
    if archive.returncode != 0 or done.returncode not in ((0, 2) if patterns else (0,)):
        raise Mistake(f"{file} cannot be unpacked: {done.stderr.strip().splitlines()[-1:]}; "
                      "remove it and try again", status=1)


def _hypervisor(root):
    """Xen as QEMU loads it."""
    for path in sorted(root.glob("boot/xen-*")):
        if not path.name.endswith((".config", ".efi", ".map")):
            return expanded(path.read_bytes())
    raise Mistake("the package of Xen holds no hypervisor: this release of Debian is not one "
                  "that Atoll knows", status=1)


def _forget(made, name):
    """Removes what a newer one replaced long ago, and packages of former versions."""
    for path in made.parent.glob(f"{name}-*"):
        if path != made and time.time() - path.stat().st_mtime > _KEPT:
            shutil.rmtree(path, ignore_errors=True)
    for path in cache.folder("xen", "packages").glob("*.deb"):
        if time.time() - path.stat().st_mtime > _KEPT:
            path.unlink(missing_ok=True)
