# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The root file system of a dom0 that has the toolstack and nothing else, out of unpacked
packages."""

import re
from pathlib import Path

from ..errors import Mistake
from ..toolchain import run_text, toolchain
from .cpio import Archive
from .kernel import expanded

SCRIPTS = Path(__file__).resolve().parent / "dom0"

_PROGRAMS = ("xl", "xenstored", "xenconsoled", "xen-init-dom0", "libxl-save-helper")
_XENSTORE = ("read", "write", "list", "rm", "watch", "exists", "chmod", "ls")
_MODULES = ("xen-privcmd", "xen-evtchn", "xen-gntdev", "xen-gntalloc", "xenfs")
# For those who ask for a network: the other end of guests' interfaces, the bridge, the driver
# of the machine's own interface.
_NETWORK_MODULES = ("xen-netback", "bridge", "e1000")
_FOLDERS = ("bin", "dev", "etc", "etc/xen", "etc/xen/scripts", "lib", "lib/modules", "proc",
            "run", "sys", "tmp", "usr", "usr/lib", "var", "var/lib", "var/lib/xen",
            "var/lib/xenstored", "var/log", "var/log/xen", "var/log/xen/console")
# Dom0 has all the memory that it gets; and xl has no lock file to find elsewhere.
_XL_CONF = b'autoballoon="off"\nlockfile="/run/lock/xl"\n'

# libpthread loads it when a thread is cancelled: no file says that it is needed.
_LOADED_LATER = ("libgcc_s.so.1",)


def initramfs(root, arch):
    """The archive's bytes, of the packages unpacked below `root`."""
    archive, files = Archive(), _Files(root, arch)
    for folder in _FOLDERS:
        archive.folder(folder)
    archive.link("var/run", "/run")
    archive.link("var/lock", "/run/lock")
    archive.link("lib64", "lib")
    archive.copy("bin/busybox", files.one("busybox"))
    archive.link("bin/sh", "busybox")
    for name in _PROGRAMS:
        archive.copy(f"bin/{name}", files.needs(files.one(name)))
    _helpers(archive, files.one("xl"), root)
    archive.copy("bin/xenstore", files.needs(files.one("xenstore")))
    for name in _XENSTORE:
        archive.link(f"bin/xenstore-{name}", "xenstore")
    for name, path in files.libraries().items():
        archive.copy(f"lib/{name}", path)
    _modules(archive, files)
    archive.file("etc/xen/xl.conf", _XL_CONF)
    archive.file("init", (SCRIPTS / "init.sh").read_bytes(), 0o755)
    for script in sorted(SCRIPTS.glob("*.sh")):
        archive.file(f"bin/{script.name}", script.read_bytes(), 0o755)
    return archive.content()


def _helpers(archive, xl, root):
    """libxl looks for its programs where the package has them."""
    place = xl.relative_to(root).parent
    for folder in reversed(place.parents[:-1]):
        if str(folder) not in _FOLDERS:
            archive.folder(str(folder))
    archive.link(str(place), "/bin")


def _modules(archive, files):
    """The kernel's modules, decompressed, and the orders to load them in."""
    order = []

    def add(name):
        if name in order:
            return
        path = files.module(name)
        if path is None:
            return   # part of the kernel itself
        content = expanded(path.read_bytes())
        if content is None:
            raise Mistake(f"{path.name} is compressed by a program that this machine lacks; "
                          "install zstd")
        depends = re.search(rb"\0depends=([^\0]*)\0", content)
        for other in (depends[1].decode() if depends else "").split(","):
            if other:
                add(other)
        order.append(name)
        archive.file(f"lib/modules/{name}.ko", content)

    for list_name, names in (("order", _MODULES), ("network", _NETWORK_MODULES)):
        before = len(order)
        for name in names:
            add(name)
        archive.file(f"lib/modules/{list_name}",
                     "".join(f"/lib/modules/{name}.ko\n" for name in order[before:]).encode())


class _Files:
    """Finds files in the unpacked packages, wherever a release has them."""

    def __init__(self, root, arch):
        self._root = Path(root)
        self._readelf = toolchain(arch).tool("readelf")
        self._found, self._libraries = {}, {}
        for path in sorted(self._root.rglob("*")):
            if path.is_file() or path.is_symlink():
                self._found.setdefault(path.name, path)

    def one(self, name):
        """The file of that name."""
        path = self._found.get(name)
        if path is None:
            raise Mistake(f"none of Xen's packages holds {name}: this release of Debian is not "
                          "one that Atoll knows", status=1)
        if path.is_symlink():   # may be absolute, as on the system that it is for
            return self.one(path.readlink().name)
        return path

    def module(self, name):
        """The file of a kernel module, None where there is none."""
        for spelling in (name, name.replace("_", "-"), name.replace("-", "_")):
            for ending in (".ko", ".ko.xz", ".ko.zst", ".ko.gz"):
                if path := self._found.get(spelling + ending):
                    return path
        return None

    def needs(self, program):
        """Notes the libraries that `program` needs, and the loader; returns `program`."""
        said = run_text([self._readelf, "-W", "-d", "-l", str(program)])
        names = re.findall(r"\(NEEDED\).*\[(.*)\]", said)
        names += [Path(name).name for name in re.findall(r"program interpreter: (.*)\]", said)]
        for name in (*names, *_LOADED_LATER):
            if name not in self._libraries:
                self._libraries[name] = self.one(name)
                self.needs(self._libraries[name])
        return program

    def libraries(self):
        """What was noted: name to file."""
        return self._libraries
