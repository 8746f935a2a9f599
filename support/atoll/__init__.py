# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
"""The build's own parts: configuration, composition, reports, runners."""
