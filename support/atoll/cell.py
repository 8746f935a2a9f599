# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""A cell: one app on one platform and architecture, and where it is built."""

import dataclasses
import os
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Cell:
    """Names and folders of one composed image."""

    app: str
    plat: str
    arch: str
    out: Path        # O=, the folder that holds all cells

    @property
    def name(self):
        return f"{self.app}_{self.plat}-{self.arch}"

    @property
    def directory(self):
        return self.out / self.name

    @property
    def config(self):
        return self.directory / ".config"

    @property
    def generated(self):
        return self.directory / "generated"

    @property
    def objects(self):
        return self.directory / "objects"

    @property
    def image(self):
        """The bootable, stripped image."""
        return self.directory / self.name

    @property
    def symbols(self):
        """The image with its symbols: what gdb and addr2line read."""
        return self.directory / f"{self.name}.dbg"

    @property
    def map(self):
        """The linker's map."""
        return self.directory / f"{self.name}.map"


# As KCONFIG_CONFIG: builds what is the same for everyone, whatever .config says.
NO_CONFIGURATION = "no.config"


def root():
    """The checkout that this build belongs to."""
    return Path(os.path.realpath(__file__)).parent.parent.parent


def configuration():
    """The file that the menu commands write: .config, or what KCONFIG_CONFIG names, as
    everywhere that Kconfig is used."""
    return root() / (os.environ.get("KCONFIG_CONFIG") or ".config")
