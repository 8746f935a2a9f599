// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Texts for those of Linux's errors that newlib's strerror() has none for; it
// calls _user_strerror() for them.

namespace {

// One text instead of a table of pointers, which would cost a relocation each:
// the number as a character, the text, a NUL; a NUL for a number ends it.
constexpr char kTexts[] =
    "\x2c" "Channel number out of range\0"
    "\x2d" "Level 2 not synchronized\0"
    "\x2e" "Level 3 halted\0"
    "\x2f" "Level 3 reset\0"
    "\x30" "Link number out of range\0"
    "\x31" "Protocol driver not attached\0"
    "\x32" "No CSI structure available\0"
    "\x33" "Level 2 halted\0"
    "\x34" "Invalid exchange\0"
    "\x35" "Invalid request descriptor\0"
    "\x36" "Exchange full\0"
    "\x37" "No anode\0"
    "\x38" "Invalid request code\0"
    "\x39" "Invalid slot\0"
    "\x3b" "Bad font file format\0"
    "\x49" "RFS specific error\0"
    "\x4c" "Name not unique on network\0"
    "\x4d" "File descriptor in bad state\0"
    "\x4e" "Remote address changed\0"
    "\x55" "Interrupted system call should be restarted\0"
    "\x57" "Too many users\0"
    "\x60" "Protocol family not supported\0"
    "\x6d" "Too many references\0"
    "\x74" "Stale file handle\0"
    "\x75" "Structure needs cleaning\0"
    "\x76" "Not a XENIX named type file\0"
    "\x77" "No XENIX semaphores available\0"
    "\x78" "Is a named type file\0"
    "\x79" "Remote I/O error\0"
    "\x7a" "Disk quota exceeded\0"
    "\x7b" "No medium found\0"
    "\x7c" "Wrong medium type\0"
    "\x7e" "Required key not available\0"
    "\x7f" "Key has expired\0"
    "\x80" "Key has been revoked\0"
    "\x81" "Key was rejected by service\0"
    "\x84" "Operation not possible due to RF-kill\0"
    "\x85" "Memory page has hardware error\0";

}  // namespace

extern "C" const char* _user_strerror(int number, int, int*) {
  for (const char* at = kTexts; *at != 0;) {
    const int here = static_cast<unsigned char>(*at++);
    if (here == number) return at;
    while (*at++ != 0) {
    }
  }
  return nullptr;
}
