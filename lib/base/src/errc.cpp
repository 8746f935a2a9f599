// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/errc.hpp>

namespace atl {
namespace {

// One text instead of a table of pointers, which would cost a relocation each:
// the value as a character, the name, a NUL; a NUL for a value ends it.
constexpr char kNames[] =
    "\1not permitted\0"
    "\2no such entry\0"
    "\4interrupted\0"
    "\5input/output error\0"
    "\6no such device or address\0"
    "\7too big\0"
    "\11bad descriptor\0"
    "\13try again\0"
    "\14out of memory\0"
    "\15access denied\0"
    "\16bad address\0"
    "\20busy\0"
    "\21exists\0"
    "\23no such device\0"
    "\26invalid argument\0"
    "\34no space left\0"
    "\41out of domain\0"
    "\42out of range\0"
    "\43deadlock\0"
    "\44name too long\0"
    "\46not implemented\0"
    "\75no data\0"
    "\107protocol error\0"
    "\112bad message\0"
    "\113overflow\0"
    "\137not supported\0"
    "\156timed out\0"
    "\162already under way\0"
    "\175cancelled\0";

}  // namespace

const char* to_string(Errc error) {
  for (const char* at = kNames; *at != 0;) {
    const int value = *at++;
    if (value == static_cast<int>(error)) return at;
    while (*at++ != 0) {
    }
  }
  return "unknown error";
}

}  // namespace atl
