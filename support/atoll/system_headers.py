# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Headers of the distribution that kernel libraries are compiled against: they say how
to talk to something outside, and no code comes from them."""

import os
from pathlib import Path

from .errors import Mistake

_PLACE = Path("/usr/include")


def provide(composition, cell):
    """Makes the folders that folders() names: each holds a link to one folder of the
    system, so that nothing else of the host is seen. Mistake where a package is not
    installed."""
    for part in composition.parts:
        for header, package in part.system_headers:
            if not (_PLACE / header).exists():
                raise Mistake(f"{_PLACE / header} is missing, which {part.name} is compiled with: "
                              f"install {package} (`make prerequisites` lists and installs what "
                              "Atoll needs)", part.place("SYSTEM_HEADERS"))
            top = header.partition("/")[0]
            link = _folder(cell, part) / top
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.is_symlink() or os.readlink(link) != str(_PLACE / top):
                link.unlink(missing_ok=True)
                link.symlink_to(_PLACE / top)


def folders(composition, cell, part):
    """The include folders for the system headers that `part` sees."""
    seen = sorted(composition.visible(part))
    return [_folder(cell, composition.part(name)) for name in seen
            if name in composition and composition.part(name).system_headers]


def _folder(cell, part):
    return cell.generated / "system" / part.name
