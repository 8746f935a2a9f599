# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Files that are replaced whole or not at all."""

import os
import tempfile


def write_if_changed(path, text):
    """Makes `text` the content of `path`; True where it was not already. A
    reader, or an interruption, never sees a half-written file."""
    try:
        with open(path, encoding="utf-8") as old:
            if old.read() == text:
                return False
    except FileNotFoundError:
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(path)))
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            new.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return True
