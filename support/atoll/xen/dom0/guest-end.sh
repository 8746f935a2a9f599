#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
# guest-end DOMID SECONDS: waits until the domain has ended, and prints Xen's reason for
# it (xen/include/public/sched.h, SHUTDOWN_*); `-` where it still runs, `gone` where there
# is no such domain any more.
# shellcheck disable=SC3045
reason() {
  found="$(xl list -v "$1" 2>/dev/null | awk 'NR == 2 { print $8 }')"
  echo "${found:-gone}"
}

fifo="/run/ended.$$"
mkfifo "$fifo"
# The event is there once at the beginning, then for each domain that ends.
timeout "$2" xenstore-watch @releaseDomain >"$fifo" 2>/dev/null &
watcher=$!
while read -r _; do
  [ "$(reason "$1")" = - ] || break
done <"$fifo"
kill "$watcher" 2>/dev/null
rm "$fifo"
reason "$1"
