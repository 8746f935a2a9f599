// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// What <fstream> and <filesystem> call (POSIX.1-2017 <fcntl.h>, <stdio.h>, <stdlib.h>,
// <sys/stat.h>, <unistd.h>), in an image that has no library of files: ENOSYS, which is
// std::errc::function_not_supported. A stream does not open, and a program that has a path
// for itself on each system still links.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace {

int refuse() {
  errno = ENOSYS;
  return -1;
}

}  // namespace

extern "C" {

int open(const char*, int, ...) { return refuse(); }
int openat(int, const char*, int, ...) { return refuse(); }
int stat(const char* __restrict, struct stat* __restrict) { return refuse(); }
int lstat(const char* __restrict, struct stat* __restrict) { return refuse(); }
int fstatat(int, const char* __restrict, struct stat* __restrict, int) { return refuse(); }
int access(const char*, int) { return refuse(); }
int mkdir(const char*, mode_t) { return refuse(); }
int rmdir(const char*) { return refuse(); }
int link(const char*, const char*) { return refuse(); }
int symlink(const char*, const char*) { return refuse(); }
ssize_t readlink(const char* __restrict, char* __restrict, size_t) { return refuse(); }
int unlink(const char*) { return refuse(); }
int unlinkat(int, const char*, int) { return refuse(); }
int rename(const char*, const char*) { return refuse(); }
int chmod(const char*, mode_t) { return refuse(); }
int fchmod(int, mode_t) { return refuse(); }
int fchmodat(int, const char*, mode_t, int) { return refuse(); }
int utimensat(int, const char*, const struct timespec[2], int) { return refuse(); }
int truncate(const char*, off_t) { return refuse(); }
int ftruncate(int, off_t) { return refuse(); }
int chdir(const char*) { return refuse(); }
char* getcwd(char*, size_t) { return refuse(), nullptr; }
char* realpath(const char* __restrict, char* __restrict) { return refuse(), nullptr; }
long pathconf(const char*, int) { return refuse(); }

}  // extern "C"
