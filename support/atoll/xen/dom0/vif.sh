#!/bin/busybox sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
# shellcheck shell=dash
#
# What xl runs for a guest's interface (xl-network-configuration(5), script):
# $1 is what has become of it, `vif` its name, XENBUS_PATH its node. Linux's backend waits for
# hotplug-status (drivers/net/xen-netback/xenbus.c).
set -e
if [ "$1" = online ]; then
  ifconfig "${vif:?}" up
  brctl addif guests "$vif"
  xenstore-write "${XENBUS_PATH:?}/hotplug-status" connected
fi
