#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
# What a newcomer meets: a bare Debian with git and make, a fresh clone, and the
# README's two commands, timed. As root; needs debootstrap.
#
#   tests/bare_machine.sh SUITE FOLDER      for example: bookworm /var/tmp/bare
#
# FOLDER gets the system and stays, with a log per command; `rm -r` removes it.
# Packages come from the mirror that this machine's apt uses.
set -eu

if [ $# != 2 ]; then
  sed -n '4,11s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
suite=$1 folder=$2
checkout=$(cd "$(dirname "$0")/.." && pwd)
if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null 2>&1; then
  echo "bare_machine.sh: run it as root where debootstrap is installed" >&2
  exit 2
fi
# shellcheck disable=SC2016
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)
system=$folder/$suite

mkdir -p "$folder"
echo "setting up $suite ..."
debootstrap --variant=minbase --include=git,make,ca-certificates "$suite" "$system" "$mirror" \
  >"$folder/$suite.debootstrap.log" 2>&1
cp /etc/apt/apt.conf.d/* "$system/etc/apt/apt.conf.d/"
cp /etc/resolv.conf /etc/hosts "$system/etc/"
git clone -q "$checkout" "$system/root/atoll"

mount -t proc proc "$system/proc"
mkdir -p "$system/dev/pts"
mount -t devpts -o ptmxmode=666 devpts "$system/dev/pts"
ln -sf pts/ptmx "$system/dev/ptmx"
mount -t tmpfs tmpfs "$system/dev/shm" 2>/dev/null || mkdir -p "$system/dev/shm"
trap 'umount "$system/proc" "$system/dev/pts"; umount "$system/dev/shm" 2>/dev/null || true' EXIT

# Runs a command in the clone; prints its seconds and status.
timed() {
  name=$1
  shift
  start=$(date +%s)
  status=0
  chroot "$system" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    sh -c 'cd /root/atoll && exec "$@"' sh "$@" >"$folder/$suite.$name.log" 2>&1 || status=$?
  echo "$suite: $*: status $status after $(($(date +%s) - start)) s ($folder/$suite.$name.log)"
  return "$status"
}

timed first-run make run
timed second-run make run
timed test make test
