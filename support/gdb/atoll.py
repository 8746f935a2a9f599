# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What gdb needs to know of an image: where it lies at each moment, and what its
structures mean. `make debug` loads it; libraries add their own (<library>/gdb.py)."""

import gdb

_WORD = 1 << 64


class Image:
    """The image under the debugger. It begins where the loader put it; its entry picks
    the base that it runs at, and writes it down before it goes there."""

    def __init__(self, symbols, link_base):
        self.symbols, self.link_base = symbols, link_base

    def move(self, base):
        """Takes the symbols as those of an image whose first byte is at `base`."""
        gdb.execute(f"symbol-file -o {(base - self.link_base) % _WORD:#x} {self.symbols}",
                    to_string=True)


class _Moved(gdb.Breakpoint):
    """Sees the entry write down the base that the image will run at."""

    def __init__(self, image, address):
        self.image, self.address = image, address
        super().__init__(f"*(unsigned long *) {address:#x}", gdb.BP_WATCHPOINT, gdb.WP_WRITE,
                         internal=True)
        self.silent = True

    def stop(self):
        """Goes on; from here on the symbols are those of the final place."""
        base = int(gdb.parse_and_eval(f"*(unsigned long *) {self.address:#x}"))
        if base:
            self.image.move(base)
            self.enabled = False
        return False


class Start(gdb.Command):
    """atoll-start SYMBOLS LINK_BASE [LOADED]: from the monitor's reset to the first
    instruction of the image, whose first byte is at the physical address LOADED; else
    there where the monitor's own few instructions jump to."""

    def __init__(self):
        super().__init__("atoll-start", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        symbols, link_base, *loaded = gdb.string_to_argv(argument)
        image = Image(symbols, int(link_base, 0))
        image.move(_run_to(int(loaded[0], 0)) if loaded else _step_out())
        written = gdb.parse_and_eval("&'atl::(anonymous namespace)::the_boot_info'.image_base")
        _Moved(image, int(written))
        gdb.execute("frame")


def _run_to(address):
    first = gdb.Breakpoint(f"*{address:#x}", gdb.BP_HARDWARE_BREAKPOINT, internal=True)
    first.silent = True
    gdb.execute("continue", to_string=True)
    first.delete()
    return address


def _step_out():
    """QEMU's boot code for arm64 (hw/arm/boot.c, bootloader_aarch64) lies in one page."""
    reset = int(gdb.parse_and_eval("$pc"))
    for _ in range(64):
        gdb.execute("stepi", to_string=True)
        at = int(gdb.parse_and_eval("$pc"))
        if at >> 12 != reset >> 12:
            gdb.execute("stepi", to_string=True)   # the header's jump to the entry
            return at
    raise gdb.GdbError("the monitor did not enter the image")


gdb.execute("set backtrace past-main on")
Start()
