// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

namespace atl {

/// What went wrong. Every value equals Linux's errno of the same name
/// (Linux man-pages, errno(3); asm-generic/errno-base.h and errno.h), so that
/// the POSIX doors hand it on without a table.
enum class Errc : int {
  kNotPermitted = 1,           // EPERM
  kNoEntry = 2,                // ENOENT
  kInterrupted = 4,            // EINTR
  kInputOutput = 5,            // EIO
  kNoSuchDeviceOrAddress = 6,  // ENXIO
  kTooBig = 7,                 // E2BIG
  kBadDescriptor = 9,          // EBADF
  kTryAgain = 11,              // EAGAIN
  kNoMemory = 12,              // ENOMEM
  kAccessDenied = 13,          // EACCES
  kBadAddress = 14,            // EFAULT
  kBusy = 16,                  // EBUSY
  kExists = 17,                // EEXIST
  kNoDevice = 19,              // ENODEV
  kInvalidArgument = 22,       // EINVAL
  kNoSpace = 28,               // ENOSPC
  kOutOfDomain = 33,           // EDOM
  kOutOfRange = 34,            // ERANGE
  kDeadlock = 35,              // EDEADLK
  kNameTooLong = 36,           // ENAMETOOLONG
  kNotImplemented = 38,        // ENOSYS
  kNoData = 61,                // ENODATA
  kProtocol = 71,              // EPROTO
  kBadMessage = 74,            // EBADMSG
  kOverflow = 75,              // EOVERFLOW
  kNotSupported = 95,          // EOPNOTSUPP
  kTimedOut = 110,             // ETIMEDOUT
  kAlready = 114,              // EALREADY
  kCancelled = 125,            // ECANCELED
};

/// A short English name for `error` ("out of memory"), never null; "unknown
/// error" for a value outside the list. Any context.
[[nodiscard]] const char* to_string(Errc error);

}  // namespace atl
