#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
# guest-end.sh NAME SECONDS: waits until the domain has ended, and prints what guest-look.sh
# says of it then.
# Xenstore's event about ended domains, as init.sh notes it.
exec 3</run/released
tries=$(($2 * 10))
changed=yes
while true; do
  while read -r _ <&3; do changed=yes; done
  if [ $changed = yes ]; then
    reason="$(guest-look.sh "$1")"
    [ "$reason" = - ] || break
    changed=no
  fi
  [ $tries -gt 0 ] || break
  usleep 100000
  tries=$((tries - 1))
done
echo "$reason"
