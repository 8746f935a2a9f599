# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Archives that Linux unpacks at boot (Documentation/driver-api/early-userspace/
buffer-format.rst): cpio's "newc"."""

import os
import stat

# An archive behind another one begins at a multiple of four bytes; QEMU, Xen and Linux
# take care of no more than that.
_ALIGNMENT = 512


class Archive:
    """What becomes the root file system; files of more than one archive add up."""

    def __init__(self):
        self._parts, self._number = [], 0

    def folder(self, path, mode=0o755):
        """A folder; those above it must have been added."""
        self._entry(path, stat.S_IFDIR | mode, b"")

    def file(self, path, content, mode=0o644):
        """A file of these bytes."""
        self._entry(path, stat.S_IFREG | mode, content)

    def copy(self, path, source):
        """A file as `source` is, executable or not."""
        with open(source, "rb") as file:
            self.file(path, file.read(), 0o755 if os.stat(source).st_mode & 0o111 else 0o644)

    def link(self, path, target):
        """A symbolic link."""
        self._entry(path, stat.S_IFLNK | 0o777, os.fsencode(target))

    def _entry(self, path, mode, content):
        self._number += 1
        name = path.strip("/").encode() + b"\0"
        fields = [self._number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name), 0]
        header = b"070701" + b"".join(b"%08x" % field for field in fields) + name
        self._parts += [header, bytes(-len(header) % 4), content, bytes(-len(content) % 4)]

    def content(self):
        """The archive's bytes."""
        self._entry("TRAILER!!!", 0, b"")
        whole = b"".join(self._parts)
        return whole + bytes(-len(whole) % _ALIGNMENT)
