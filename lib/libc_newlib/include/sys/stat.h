// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_OVERLAY_SYS_STAT_H
#define ATOLL_OVERLAY_SYS_STAT_H
#define _SYS_STAT_H  // newlib's own header, with another layout, must not follow

// POSIX.1-2017 <sys/stat.h>, with the layout of Linux (asm/stat.h of the
// kernel's uapi, per architecture): files have one implementation, which fills
// the same structure for newlib and for unmodified Linux programs.

#include <sys/_timespec.h>
#include <sys/cdefs.h>
#include <sys/features.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__x86_64__)
struct stat {
  dev_t st_dev;
  ino_t st_ino;
  unsigned long st_nlink;
  mode_t st_mode;
  uid_t st_uid;
  gid_t st_gid;
  unsigned int st_padding;
  dev_t st_rdev;
  off_t st_size;
  long st_blksize;
  long st_blocks;
  struct timespec st_atim;
  struct timespec st_mtim;
  struct timespec st_ctim;
  long st_reserved[3];
};
#elif defined(__aarch64__)
struct stat {
  dev_t st_dev;
  ino_t st_ino;
  mode_t st_mode;
  unsigned int st_nlink;
  uid_t st_uid;
  gid_t st_gid;
  dev_t st_rdev;
  unsigned long st_padding;
  off_t st_size;
  int st_blksize;
  int st_padding2;
  long st_blocks;
  struct timespec st_atim;
  struct timespec st_mtim;
  struct timespec st_ctim;
  unsigned int st_reserved[2];
};
#else
#error "struct stat of this architecture is not known"
#endif

#define st_atime st_atim.tv_sec
#define st_mtime st_mtim.tv_sec
#define st_ctime st_ctim.tv_sec

#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFLNK 0120000
#define S_IFREG 0100000
#define S_IFBLK 0060000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFIFO 0010000
#define S_ISUID 04000
#define S_ISGID 02000
#define S_ISVTX 01000
#define S_IRWXU 0700
#define S_IRUSR 0400
#define S_IWUSR 0200
#define S_IXUSR 0100
#define S_IRWXG 0070
#define S_IRGRP 0040
#define S_IWGRP 0020
#define S_IXGRP 0010
#define S_IRWXO 0007
#define S_IROTH 0004
#define S_IWOTH 0002
#define S_IXOTH 0001
#if __MISC_VISIBLE
#define S_IREAD S_IRUSR
#define S_IWRITE S_IWUSR
#define S_IEXEC S_IXUSR
#define S_BLKSIZE 512
#define ACCESSPERMS (S_IRWXU | S_IRWXG | S_IRWXO)
#define ALLPERMS (S_ISUID | S_ISGID | S_ISVTX | ACCESSPERMS)
#define DEFFILEMODE (S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)
#endif

#define S_ISBLK(mode) (((mode)&S_IFMT) == S_IFBLK)
#define S_ISCHR(mode) (((mode)&S_IFMT) == S_IFCHR)
#define S_ISDIR(mode) (((mode)&S_IFMT) == S_IFDIR)
#define S_ISFIFO(mode) (((mode)&S_IFMT) == S_IFIFO)
#define S_ISREG(mode) (((mode)&S_IFMT) == S_IFREG)
#define S_ISLNK(mode) (((mode)&S_IFMT) == S_IFLNK)
#define S_ISSOCK(mode) (((mode)&S_IFMT) == S_IFSOCK)

#define UTIME_NOW 0x3fffffff
#define UTIME_OMIT 0x3ffffffe

int chmod(const char* path, mode_t mode);
int fchmod(int fd, mode_t mode);
int fchmodat(int directory, const char* path, mode_t mode, int flags);
int fstat(int fd, struct stat* __restrict out);
int fstatat(int directory, const char* __restrict path, struct stat* __restrict out, int flags);
int futimens(int fd, const struct timespec times[2]);
int lstat(const char* __restrict path, struct stat* __restrict out);
int mkdir(const char* path, mode_t mode);
int mkdirat(int directory, const char* path, mode_t mode);
int mkfifo(const char* path, mode_t mode);
int mkfifoat(int directory, const char* path, mode_t mode);
int mknod(const char* path, mode_t mode, dev_t device);
int mknodat(int directory, const char* path, mode_t mode, dev_t device);
int stat(const char* __restrict path, struct stat* __restrict out);
mode_t umask(mode_t mask);
int utimensat(int directory, const char* path, const struct timespec times[2], int flags);

#ifdef __cplusplus
}
#endif

#endif
