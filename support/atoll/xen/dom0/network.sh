#!/bin/busybox sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
# shellcheck shell=dash
#
# network.sh [INTERFACE]: what guests' interfaces need, and the bridge `guests`, with the way out
# by the machine's own INTERFACE.
set -e
while read -r module; do
  insmod "$module"
done </lib/modules/network
# Dom0 itself has nothing to say.
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
brctl addbr guests
if [ -n "$1" ]; then
  echo 1 >"/proc/sys/net/ipv6/conf/$1/disable_ipv6"
  ifconfig "$1" up
  brctl addif guests "$1"
fi
ifconfig guests up
