// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Texts for those of Linux's errors that newlib's strerror() has none for; it
// calls _user_strerror() for them.

namespace {

// One text instead of a table of pointers, which would cost a relocation each:
// the number as a character, the text, a NUL; a NUL for a number ends it.
constexpr char kTexts[] =
    "\054Channel number out of range\0"
    "\055Level 2 not synchronized\0"
    "\056Level 3 halted\0"
    "\057Level 3 reset\0"
    "\060Link number out of range\0"
    "\061Protocol driver not attached\0"
    "\062No CSI structure available\0"
    "\063Level 2 halted\0"
    "\064Invalid exchange\0"
    "\065Invalid request descriptor\0"
    "\066Exchange full\0"
    "\067No anode\0"
    "\070Invalid request code\0"
    "\071Invalid slot\0"
    "\073Bad font file format\0"
    "\111RFS specific error\0"
    "\114Name not unique on network\0"
    "\115File descriptor in bad state\0"
    "\116Remote address changed\0"
    "\125Interrupted system call should be restarted\0"
    "\127Too many users\0"
    "\140Protocol family not supported\0"
    "\155Too many references\0"
    "\164Stale file handle\0"
    "\165Structure needs cleaning\0"
    "\166Not a XENIX named type file\0"
    "\167No XENIX semaphores available\0"
    "\170Is a named type file\0"
    "\171Remote I/O error\0"
    "\172Disk quota exceeded\0"
    "\173No medium found\0"
    "\174Wrong medium type\0"
    "\176Required key not available\0"
    "\177Key has expired\0"
    "\200Key has been revoked\0"
    "\201Key was rejected by service\0"
    "\204Operation not possible due to RF-kill\0"
    "\205Memory page has hardware error\0";

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
