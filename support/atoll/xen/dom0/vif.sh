#!/bin/busybox sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
# shellcheck shell=dash
#
# What xl runs for a guest's interface (xl-network-configuration(5), script):
# $1 is what has become of it, `vif` its name, XENBUS_PATH its node, with the name of its bridge.
# Linux's backend waits for hotplug-status (drivers/net/xen-netback/xenbus.c).
set -e
if [ "$1" = online ]; then
  bridge=$(xenstore-read "${XENBUS_PATH:?}/bridge")
  # Somebody else may make it at the same time.
  [ -d "/sys/class/net/$bridge" ] || brctl addbr "$bridge" 2>/dev/null || true
  ifconfig "$bridge" up
  ifconfig "${vif:?}" up
  brctl addif "$bridge" "$vif"
  xenstore-write "$XENBUS_PATH/hotplug-status" connected
fi
