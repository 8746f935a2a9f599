# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""A Xen with its toolstack in QEMU: a Linux dom0 that creates guests with xl.

    with Toolstack("x86_64", {"hello": path}) as xen:
        guest = xen.create("first", "hello", words="-- hello")
        print(guest.wait(20), guest.console())
"""

import contextlib
import itertools
import os
import re
import select
import shlex
import signal
import subprocess
import time

from .. import qemu_devices
from ..errors import Mistake
from ..launch import Files
from ..monitor import end_with_us
from . import device_tree, line, machines, prepare
from .cpio import Archive
from .guest import Guest
from .xl_config import xl_config

# A Linux as a PV dom0 does not start on a CPU with SMAP. PVH guests need nested page tables,
# as Debian's Xen has no others, and xl waits for seconds where there is no rdrand.
_CPUS = {"x86_64": "qemu64,+svm,+npt,+rdrand", "arm64": "cortex-a57"}
# Bytes of memory: dom0's own, what it takes of Xen's, and what is there for guests.
_DOM0 = {"x86_64": 192 << 20, "arm64": 256 << 20}
_GUESTS = 512 << 20

# The machine's own interface, which dom0 has a driver for (initramfs.py).
_DEVICE = "e1000,romfile="


_FILES = "/images"    # in dom0

BRIDGE = "guests"     # that has the way out, where there is one


def vifs(*bridges):
    """What xl is told of a guest's interfaces, each on the bridge of that name, which comes to
    be by it (xl-network-configuration(5))."""
    each = [f'"script=/bin/vif.sh,bridge={bridge}"' for bridge in bridges]
    return f"vif = [ {', '.join(each)} ]"


VIF = vifs(BRIDGE)


def ramdisk(name):
    """What xl is told of a guest's initial RAM disk, which is that file of the Toolstack's
    (xl.cfg(5))."""
    return f'ramdisk = "{_FILES}/{name}"'


_BOOT_SECONDS = 120
_BUSY_SECONDS = 60    # for what takes a moment, on a host that has more to do
_STUCK_SECONDS = 4
_TAIL = 30     # lines of the log that an error carries
_DEAD = re.compile(rb"\(XEN\) (?:Hardware Dom0 |Panic on CPU )|Kernel panic - not syncing")


class Toolstack:
    """One boot of Xen and dom0; leaving the context ends it, and all guests with it."""

    def __init__(self, arch, images, memory=_GUESTS, cpus=1, sources=None,
                 interface=None, bridge=False):
        """`images` are the files that guests can be made of, by names that create() and ramdisk()
        take;
        `memory` is what the guests have together. The guests' interfaces (vifs(), as `extra` of
        create()) lead to others on the same bridge, on BRIDGE also where the Interface does; with a
        `bridge` alone they have no way out of dom0."""
        self.arch, self.images = arch, dict(images)
        self.log = bytearray()         # everything that came over the serial line
        self._memory, self._cpus, self._sources = memory, cpus, sources
        self._interface, self._bridge = interface, bridge
        self._lines, self._numbers = line.Lines(), itertools.count(1)
        self._waiting = []             # whole lines that nobody has taken
        self.process = self._files = None

    def __enter__(self):
        self._files = Files()
        self.process = subprocess.Popen(   # in a session of its own: ctrl-C is ours, who end it
            self._command(self._files.path), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=end_with_us)
        try:
            self._until(lambda text: text == line.READY or None, _BOOT_SECONDS, "dom0 to start")
            if self._interface or self._bridge:
                self._connect()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_):
        self._end()

    def _connect(self):
        status, said = self.shell(f"network.sh {'eth0' if self._interface else ''}",
                                  _BUSY_SECONDS)
        if status != 0:
            raise self._failure(f"dom0 has no network: {said.decode(errors='replace').strip()}")

    def create(self, name, image, words="", memory=32, vcpus=1, extra="", before=""):
        """Starts a guest of the image: `memory` in MiB, `extra` more lines of xl's
        configuration, `before` a script that dom0 runs before the guest does, with the
        guest's number as $domid. Mistake where xl refuses. A domain that has ended stays, for its
        xenstore nodes to be read, until destroy()."""
        if image not in self.images:
            raise Mistake(f"there is no image {image} in this Toolstack; there is "
                          f"{', '.join(self.images)}")
        if not re.fullmatch(r"[\w.-]+", name):
            raise Mistake(f"{name!r} is no name for a guest: letters, digits, `.`, `_` and `-`")
        text = xl_config(self.arch, name, f"{_FILES}/{image}", words, memory=memory, vcpus=vcpus,
                         at_end="preserve", extra=extra)
        place, console = f"/run/{name}.cfg", f"/var/log/xen/console/guest-{name}.log"
        paused, start = "", ""
        if before:
            paused = "p"
            start = (f" && domid=$(xl domid {shlex.quote(name)}) && {{ {before}\n}} && "
                     f"xl unpause {shlex.quote(name)}")
        # A guest of the same name may have been there before.
        status, said = self.shell(f"cat >{shlex.quote(place)} <<'atoll-end'\n{text}\natoll-end\n"
                                  f"rm -f {shlex.quote(console)} /run/seen.{name}\n"
                                  # Nothing waits in dom0 for its end: it is to stay.
                                  f"xl create -qe{paused} {shlex.quote(place)}{start}", 60)
        if status != 0:
            raise Mistake(f"xl does not create the guest {name}: "
                          f"{said.decode(errors='replace').strip()}", status=1)
        return Guest(self, name, console)

    def shell(self, command, timeout=20):
        """Runs a shell command in dom0: (status, output and errors as bytes). One that takes
        longer than `timeout` seconds is ended there, with status TIMED_OUT."""
        number = next(self._numbers)
        for one, confirmation in line.request(number, command, max(1, round(timeout))):
            self._say(one, confirmation)
        limit = timeout + _BUSY_SECONDS
        for tries in range(3):
            answer = line.Answer(number)
            try:
                return self._until(answer.feed, limit, f"dom0 to run {command.splitlines()[0]!r}")
            except line.Damaged as what:
                if tries == 2 or str(what) == "the script":
                    raise self._failure(f"the line to dom0 lost characters of {what}") from None
                self._send(line.AGAIN)
        raise AssertionError("not reached")

    def _say(self, text, confirmation):
        """Sends a line until it is confirmed: now and then one is stuck on its way, until
        something follows."""
        heard = lambda said: said == confirmation or None
        for tries in range(_BUSY_SECONDS // _STUCK_SECONDS):
            self._send(b"\n" + text if tries else text)
            last = tries + 1 == _BUSY_SECONDS // _STUCK_SECONDS
            if self._until(heard, _STUCK_SECONDS, "dom0 to listen", must=last):
                return

    def _command(self, folder):
        prepared = prepare.toolstack(self.arch, self._sources)
        root = folder / "root"
        images = Archive()
        images.folder(_FILES[1:])
        for name, path in self.images.items():
            images.copy(f"{_FILES[1:]}/{name}", path)
        with open(root, "wb") as file:
            file.write((prepared / prepare.INITRAMFS).read_bytes())
            file.write(images.content())
        words = {"x86_64": _command_x86_64, "arm64": _command_arm64}[self.arch]
        size = _DOM0[self.arch] + 2 * root.stat().st_size
        command = words(prepared, root, size, self._memory, self._cpus)
        return command + (qemu_devices.connected(self._interface, _DEVICE) if self._interface else [])

    def _send(self, data):
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        except BrokenPipeError:
            raise self._failure("QEMU has ended") from None

    def _until(self, wanted, seconds, what, must=True):
        """What `wanted` makes of the first line that it makes something of; where there is
        none in that time, Mistake, or None where it `must` not be."""
        deadline = time.monotonic() + seconds
        while True:
            while self._waiting:
                if (found := wanted(self._waiting.pop(0))) is not None:
                    return found
            left = deadline - time.monotonic()
            if left <= 0:
                if not must:
                    return None
                raise self._failure(f"waited {seconds:g} s for {what}")
            if not select.select([self.process.stdout], [], [], left)[0]:
                continue
            piece = os.read(self.process.stdout.fileno(), 65536)
            self.log += piece
            if not piece:
                raise self._failure("QEMU has ended")
            if found := _DEAD.search(self.log[-len(piece) - 80:]):
                self._drain()
                raise self._failure("dom0 is dead")
            self._waiting += self._lines.feed(piece)

    def _drain(self):
        """Takes what comes within a moment: the reason follows the first sign."""
        deadline = time.monotonic() + 1
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([self.process.stdout], [], [], left)[0]:
                return
            piece = os.read(self.process.stdout.fileno(), 65536)
            if not piece:
                return
            self.log += piece

    def _failure(self, what):
        lines = self.log.decode(errors="replace").replace("\r", "").splitlines()
        said = "\n  ".join(lines[-_TAIL:])
        return Mistake(f"Xen's toolstack for {self.arch}: {what}; the last that was heard:\n"
                       f"  {said}", status=1)

    def _end(self):
        process = self.process
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        self._files = None


# Without what a real computer's Linux does to be safe from guests, and from itself.
_LINUX = ("console=hvc0 quiet loglevel=3 mitigations=off cryptomgr.notests apparmor=0 audit=0 "
          "noresume")


def _command_x86_64(prepared, root, dom0, guests, cpus):
    kib = dom0 >> 10
    xen = f"{machines.XEN_WORDS['x86_64']} dom0_mem={kib}K,max:{kib}K serial_tx_buffer=1M"
    # A module's name ends at a blank, the list at a comma.
    link = root.with_name("linux")
    link.symlink_to(prepared / prepare.KERNEL)
    return [*machines.qemu("x86_64", dom0 + guests + (192 << 20), cpus, "pc",
                           _CPUS["x86_64"]),
            "-serial", "stdio", "-kernel", str(prepared / prepare.HYPERVISOR), "-append", xen,
            "-initrd", f"{link} {_LINUX},{root}"]


def _command_arm64(prepared, root, dom0, guests, cpus):
    start = machines.qemu("arm64", 2 * dom0 + guests + (512 << 20), cpus,
                          machines.ARM64_MACHINE, _CPUS["arm64"])
    # Xen takes a whole number of these for a domain whose memory is where it is for real.
    size = -(-dom0 // (128 << 20)) * 128
    xen = f"{machines.XEN_WORDS['arm64'].replace(' conswitch=ax', '')} dom0_mem={size}M"
    kernel = prepared / prepare.KERNEL
    nodes = [f"xen,dom0-bootargs = {device_tree.quoted(_LINUX)};",
             device_tree.module("kernel", device_tree.KERNEL_ADDRESS, kernel.stat().st_size),
             device_tree.module("ramdisk", device_tree.RAMDISK_ADDRESS, root.stat().st_size)]
    source = device_tree.patched(device_tree.of_machine(tuple(start)), xen, nodes)
    tree = root.with_name("tree")
    tree.write_bytes(device_tree.compiled(source))
    return [*start, "-serial", "stdio", "-dtb", str(tree),
            "-kernel", str(prepared / prepare.HYPERVISOR),
            "-device", machines.loader(kernel, device_tree.KERNEL_ADDRESS),
            "-device", machines.loader(root, device_tree.RAMDISK_ADDRESS)]
