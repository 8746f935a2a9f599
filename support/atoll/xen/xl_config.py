# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What xl is told about a guest (xl.cfg(5)), for our own Xen and for a user's."""

from ..errors import Mistake, relative
from ..machines import check_memory, memory_bytes

_ENDS = ("poweroff", "reboot", "crash", "watchdog")


def xl_config(arch, name, image, words, *, memory, vcpus, at_end, extra=""):
    """A configuration for xl: `memory` in MiB, `at_end` what becomes of a domain that has
    ended."""
    lines = [f"name = {quoted(name)}", *_kind(arch), f"kernel = {quoted(image)}",
             f"cmdline = {quoted(words)}", f"memory = {memory}", f"vcpus = {vcpus}",
             *(f'on_{end} = "{at_end}"' for end in _ENDS)]
    return "\n".join([*lines, *([extra] if extra else [])])


def _kind(arch):
    return ['type = "pvh"'] if arch == "x86_64" else []   # arm64 has one kind only


def quoted(text):
    """A string of xl's: it knows no escapes but the other kind of quotes."""
    for quote in "\"'":
        if quote not in text and "\n" not in text and not text.endswith("\\"):
            return f"{quote}{text}{quote}"
    raise Mistake("xl's configuration has no way to say a text with both kinds of quotes, or "
                  f"with a line end: {text!r}")


def mebibytes(size):
    """A size of memory in the unit of xl; Mistake where it is no whole number."""
    if not size or size % (1 << 20):
        raise Mistake("MEM= is no whole number of MiB, as xl wants it")
    return size >> 20


_COMMENTED = """\
# {name}, for a Xen of your own:
#
#   xl create -c {file}       starts it and shows its console (ctrl-] leaves)
#   xl shutdown {name}        asks it to end
#
# xl.cfg(5) describes every line.
name = {quoted_name}
{kind}kernel = {image}

# What `make run` takes as CMDLINE= and ARGS=: "library.option=value ... -- arguments".
cmdline = {words}

# MiB.
memory = {memory}
vcpus = {vcpus}

# The console has the status, `atoll: exit N`. A panic is a crash.
on_poweroff = "destroy"
on_reboot = "restart"
on_crash = "destroy"      # "preserve" keeps it for `xl dump-core` and xenstore-ls
on_watchdog = "destroy"

# Devices of the host, as far as the image has a library for them:
# vif = [ "bridge=xenbr0" ]
# disk = [ "/path/to/disk.img,raw,xvda,rw" ]
"""


def write(cell, arguments):
    """`make xl-config`: the file for a cell; its path."""
    memory = arguments.mem or "128M"
    check_memory(cell, memory)
    words = " ".join([*([arguments.cmdline] if arguments.cmdline else []),
                      *(["--", arguments.args] if arguments.args else [])])
    path = cell.directory / f"{cell.name}.cfg"
    path.write_text(_COMMENTED.format(
        name=cell.name, file=relative(path), quoted_name=quoted(cell.name),
        kind="".join(f"{line}\n" for line in _kind(cell.arch)),
        image=quoted(str(cell.image.resolve())), words=quoted(words), memory=mebibytes(memory_bytes(memory)),
        vcpus=arguments.cpus or "1"), encoding="utf-8")
    return path
