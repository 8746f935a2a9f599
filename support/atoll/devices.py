# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What a machine has beside CPUs, memory and a console."""

import dataclasses
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Interface:
    """A network interface of the image, and what it leads to."""

    name: str               # QEMU's, for both ends
    backend: str            # what QEMU's -netdev takes, but for the name
    queues: int = 1
    capture: Path = None    # the file for all frames, both ways


@dataclasses.dataclass(frozen=True)
class Devices:
    """What to give to the image, in the order that it finds them in."""

    interfaces: tuple = ()
    model: str = ""           # of the interfaces, as NET_DEVICE= says it
    entropy: bool = False     # a source of random numbers
    ram_disk: Path = None     # the file that the loader puts beside the image
    descriptors: tuple = ()   # files of ours that QEMU inherits


# Where instructions are counted.
NONE = Devices()

# What `make run` gives to an image that asks for nothing.
USUAL = Devices(entropy=True)
