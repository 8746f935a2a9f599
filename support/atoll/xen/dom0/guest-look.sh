#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
# guest-look.sh NAME: prints Xen's reason for the domain's end (xen/include/public/sched.h,
# SHUTDOWN_*), `-` where it runs, `gone` where there is no such domain.
found="$(xl list -v "$1" 2>/dev/null)"
# shellcheck disable=SC2086
set -- $found
# Ten words of headings, then name, id, memory, CPUs, state, time, UUID, reason.
shift 10 2>/dev/null || true
echo "${8:-gone}"
