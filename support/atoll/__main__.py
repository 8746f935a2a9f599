# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What stands behind each make target. Variables arrive in the environment, as
make exports them."""

import os
import sys
import types

from . import commands
from .errors import Mistake

VARIABLES = {"app": "APP", "plat": "PLAT", "arch": "ARCH", "set": "SET", "out": "O",
             "libs": "ATOLL_LIBS", "verbose": "V", "lib": "LIB", "name": "NAME",
             "provides": "PROVIDES", "timeout": "TIMEOUT", "args": "ARGS", "cmdline": "CMDLINE",
             "mem": "MEM", "cpus": "CPUS", "machine": "MACHINE",
             "net": "NET", "port": "PORT", "net_device": "NET_DEVICE",
             "net_queues": "NET_QUEUES", "pcap": "PCAP", "rng": "RNG",
             "initrd": "INITRD",
             "count": "N", "seed": "SEED", "only": "ONLY", "start": "FROM", "update": "UPDATE",
             "accelerator": "ACCEL", "xen": "XEN",
             "symbols": "SYMBOLS", "lib_test": "LIB_TEST", "gdb": "GDB",
             "target": "TARGET", "minutes": "MINUTES", "jobs": "JOBS"}


def arguments():
    """The variables of this call, empty ones as None."""
    return types.SimpleNamespace(**{attribute: os.environ.get(name) or None
                                    for attribute, name in VARIABLES.items()})


def main(words):
    """Runs the command `words[0]`; the process's exit status."""
    if len(words) != 1 or words[0] not in commands.COMMANDS:
        known = ", ".join(sorted(commands.COMMANDS))
        print(f"atoll: expected one command of {known}", file=sys.stderr)
        return 2
    try:
        return commands.COMMANDS[words[0]](arguments()) or 0
    except Mistake as mistake:
        print(f"atoll: {mistake}", file=sys.stderr)
        return mistake.status
    except KeyboardInterrupt:
        print("atoll: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
