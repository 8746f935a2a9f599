# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The device tree that tells Xen on arm64 what to start (Xen, docs/misc/arm/device-tree/
booting.txt): QEMU's own, with nodes added."""

import functools
import re
import subprocess
import tempfile
from pathlib import Path

from ..errors import Mistake

# Where QEMU puts modules: above what it loads itself, and above Xen.
KERNEL_ADDRESS, RAMDISK_ADDRESS = 0x5000_0000, 0x5800_0000


def domain(memory_kib, cpus, size, words, services=True):
    """The node of a domain that Xen starts by itself; without `services` it has its UART
    and knows nothing of Xen."""
    enhanced = 'xen,enhanced = "no-xenstore";' if services else ""
    return f"""domU1 {{
  compatible = "xen,domain";
  #address-cells = <2>;
  #size-cells = <2>;
  memory = <{_cells(memory_kib)}>;
  cpus = <{cpus}>;
  vpl011;
  {enhanced}
  {module("kernel", KERNEL_ADDRESS, size, words)}
}};"""


def module(kind, address, size, words=None):
    """The node of a file that QEMU has put into memory."""
    arguments = "" if words is None else f" bootargs = {quoted(words)};"
    return (f"module@{address:x} {{ compatible = \"multiboot,{kind}\", \"multiboot,module\"; "
            f"reg = <{_cells(address)} {_cells(size)}>;{arguments} }};")


def _cells(number):
    return f"{number >> 32:#x} {number & 0xffff_ffff:#x}"


def quoted(text):
    """A string of the language."""
    return '"' + "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}"
                         for byte in text.encode(errors="surrogateescape")) + '"'


def patched(source, xen_words, nodes):
    """The tree `source` with Xen's command line and `nodes` in its node /chosen."""
    if not re.search(r"^/dts-v1/;", source, re.MULTILINE):
        raise Mistake("QEMU's device tree does not look like one: it begins with "
                      f"{source[:40]!r}", status=1)
    inside = "\n".join(nodes)
    return (f"{source}\n/ {{ chosen {{\n#address-cells = <2>;\n#size-cells = <2>;\n"
            f"xen,xen-bootargs = {quoted(xen_words)};\n{inside}\n}}; }};\n")


@functools.cache
def of_machine(command):
    """The source of the tree that QEMU makes for the machine of that command line, a
    tuple which ends with the machine's name."""
    with tempfile.TemporaryDirectory(prefix="atoll-tree-") as folder:
        tree = Path(folder) / "tree"
        _run([*command[:-1], f"{command[-1]},dumpdtb={tree}"])
        return _run(["dtc", "-q", "-I", "dtb", "-O", "dts", str(tree)]).decode()


def compiled(source):
    """The tree as firmware hands it on."""
    return _run(["dtc", "-q", "-I", "dts", "-O", "dtb"], source.encode())


def _run(command, data=None):
    try:
        return subprocess.run(command, input=data or b"",
                              capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise Mistake(f"{command[0]} is not installed; `make prerequisites` lists and installs "
                      "what Atoll needs") from None
    except subprocess.CalledProcessError as error:
        raise Mistake(f"{command[0]} failed: {error.stderr.decode(errors='replace').strip()}",
                      status=1) from None
