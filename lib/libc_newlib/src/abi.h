// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

// newlib's types and numbers as the sources here see them. They are compiled
// like a kernel library, without newlib's headers; abi_check.c compares the two
// whenever newlib or one of them changes.

#ifdef __cplusplus
#include <cstddef>
#include <cstdint>
extern "C" {
#else
#include <stddef.h>
#include <stdint.h>
#endif

enum {
  kSignals = 65,
  kSignalAbort = 6,
  kSignalUrgent = 23,
  kSignalContinue = 18,
  kSignalChild = 17,
  kSignalWindow = 28,
  kModeCharacterDevice = 0020000,
  kErrorNoProcess = 3,  // errors that Errc has no name for
  kErrorIllegalSeek = 29,
  kGetDescriptorFlags = 1,  // of fcntl()
  kSetDescriptorFlags = 2,
  kGetStatusFlags = 3,
  kStatusReadWrite = 2,
  kStreamLock = 160,  // where FILE has its lock
};

struct AtollTimespec {
  int64_t seconds;
  int64_t nanoseconds;
};

struct AtollStat {
  uint64_t device;
  uint64_t inode;
#if defined(__x86_64__)
  uint64_t links;
  uint32_t mode;
#else
  uint32_t mode;
  uint32_t links;
#endif
  uint32_t user;
  uint32_t group;
#if defined(__x86_64__)
  uint32_t padding;
  uint64_t special_device;
#else
  uint64_t special_device;
  uint64_t padding;
#endif
  int64_t size;
#if defined(__x86_64__)
  int64_t block_size;
#else
  int32_t block_size;
  int32_t padding2;
#endif
  int64_t blocks;
  struct AtollTimespec accessed;
  struct AtollTimespec modified;
  struct AtollTimespec changed;
#if defined(__x86_64__)
  int64_t reserved[3];
#else
  int32_t reserved[2];
#endif
};

#ifdef __cplusplus
}
#endif
