#!/bin/busybox sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
# shellcheck shell=dash
#
# Connects guests' interfaces with the machine's own, by the bridge `guests`.
set -e
while read -r module; do
  insmod "$module"
done </lib/modules/network
# Dom0 itself has nothing to say.
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6
ifconfig eth0 up
brctl addbr guests
brctl addif guests eth0
ifconfig guests up
