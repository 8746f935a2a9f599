# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""For support/gdb/atoll_gdb.py: the types that everything is made of."""

import gdb

import atoll_gdb
from atoll_gdb import number, printer, text_of

printer(r"^atl::(Address<.*>|VirtAddr|PhysAddr)$")(text_of(lambda value: f"{number(value):#x}"))
printer("^atl::PageCount$")(text_of(lambda value: f"{number(value):,} pages"))
printer("^atl::Nanoseconds$")(text_of(lambda value: f"{number(value):,} ns"))
printer("^atl::PhysRange$")(text_of(
    lambda value: f"{number(value['start']):#x} + {atoll_gdb.size(int(value['size']))}"))


@printer("^std::(__cxx11::)?basic_string_view<char, .*>$")
class Text:
    """A std::string_view."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        """The text, as far as it is there."""
        return self.value["_M_str"].lazy_string(length=int(self.value["_M_len"]))

    def display_hint(self):
        """Shown in quotes."""
        return "string"


@printer("^atl::Result<.*>$")
class Result:
    """Success with its value, or the error."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        """`ok`, or `error kNoMemory`."""
        plain = self.value.type.template_argument(0).code == gdb.TYPE_CODE_VOID
        code = self.value["error_"] if plain else self.value["room_"]["error"]
        if int(code):
            return f"error {str(code).rpartition('::')[2]}"
        return "ok" if plain else f"ok {self.value['room_']['value']}"


@printer("^atl::Late<.*>$")
class Late:
    """The object inside, or that there is none yet."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        """Its state."""
        return "created" if self.value["created_"] else "not created"

    def children(self):
        """The object."""
        if self.value["created_"]:
            yield "object", atoll_gdb.late(self.value)


@printer("^atl::List<.*>$")
class List:
    """The elements."""

    def __init__(self, value):
        self.value = value
        self.of = value.type.strip_typedefs().template_argument(0)

    def to_string(self):
        """How many."""
        count = sum(1 for _ in atoll_gdb.nodes(self.value["ends_"]))
        return f"list of {count}"

    def children(self):
        """Each element, where the debugging information tells its hook's place."""
        hook = self.value.type.strip_typedefs().template_argument(1)
        for index, node in enumerate(atoll_gdb.nodes(self.value["ends_"])):
            try:
                offset = int(hook)
            except gdb.error:
                return
            yield f"[{index}]", gdb.Value(node - offset).cast(self.of.pointer()).dereference()

