# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Runs a link command for arm64, with the smallest answer to Cortex-A53 erratum
843419 that the image's size allows.

    python3 link_arm64.py aarch64-linux-gnu-g++-12 ...

Of the linker's ways around the erratum, `adr` costs nothing and reaches 1 MiB;
`full` pads the code to 4 KiB. The first is tried, the second where it fails.
"""

import subprocess
import sys

_SMALL = "-Wl,--fix-cortex-a53-843419=adr"
_LARGE = "-Wl,--fix-cortex-a53-843419=full"


def main(command):
    """The command line."""
    done = subprocess.run(command + [_SMALL], capture_output=True, text=True, check=False)
    if done.returncode != 0 and "843419" in done.stderr:
        done = subprocess.run(command + [_LARGE], capture_output=True, text=True, check=False)
    if done.returncode != 0 and "-mcmodel=tiny" in command and any(
            sign in done.stderr for sign in ("truncated to fit", "has dynamic relocations")):
        print("atoll: the image is too large for BUILD_TINY_CODE: make SET=BUILD_TINY_CODE=n, "
              "or turn it off in the menu", file=sys.stderr)
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
