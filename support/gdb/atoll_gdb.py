# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""What gdb needs to know of an image: where it lies at each moment, and what its
structures mean. `make debug` loads it, then what the image's libraries add: a
<library>/gdb.py imports this module.

- `thread_lists`: a scheduler adds a function that gives its threads, as gdb.Values;
- `resume_points`: an architecture adds a function that gives, for the gdb.Value of an
  arch::Context, where its thread will go on: (program counter, frame pointer);
- `page_tables`: an architecture adds its PageTables;
- `heaps`: an allocator adds, by the name of its class, a function that describes one:
  the lines for its gdb.Value;
- `printer`: how values of a type are shown.
"""

import dataclasses
import typing

import gdb
import gdb.printing

_WORD = 1 << 64

thread_lists, resume_points, page_tables, heaps = [], [], [], {}

_printers = gdb.printing.RegexpCollectionPrettyPrinter("atoll")
gdb.printing.register_pretty_printer(None, _printers, replace=True)


@dataclasses.dataclass(frozen=True)
class PageTables:
    """How an architecture translates addresses."""

    root: typing.Callable          # () -> the register with the kernel's table
    address: int                   # the bits of register and entry that are an address
    present: int                   # the bit of an entry that counts
    is_block: typing.Callable      # (entry) -> whether it maps memory above the lowest level
    is_writable: typing.Callable   # (entry) -> bool
    is_executable: typing.Callable # (entry) -> bool


def printer(pattern):
    """A decorator for a class: the pretty-printer of the types whose name the regular
    expression matches. It is made with the gdb.Value, and has to_string()."""
    def register(shown):
        _printers.add_printer(pattern, pattern, shown)
        return shown
    return register


def text_of(function):
    """A pretty-printer that shows what `function` makes of the gdb.Value."""
    class Shown:
        """One value."""

        def __init__(self, value):
            self.value = value

        def to_string(self):
            """The text."""
            return function(self.value)
    return Shown


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
    if int(gdb.parse_and_eval("$pc")) == address and _begins_with_a_jump():
        gdb.execute("stepi", to_string=True)
    return address


def _begins_with_a_jump():
    """A header for loaders of arm64 does, to the entry."""
    return gdb.selected_frame().architecture().name() == "aarch64"


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


def objects(head, type_name, hook):
    """The addresses of the objects in an atl::List, which are of that type and linked by
    that member."""
    of = gdb.lookup_type(type_name)
    offset = next(field.bitpos // 8 for field in of.fields() if field.name == hook)
    for node in nodes(head):
        yield node - offset


def nodes(head):
    """The addresses of the nodes of an atl::List, by the list or its ends; as many as a
    list that is whole may have."""
    end, at = int(head.address), words(int(head.address), 1)[0]
    for _ in range(1_000_000):
        if at in (0, end):
            return
        yield at
        at = words(at, 1)[0]


def late(value):
    """The object inside an atl::Late."""
    return value["room_"].address.cast(value.type.template_argument(0).pointer()).dereference()


class Threads(gdb.Command):
    """atoll-threads [backtrace]: the threads of the image, * before the running one."""

    def __init__(self):
        super().__init__("atoll-threads", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        if not thread_lists:
            raise gdb.GdbError("no scheduler of this image tells its threads")
        for threads in thread_lists:
            for thread in threads():
                _show(thread, argument.strip())


def state_of(thread):
    """What an atl::Thread does: ready, running, waiting, exited."""
    return str(thread["state_"]["_M_i"]).rpartition("::k")[2].lower()


def name_of(thread):
    """The name of an atl::Thread."""
    return thread["name_"]["_M_elems"].string()


def _show(thread, with_backtrace):
    state = state_of(thread)
    running = state == "running"
    frames = list(_frames_here() if running else _frames_of(thread["context"]))
    print(f"{'*' if running else ' '} {int(thread['id_']):3} "
          f"{name_of(thread):15} {state:8} {_place(frames)}")
    if with_backtrace:
        for number, pc in enumerate(frames):
            print(f"      #{number:<2} {_name(pc)} at {_line(pc)}")


def number(value):
    """What is in an atl::Address, PageCount, Nanoseconds or std::atomic, or the integer."""
    while value.type.strip_typedefs().code == gdb.TYPE_CODE_STRUCT:
        value = value[value.type.strip_typedefs().fields()[0]]
    return int(value)


def size(count):
    """That many bytes, for people."""
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if count < 10240 or unit == "GiB":
            return f"{count:,} {unit}"
        count //= 1024
    raise AssertionError("every size has a unit")


def to_virtual(physical):
    """Where the direct map has that physical address."""
    return (physical + number(gdb.parse_and_eval("'atl::direct_map_base'"))) % _WORD


def _place(frames):
    """The innermost function that is not the scheduler's own."""
    names = [_name(pc) for pc in frames] or ["?"]
    own = ("atl::sched::", "atl::WaitQueue::", "atl::arch::")
    return next((name for name in names if not name.startswith(own)), names[-1])


def _name(pc):
    block = gdb.block_for_pc(pc)
    while block is not None and block.function is None:
        block = block.superblock
    if block is not None:
        return block.function.print_name
    return gdb.execute(f"info symbol {pc:#x}", to_string=True).split(" in section")[0]


def _line(pc):
    found = gdb.find_pc_line(pc)
    return f"{found.symtab.filename}:{found.line}" if found.symtab else f"{pc:#x}"


def _frames_here():
    """The program counters of the CPU's own frames, innermost first."""
    frame = gdb.newest_frame()
    while frame is not None and frame.pc():
        if frame.type() != gdb.INLINE_FRAME:
            yield frame.pc() - (1 if frame.newer() else 0)
        frame = frame.older()


def _frames_of(context):
    """Those of a thread that waits, by its frame records, which both architectures lay
    out alike: the caller's record, then the return address."""
    pc, record = resume_points[0](context)
    for _ in range(64):
        if not pc:
            return
        yield pc
        if not record:
            return
        following, pc = words(record, 2)
        pc |= -(pc >> 55 & 1) << 48 & _WORD - 1     # without a signature of arm64's
        pc -= 1 if pc else 0    # inside the call, where the line is
        record = following if following > record else 0


def words(address, count):
    """That many 64-bit words of memory."""
    data = gdb.selected_inferior().read_memory(address, 8 * count).tobytes()
    return [int.from_bytes(data[at:at + 8], "little") for at in range(0, len(data), 8)]


gdb.execute("set backtrace past-main on")
Threads()
Start()
