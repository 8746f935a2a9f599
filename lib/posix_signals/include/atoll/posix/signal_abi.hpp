// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// What signals look like to programs: numbers and layouts of Linux (the kernel's uapi
/// headers asm-generic/signal.h, siginfo.h, ucontext.h and asm/sigcontext.h), which the
/// libc's <signal.h> and <ucontext.h> repeat.
namespace atl::posix {

enum Signal : int {
  kSigHup = 1,
  kSigInt = 2,
  kSigQuit = 3,
  kSigIll = 4,
  kSigTrap = 5,
  kSigAbrt = 6,
  kSigBus = 7,
  kSigFpe = 8,
  kSigKill = 9,
  kSigUsr1 = 10,
  kSigSegv = 11,
  kSigUsr2 = 12,
  kSigPipe = 13,
  kSigAlrm = 14,
  kSigTerm = 15,
  kSigChld = 17,
  kSigCont = 18,
  kSigStop = 19,
  kSigTstp = 20,
  kSigTtin = 21,
  kSigTtou = 22,
  kSigUrg = 23,
  kSigWinch = 28,
  kSigRealTimeFirst = 32,
  kSigLast = 64,
};

/// Signal n is bit n - 1.
using SignalSet = std::uint64_t;
constexpr bool is_signal(int signal) { return signal >= 1 && signal <= kSigLast; }
constexpr bool is_real_time(int signal) { return signal >= kSigRealTimeFirst; }
constexpr SignalSet set_of(int signal) { return SignalSet{1} << (signal - 1); }
constexpr bool has(SignalSet set, int signal) { return (set & set_of(signal)) != 0; }

/// Nobody blocks, catches or ignores these.
inline constexpr SignalSet kUnmaskable = set_of(kSigKill) | set_of(kSigStop);

/// si_code.
enum SignalCode : int {
  kFromUser = 0,       // SI_USER
  kFromKernel = 0x80,  // SI_KERNEL
  kQueued = -1,        // SI_QUEUE
  kFromTimer = -2,     // SI_TIMER
  kToThread = -6,      // SI_TKILL
};

/// sa_flags.
enum ActionFlags : std::uint32_t {
  kNoChildStop = 0x1,
  kNoChildWait = 0x2,
  kWithInfo = 0x4,
  kOnStack = 0x08000000,
  kRestart = 0x10000000,
  kNoDefer = 0x40000000,
  kResetHandler = 0x80000000,
};

/// union sigval: sival_int is the low half of sival_ptr on both architectures.
using SignalValue = std::uint64_t;

/// siginfo_t.
struct SignalInfo {
  int signal = 0;
  int error = 0;
  int code = 0;
  int padding = 0;
  union {
    struct {
      int process;
      std::uint32_t user;
      SignalValue value;
    } sender;
    struct {
      int id;
      int overrun;
      SignalValue value;
    } timer;
    struct {
      std::uint64_t address;
    } fault;
    std::array<std::uint64_t, 14> room{};
  };
};
/// One that nothing came with but its code.
inline SignalInfo signal_info(int signal, int code) {
  SignalInfo info;
  info.signal = signal;
  info.code = code;
  return info;
}
static_assert(sizeof(SignalInfo) == 128 && offsetof(SignalInfo, sender) == 16);

using PlainHandler = void (*)(int signal);
using InfoHandler = void (*)(int signal, SignalInfo* info, void* context);
inline const auto kDefaultAction = std::uintptr_t{0};
inline const auto kIgnoreAction = std::uintptr_t{1};

/// struct sigaction.
struct SignalAction {
  std::uintptr_t handler = 0;  ///< kDefaultAction, kIgnoreAction, or a function
  SignalSet mask = 0;
  std::uint32_t flags = 0;
};

/// stack_t.
struct SignalStack {
  std::uint64_t bottom = 0;
  int flags = 0;
  std::size_t size = 0;
};
enum StackFlags : int { kStackInUse = 1, kStackDisabled = 2 };
/// MINSIGSTKSZ: what a handler needs that can be preempted, with 3.5 KiB of registers.
inline constexpr std::size_t kSmallestStack = 8192;

/// ucontext_t. The registers of a handler that ran at a call are all zero: there are none
/// but those that the call preserves.
struct UserContext {
  std::uint64_t flags = 0;
  UserContext* link = nullptr;
  SignalStack stack;
#if defined(__x86_64__)
  std::array<std::uint64_t, 23> registers{};  // r8..r15 rdi rsi rbp rbx rdx rax rcx rsp rip ...
  std::uint64_t vector_state = 0;             // null: it is kept elsewhere
  std::array<std::uint64_t, 8> reserved{};
  SignalSet mask = 0;
#else
  SignalSet mask = 0;
  std::array<std::uint64_t, 15> reserved{};
  alignas(16) std::uint64_t fault_address = 0;
  std::array<std::uint64_t, 34> registers{};  // x0..x30 sp pc pstate
#endif
};

/// The timers' struct sigevent.
struct SignalEvent {
  SignalValue value = 0;
  int signal = 0;
  int notify = 0;
  std::uint32_t thread = 0;  // or the lower half of the function
  std::uint32_t function_high = 0;
  const void* attributes = nullptr;  // a pthread_attr_t
  std::array<std::uint64_t, 4> room{};

  using Function = void (*)(SignalValue value);
  [[nodiscard]] Function function() const {
    return reinterpret_cast<Function>(std::uint64_t{function_high} << 32 | thread);
  }
};
enum Notify : int {
  kNotifySignal = 0,
  kNotifyNone = 1,
  kNotifyFunction = 2,
  kNotifyThread = 4,
};
static_assert(sizeof(SignalEvent) == 64);

}  // namespace atl::posix
