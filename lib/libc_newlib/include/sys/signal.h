// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_OVERLAY_SYS_SIGNAL_H
#define ATOLL_OVERLAY_SYS_SIGNAL_H
#define _SYS_SIGNAL_H  // newlib's own header, with other numbers, must not follow

// POSIX.1-2017 <signal.h> by the numbers and layouts of Linux (the kernel's uapi headers
// asm-generic/signal.h and siginfo.h), which are those of atoll/posix/signal_abi.hpp; newlib's
// <signal.h>, which includes this, adds ISO C's part. Without lib/posix_signals an image has
// that part and kill() only.

#include <stdint.h>
#include <sys/_sigset.h>
#include <sys/_timespec.h>
#include <sys/cdefs.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void (*_sig_func_ptr)(int);

#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGIOT SIGABRT
#define SIGBUS 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGSTKFLT 16
#define SIGCHLD 17
#define SIGCLD SIGCHLD
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGURG 23
#define SIGXCPU 24
#define SIGXFSZ 25
#define SIGVTALRM 26
#define SIGPROF 27
#define SIGWINCH 28
#define SIGIO 29
#define SIGPOLL SIGIO
#define SIGPWR 30
#define SIGSYS 31
#define SIGRTMIN 32
#define SIGRTMAX 64
#define _NSIG 65
#define NSIG _NSIG

#if __POSIX_VISIBLE

#ifndef _SIGSET_T_DECLARED
#define _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#endif

union sigval {
  int sival_int;
  void* sival_ptr;
};
typedef union sigval sigval_t;

typedef struct {
  int si_signo;
  int si_errno;
  int si_code;
  int __space;
  union {
    struct {
      pid_t __pid;
      uid_t __uid;
      union {
        union sigval __value;
        int __status;
      } __with;
    } __sender;
    struct {
      int __id;
      int __overrun;
    } __timer;
    void* __address;
    long __band;
    unsigned long __room[14];
  } __from;
} siginfo_t;
#define si_pid __from.__sender.__pid
#define si_uid __from.__sender.__uid
#define si_value __from.__sender.__with.__value
#define si_int __from.__sender.__with.__value.sival_int
#define si_ptr __from.__sender.__with.__value.sival_ptr
#define si_status __from.__sender.__with.__status
#define si_timerid __from.__timer.__id
#define si_overrun __from.__timer.__overrun
#define si_addr __from.__address
#define si_band __from.__band

#define SI_USER 0
#define SI_KERNEL 0x80
#define SI_QUEUE (-1)
#define SI_TIMER (-2)
#define SI_MESGQ (-3)
#define SI_ASYNCIO (-4)
#define SI_TKILL (-6)
#define ILL_ILLOPC 1
#define ILL_ILLOPN 2
#define ILL_ILLADR 3
#define ILL_ILLTRP 4
#define ILL_PRVOPC 5
#define ILL_PRVREG 6
#define ILL_COPROC 7
#define ILL_BADSTK 8
#define FPE_INTDIV 1
#define FPE_INTOVF 2
#define FPE_FLTDIV 3
#define FPE_FLTOVF 4
#define FPE_FLTUND 5
#define FPE_FLTRES 6
#define FPE_FLTINV 7
#define FPE_FLTSUB 8
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
#define BUS_ADRALN 1
#define BUS_ADRERR 2
#define BUS_OBJERR 3
#define TRAP_BRKPT 1
#define TRAP_TRACE 2
#define CLD_EXITED 1
#define CLD_KILLED 2
#define CLD_DUMPED 3
#define CLD_TRAPPED 4
#define CLD_STOPPED 5
#define CLD_CONTINUED 6

struct sigevent {
  union sigval sigev_value;
  int sigev_signo;
  int sigev_notify;
  union {
    pid_t __tid;
    struct {
      void (*__function)(union sigval);
      pthread_attr_t* __attributes;
    } __by_thread;
    unsigned long __room[6];
  } __how;
};
#define sigev_notify_thread_id __how.__tid
#define sigev_notify_function __how.__by_thread.__function
#define sigev_notify_attributes __how.__by_thread.__attributes
#define SIGEV_SIGNAL 0
#define SIGEV_NONE 1
#define SIGEV_THREAD 2
#define SIGEV_THREAD_ID 4

struct sigaction {
  union {
    _sig_func_ptr __plain;
    void (*__with_info)(int, siginfo_t*, void*);
  } __handler;
  sigset_t sa_mask;
  int sa_flags;
};
#define sa_handler __handler.__plain
#define sa_sigaction __handler.__with_info

#define SA_NOCLDSTOP 0x1
#define SA_NOCLDWAIT 0x2
#define SA_SIGINFO 0x4
#define SA_ONSTACK 0x08000000
#define SA_RESTART 0x10000000
#define SA_NODEFER 0x40000000
#define SA_RESETHAND ((int)0x80000000)
#define SA_NOMASK SA_NODEFER
#define SA_ONESHOT SA_RESETHAND

#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2
#define SIG_HOLD ((_sig_func_ptr)2)

typedef struct sigaltstack {
  void* ss_sp;
  int ss_flags;
  size_t ss_size;
} stack_t;
#define SS_ONSTACK 1
#define SS_DISABLE 2
// A handler can be preempted, which takes up to 3.5 KiB for the vector registers.
#define MINSIGSTKSZ 8192
#define SIGSTKSZ 16384

extern int* __errno(void);

// Signal n is bit n - 1.
static __inline int __sigset_has_no(int __signal) {
  if (__signal >= 1 && __signal < _NSIG) return 0;
  *__errno() = 22;  // EINVAL
  return 1;
}
static __inline int sigemptyset(sigset_t* __set) {
  *__set = 0;
  return 0;
}
static __inline int sigfillset(sigset_t* __set) {
  *__set = ~(sigset_t)0;
  return 0;
}
static __inline int sigaddset(sigset_t* __set, int __signal) {
  if (__sigset_has_no(__signal)) return -1;
  *__set |= (sigset_t)1 << (__signal - 1);
  return 0;
}
static __inline int sigdelset(sigset_t* __set, int __signal) {
  if (__sigset_has_no(__signal)) return -1;
  *__set &= ~((sigset_t)1 << (__signal - 1));
  return 0;
}
static __inline int sigismember(const sigset_t* __set, int __signal) {
  if (__sigset_has_no(__signal)) return -1;
  return (int)(*__set >> (__signal - 1) & 1);
}

int kill(pid_t, int);
int sigaction(int, const struct sigaction* __restrict, struct sigaction* __restrict);
int sigprocmask(int, const sigset_t* __restrict, sigset_t* __restrict);
int pthread_sigmask(int, const sigset_t* __restrict, sigset_t* __restrict);
int pthread_kill(pthread_t, int);
int sigpending(sigset_t*);
int sigsuspend(const sigset_t*);
int sigwait(const sigset_t* __restrict, int* __restrict);
int sigwaitinfo(const sigset_t* __restrict, siginfo_t* __restrict);
int sigtimedwait(const sigset_t* __restrict, siginfo_t* __restrict,
                 const struct timespec* __restrict);
int sigqueue(pid_t, int, union sigval);
int sigaltstack(const stack_t* __restrict, stack_t* __restrict);
int siginterrupt(int, int);
int killpg(pid_t, int);
_sig_func_ptr sigset(int, _sig_func_ptr);
int sighold(int);
int sigrelse(int);
int sigignore(int);
int sigpause(int) __asm__("__xpg_sigpause");

#if __GNU_VISIBLE
int pthread_sigqueue(pthread_t, int, union sigval);
#endif

#if __MISC_VISIBLE
#define SIG2STR_MAX 17  // "RTMAX+" and a number
int sig2str(int, char*);
int str2sig(const char* __restrict, int* __restrict);
#endif

#endif  // __POSIX_VISIBLE

#ifdef __cplusplus
}
#endif

// <sys/signal.h> is <signal.h>, too.
#ifndef _SIGNAL_H_
#include <signal.h>
#endif

#endif
