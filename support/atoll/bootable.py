# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Makes the file that a loader takes out of the linked one.

    python3 -m atoll.bootable image.dbg image
"""

import sys

from . import elf
from .errors import Mistake
from .flat_image import flatten
from .loadable_elf import loadable

_FLAT = 183    # e_machine of arm64, whose loaders take a flat file; others read ELF


def main(arguments):
    """The command line."""
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    linked, place = arguments[1:]
    try:
        made = flatten(linked) if elf.machine(linked) == _FLAT else loadable(linked)
        with open(place, "wb") as file:
            file.write(made)
    except (OSError, Mistake) as error:
        print(f"{linked}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
