# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""A real Xen below QEMU: fetching and preparing it, machines, guests under its toolstack."""
