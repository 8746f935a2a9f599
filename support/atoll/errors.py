# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""How a command says that the user, the tree or the machine is at fault."""

import os


class Mistake(Exception):
    """One sentence for the user, with its remedy; ends a command with `status`."""

    def __init__(self, message, where=None, status=2):
        self.where = where
        self.status = status
        super().__init__(f"{relative(where)}: {message}" if where else message)


def relative(place):
    """`path` or `path:line` as seen from the current folder, where shorter."""
    path, separator, line = str(place).partition(":")
    shorter = os.path.relpath(path)
    return (shorter if len(shorter) < len(path) else path) + separator + line


def find_line(path, text):
    """`path:line` of the first line of `path` with the word `text`, else `path`."""
    try:
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                words = line.replace("(", " ").replace(")", " ").replace('"', " ").split()
                if text in words or text == line.strip():
                    return f"{path}:{number}"
    except OSError:
        pass
    return str(path)
