// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/posix/thread.hpp>
#include <atoll/tree.hpp>
#include <atomic>

namespace atl::posix {

/// A value of a key, and which of the keys that had the number it belongs to.
struct KeyValue {
  const void* value = nullptr;
  std::uint32_t use = 0;
};
using KeyValues = std::array<KeyValue, kMostKeys>;

struct ThreadLocalObject;

/// What a Thread of the program has beyond sched's.
class ProgramThread {
 public:
  enum class Origin : std::uint8_t {
    kMain,
    kCreated,
    kAdopted,  ///< of sched::create(), not one of those whose end is the program's
  };

  explicit ProgramThread(Origin from) : origin(from) {}

  /// The calling thread's; null where it has none.
  static ProgramThread* find() {
    return static_cast<ProgramThread*>(sched::current().program_block);
  }
  /// The calling thread's, made where it has none; null without memory.
  static ProgramThread* get();

  const Origin origin;
  ThreadId id = 0;

  // Under the registry's lock.
  TreeHook hook;
  Thread* thread = nullptr;  // null before it has begun
  bool detached = false;
  bool joining = false;          // somebody waits for its end
  bool finished = false;         // it will touch this no more
  ThreadId waits_for = 0;        // whose end it waits for
  CpuMask affinity = kEveryCpu;  // that it was told
  WaitQueue end;                 // notified when `finished`

  // Raised by the mutexes that it owns: it writes both, and others the second.
  std::uint8_t ceiling = 0;          // the highest; 0: not raised
  sched::Scheduling own_scheduling;  // without it, while it is raised

  // The thread's own.
  Start start = nullptr;
  void* argument = nullptr;
  void* result = nullptr;  // anybody's, once finished
  void* libc_block = nullptr;
  CleanupHandler* cleanup = nullptr;
  ThreadLocalObject* objects = nullptr;
  KeyValues* values = nullptr;
  std::uint32_t key_rounds = 0;
  std::uint32_t reads = 0;              // read locks that it has
  List<Mutex, &Mutex::held_hook> held;  // those that are listed
  bool asynchronous = false;
  ExitHook exit_hook;  // of an adopted one

  static constexpr std::uint32_t kAsked = 1;     // to end
  static constexpr std::uint32_t kDisabled = 2;  // by itself
  static constexpr std::uint32_t kEnding = 4;
  std::atomic<std::uint32_t> cancellation = 0;
};

/// Runs what the calling thread owes before it ends, in POSIX's order.
void run_destructors(ProgramThread& self);
void run_objects(ProgramThread& self);
void run_keys(ProgramThread& self);

/// How `thread` counts beside the ceilings of what it owns. Under the registry's lock.
sched::Scheduling own_scheduling(const ProgramThread& thread);

/// InterruptionActions::cancel.
void act_on_cancellation();

/// Gives the calling thread a name, so that others find it.
void enlist(ProgramThread& thread);
/// The opposite; kAdopted and threads that never began.
void delist(ProgramThread& thread);

}  // namespace atl::posix
