#!/bin/busybox sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
# shellcheck shell=dash
#
# The first process of the dom0 that prepare.py makes: brings up Xen's toolstack, then
# carries out what comes over the console.
/bin/busybox mount -t proc proc /proc
/bin/busybox --install -s /bin
export PATH=/bin
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts
mount -t devpts devpts /dev/pts

while read -r module; do
  insmod "$module" || echo "dom0: $module does not load"
done </lib/modules/order
mount -t xenfs xenfs /proc/xen
ifconfig lo up

mkdir -p /run/xen /run/xenstored /run/lock
xenstored --pid-file /run/xenstored.pid || echo "dom0: xenstored does not start"
xen-init-dom0 >/run/xen-init-dom0.log 2>&1 || cat /run/xen-init-dom0.log
xenconsoled --log=guest --log-dir=/var/log/xen/console --timestamp=none \
  --pid-file=/run/xenconsoled.pid || echo "dom0: xenconsoled does not start"

# One line at the beginning, then one for each domain that ends.
xenstore-watch @releaseDomain >/run/released 2>/dev/null &

# A guest that computes is not to keep dom0 waiting.
xl sched-credit2 -d 0 -w 65535 || echo "dom0: no more weight than a guest"

serve.sh
poweroff -f
