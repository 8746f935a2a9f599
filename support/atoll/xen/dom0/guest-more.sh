#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
# guest-more.sh NAME OFFSET SECONDS: prints what the guest's console has from that byte on, as
# soon as there is something. Status 0 while the domain runs; else 10 and Xen's reason
# (SHUTDOWN_*), 9 where there is no such domain any more.
more="/run/more.$1"
next() { tail -c "+$(($2 + 1))" "/var/log/xen/console/guest-$1.log" >"$more" 2>/dev/null; }

# Events that were there the last time say nothing new.
seen=0
[ ! -r "/run/seen.$1" ] || read -r seen <"/run/seen.$1"
exec 3</run/released
count=0
tries=$(($3 * 10))
while [ $tries -gt 0 ]; do
  changed=no
  while read -r _ <&3; do
    count=$((count + 1))
    [ $count -le "$seen" ] || changed=yes
  done
  if [ $changed = yes ]; then
    reason="$(guest-look.sh "$1")"
    if [ "$reason" != - ]; then
      usleep 100000   # for xenconsoled to take the last of its ring
      next "$1" "$2"
      cat "$more"
      [ "$reason" != gone ] || exit 9
      exit $((10 + reason))
    fi
    echo $count >"/run/seen.$1"
    seen=$count
  fi
  next "$1" "$2"
  if [ -s "$more" ]; then
    cat "$more"
    exit 0
  fi
  usleep 100000
  tries=$((tries - 1))
done
