# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The matrix of image tests: which test runs in which cell, declared once."""

from .cmake import quote

CELLS = (("kvm", "x86_64"), ("kvm", "arm64"))


def ctest_lines(request):
    """CMake text that registers every image test."""
    return []
