# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""Third-party sources: how they are fetched, kept and built."""
