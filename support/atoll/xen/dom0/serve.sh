#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
# Carries out scripts that come over the console, the protocol of line.py:
#
#   +N TEXT               line N of the script, in base64; confirmed by `@+N`
#   !ID SECONDS LENGTH    runs it, where that is its base64's length; confirmed by `@>ID`,
#                         then answered by the output as lines `@=BASE64`, and `@!ID STATUS
#                         LENGTH`, the length of these
#   ?                     the last answer once more
#
# A line may come twice, when the first was thought to be lost.
#
# What starts no process here is what makes it quick: this computer is emulated.
cd /
stty raw -echo
request=
next=1
last=
answer=
echo "@ready"
while IFS= read -r line; do
  case $line in
    +*)
      number="${line%% *}"
      if [ "$number" = "+$next" ]; then
        request="$request${line#* }"
        next=$((next + 1))
      fi
      echo "@$number"
      ;;
    !*)
      # shellcheck disable=SC2086
      set -- ${line#!}
      echo "@>$1"
      if [ "$1" = "$last" ]; then
        echo "$answer"
        continue
      fi
      last="$1"
      text=
      if [ ${#request} = "$3" ]; then
        echo "$request" | base64 -d >/run/script
        timeout -s KILL "$2" sh /run/script >/run/output 2>&1 </dev/null
        status=$?
        [ ! -s /run/output ] || text="$(base64 -w 0 </run/output)"
      else
        status=damaged
      fi
      request=
      next=1
      answer="@!$1 $status ${#text}"
      [ -z "$text" ] || answer="@=$text
$answer"
      echo "$answer"
      ;;
    \?) echo "$answer" ;;
  esac
done
