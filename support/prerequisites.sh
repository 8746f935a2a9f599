#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
# Checks that the packages of support/packages.txt are there, and installs them
# where it may: as root, or with YES=1, or after one question on a terminal.
#
#   prerequisites.sh [--list] GROUP...      groups: run net xen test debug
#
# INSTALL=no never installs. Exit status: 0 all there, 1 something is missing.
set -eu

list="$(dirname "$0")/packages.txt"
show=no
if [ "${1:-}" = --list ]; then
  show=yes
  shift
fi

# Prints the package to install when the proof in $2 fails; nothing otherwise.
# $1 and $2 are alternatives separated by |.
missing() {
  case "$2" in
    -) installed "$1" && return ;;
    python:*) for python in python3 /usr/bin/python3; do
                "$python" -c "import ${2#python:}" 2>/dev/null && return
              done ;;
    /*) [ -e "$2" ] && return ;;
    *) for command in $(echo "$2" | tr '|' ' '); do
         command -v "$command" >/dev/null 2>&1 && return
       done ;;
  esac
  available "$1"
}

# True where one of the alternatives in $1 is installed as a package.
installed() {
  command -v dpkg-query >/dev/null 2>&1 || return 0
  for package in $(echo "$1" | tr '|' ' '); do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' && return 0
  done
  return 1
}

# Prints the first alternative that the package manager knows, else the first.
available() {
  for package in $(echo "$1" | tr '|' ' '); do
    if apt-cache show "$package" >/dev/null 2>&1; then
      echo "$package"
      return
    fi
  done
  echo "${1%%|*}"
}

collect() {
  grep -v '^#' "$list" | while read -r group package proof _; do
    [ -n "$group" ] || continue
    for wanted in "$@"; do
      [ "$group" = "$wanted" ] && missing "$package" "$proof"
    done
  done | sort -u
}

if [ "$show" = yes ]; then
  grep -v '^#' "$list" | while read -r group package proof purpose; do
    for wanted in "$@"; do
      if [ "$group" = "$wanted" ]; then
        printf '%-6s %-36s %s\n' "$group" "$package" "$purpose"
      fi
    done
  done
fi

wanted="$(collect "$@")"
[ -n "$wanted" ] || exit 0
names="$(echo "$wanted" | tr '\n' ' ' | sed 's/ $//')"
echo "Atoll needs these packages, which are not installed:" >&2
echo "$wanted" | sed 's/^/  /' >&2

if ! command -v apt-get >/dev/null 2>&1; then
  echo "this system has no apt-get: install what provides them (support/packages.txt)" >&2
  exit 1
fi
by_hand="apt-get update && apt-get install --no-install-recommends $names"
if [ "${INSTALL:-}" = no ]; then
  echo "INSTALL=no: type  $by_hand" >&2
  exit 1
fi

become=
if [ "$(id -u)" != 0 ]; then
  become=sudo
  if ! command -v sudo >/dev/null 2>&1; then
    echo "type, as root:  $by_hand" >&2
    exit 1
  fi
  if [ "${YES:-}" != 1 ]; then
    if [ ! -t 0 ]; then
      echo "type  make prerequisites YES=1  or, as root:  $by_hand" >&2
      exit 1
    fi
    printf 'Install them with sudo apt-get? [Y/n] ' >&2
    read -r answer
    case "$answer" in
      '' | y | Y | yes) ;;
      *) exit 1 ;;
    esac
  fi
fi

echo "Installing ..." >&2
export DEBIAN_FRONTEND=noninteractive
if ! { $become apt-get update -q && wanted="$(collect "$@")" &&
       echo "$wanted" | xargs $become apt-get install -q -y --no-install-recommends; } >&2; then
  echo "the packages could not be installed: see apt-get's message above; by hand:  $by_hand" >&2
  exit 1
fi
left="$(collect "$@")"
if [ -n "$left" ]; then
  echo "still missing after the installation: $(echo "$left" | tr '\n' ' ')" >&2
  exit 1
fi
