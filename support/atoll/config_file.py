# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Configuration files: what they say, under today's names, and what of it makes no sense."""

import re
import typing

import kconfiglib

from .errors import Mistake, relative

_ASSIGNMENT = re.compile(r"CONFIG_(\w+)=(.*)")
_UNSET = re.compile(r"# CONFIG_(\w+) is not set")
_WAS = re.compile(r"\s*# was: +(.*)")
_CONFIG = re.compile(r"\s*(?:menu)?config +(\w+)")


class Assignment(typing.NamedTuple):
    """NAME=value, and where that was said."""

    name: str
    value: str
    place: str


class Complaint(typing.NamedTuple):
    """A sentence about one line."""

    place: str
    sentence: str


def read(path):
    """(assignments, complaints) of the lines of a configuration file; Mistake where it is
    no file of text."""
    said, complaints = [], []
    for number, line in enumerate(_lines(path), 1):
        place = f"{path}:{number}"
        assignment, unset = _ASSIGNMENT.fullmatch(line), _UNSET.fullmatch(line)
        if assignment:
            said.append(Assignment(assignment[1], assignment[2], place))
        elif unset:
            said.append(Assignment(unset[1], "n", place))
        elif line and not line.startswith("#"):
            complaints.append(Complaint(place, f"{_short(line)} is no assignment; write "
                                               "CONFIG_NAME=value"))
    return said, complaints


def _lines(path):
    """The lines without what ends them; the mark that some editors begin with is none."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise Mistake(f"cannot be read: {error.strerror}; `make defconfig` writes a fresh .config "
                      "once it is out of the way", path) from None
    try:
        return [line.strip() for line in content.decode("utf-8-sig").splitlines()]
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Mistake("is no text, so no configuration; `make defconfig` writes a fresh .config "
                      "once it is out of the way", f"{path}:{line}") from None


def _short(text):
    return repr(text if len(text) <= 40 else text[:40] + "...")


def renames(files):
    """Former name to today's, from the lines `# was: FORMER ...` above the `config` that
    carries the name today, in the Kconfig files `files`; Mistake for one that stands above
    none, or is given twice."""
    found = {}
    for path in files:
        with open(path, encoding="utf-8") as lines:
            pending, place = [], None
            for number, line in enumerate(lines, 1):
                was, config = _WAS.match(line), _CONFIG.match(line)
                if was:
                    pending, place = pending + was[1].split(), f"{path}:{number}"
                elif pending and not config:
                    raise Mistake("`# was:` stands above no config line", place)
                elif pending:
                    for former in pending:
                        if found.setdefault(former, config[1]) != config[1]:
                            raise Mistake(f"{former} cannot have become {config[1]}: it is "
                                          f"{found[former]} already", place)
                    pending = []
            if pending:
                raise Mistake("`# was:` stands above no config line", place)
    return found


def under_todays_names(said, kconf, renamed):
    """`said` with the symbols' names of today, and a note about each that had another."""
    result, notes = [], []
    for one in said:
        name = renamed.get(one.name) if one.name not in kconf.syms else None
        if name:
            notes.append(Complaint(one.place, f"{one.name} is called {name} now"))
        result.append(one._replace(name=name) if name else one)
    return result, notes


def judge(said, kconf, close):
    """(what of the assignments makes sense, complaints about the rest); `close(name)` is
    the hint at a name like an unknown one. Of two lines that exclude each other the last
    is the one that makes sense."""
    kept, complaints, later, chosen = [], [], {}, {}
    for one in reversed(said):
        symbol = kconf.syms.get(one.name)
        sentence = (_unknown(one, symbol, close) or _of_another_type(one, symbol)
                    or _out_of_range(one, symbol) or _again(one, symbol, later, chosen))
        if sentence:
            complaints.append(Complaint(one.place, sentence))
            continue
        later[one.name] = one
        if symbol.choice and one.value == "y":
            chosen[symbol.choice] = one
        kept.append(one._replace(value=_value(one, symbol)))
    return kept[::-1], complaints[::-1]


def _unknown(one, symbol, close):
    if symbol is None or not symbol.nodes:
        return f"unknown symbol {one.name}{close(one.name)}"
    return None


_FORMS = {kconfiglib.BOOL: (r"[yn]", "write y or n"),
          kconfiglib.INT: (r"-?[0-9]+", "write a number"),
          kconfiglib.HEX: (r"(0[xX])?[0-9a-fA-F]+", "write a number such as 0x1f"),
          kconfiglib.STRING: (r'"([^"\\]|\\.)*"', "write it in double quotes")}


def _of_another_type(one, symbol):
    form, remedy = _FORMS.get(symbol.type, (".*", ""))
    if re.fullmatch(form, one.value):
        return None
    return (f"{one.name} is of type {kconfiglib.TYPE_TO_STR[symbol.type]} and cannot be "
            f"{_short(one.value)}; {remedy}")


def _out_of_range(one, symbol):
    """Outside of every range that the symbol has under some condition: what only another
    condition allows is a matter of the other choices."""
    ranges = ranges_of(symbol)
    if not ranges or any(low <= _number(one.value, symbol) <= high for low, high in ranges):
        return None
    return f"{one.name}={one.value} is out of range; write {allowed(symbol)}"


def allowed(symbol):
    """The ranges of a number, for people."""
    conditions = [kconfiglib.expr_str(condition) for _, _, condition in symbol.orig_ranges]
    return " or ".join(f"{low} to {high}" + (f" where {condition}" if condition != "y" else "")
                       for (low, high), condition in zip(ranges_of(symbol), conditions))


def ranges_of(symbol):
    """Every (least, greatest) value of a number, whatever the condition."""
    return [(_number(low.str_value, symbol), _number(high.str_value, symbol))
            for low, high, _ in symbol.ranges]


def _number(text, symbol):
    return int(text or "0", 16 if symbol.type == kconfiglib.HEX else 10)


def _again(one, symbol, later, chosen):
    if one.name in later and later[one.name].value != one.value:
        return f"{one.name} is given another value further down; keep one of the lines"
    if symbol.choice and one.value == "y" and chosen.get(symbol.choice, one).name != one.name:
        return (f"{one.name} and {chosen[symbol.choice].name} exclude each other; keep one of "
                "the lines")
    return None


def _value(one, symbol):
    if symbol.type == kconfiglib.STRING:
        return kconfiglib.unescape(one.value[1:-1])
    return one.value


def refuse(complaints, remedy):
    """Mistake over all of them, each with its file and line; `remedy` about {0}."""
    if len(complaints) == 1:
        raise Mistake(complaints[0].sentence + remedy.format("it"), complaints[0].place)
    listed = "".join(f"\n  {relative(place)}: {sentence}" for place, sentence in complaints)
    raise Mistake(f"{len(complaints)} lines make no sense{remedy.format('them')}:{listed}")
