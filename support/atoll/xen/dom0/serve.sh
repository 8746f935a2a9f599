#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
# Carries out scripts that come over the console, the protocol of line.py:
#
#   +TEXT              a line of the script, in base64; confirmed by `@+`
#   !ID SECONDS MD5    runs it, where its base64 has that sum; answered by the output as
#                      lines `@=BASE64`, then `@!ID STATUS MD5`, the sum of the output
#   ?                  the last answer once more
cd /
stty raw -echo
: >/run/request
echo "@ready"
while IFS= read -r line; do
  case $line in
    +*)
      echo "${line#+}" >>/run/request
      echo "@+"
      ;;
    !*)
      # shellcheck disable=SC2086
      set -- ${line#!}
      : >/run/output
      if [ "$(md5sum </run/request)" = "$3  -" ]; then
        base64 -d </run/request >/run/script
        timeout -s KILL "$2" setsid sh /run/script >/run/output 2>&1 </dev/null
        status=$?
      else
        status=damaged
      fi
      : >/run/request
      {
        base64 </run/output | sed 's/^/@=/'
        echo "@!$1 $status $(md5sum </run/output)"
      } >/run/answer
      cat /run/answer
      ;;
    \?) cat /run/answer ;;
  esac
done
