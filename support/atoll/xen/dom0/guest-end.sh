#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
# guest-end NAME SECONDS: waits until the domain has ended, and prints Xen's reason for it
# (xen/include/public/sched.h, SHUTDOWN_*); `-` where it still runs, `gone` where there is
# no such domain any more.
look() {
  found="$(xl list -v "$1" 2>/dev/null)"
  # shellcheck disable=SC2086
  set -- $found
  # Ten words of headings, then name, id, memory, CPUs, state, time, UUID, reason.
  shift 10 2>/dev/null || true
  reason="${8:-gone}"
}

look "$1"
if [ "$reason" != - ]; then
  echo "$reason"
  exit 0
fi

fifo="/run/ended.$$"
mkfifo "$fifo"
# The event is there once at the beginning, then for each domain that ends.
timeout "$2" xenstore-watch @releaseDomain >"$fifo" 2>/dev/null &
watcher=$!
while read -r _; do
  look "$1"
  [ "$reason" = - ] || break
done <"$fifo"
kill "$watcher" 2>/dev/null
rm "$fifo"
echo "$reason"
