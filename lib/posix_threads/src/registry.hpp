// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/lock.hpp>

#include "program_thread.hpp"

namespace atl::posix {

/// The program's threads that can still be named, by their names. Whoever holds its lock
/// may use a thread that it found.
class Registry {
 public:
  void add(ProgramThread& thread) {
    thread.id = ++last_;
    threads_.insert(thread);
  }
  void remove(ProgramThread& thread) { threads_.remove(thread); }
  [[nodiscard]] ProgramThread* find(ThreadId id) const {
    ProgramThread* const found = threads_.lower_bound(id);
    return found != nullptr && found->id == id ? found : nullptr;
  }

  /// function(ProgramThread&) for each, until it is true; that one, or null.
  template <typename Function>
  ProgramThread* find_if(Function&& function) const {
    ProgramThread* one = threads_.first();
    while (one != nullptr && !function(*one)) one = threads_.next(*one);
    return one;
  }

 private:
  struct ById {
    bool operator()(const ProgramThread& left, const ProgramThread& right) const {
      return left.id < right.id;
    }
    bool operator()(const ProgramThread& thread, ThreadId id) const { return thread.id < id; }
  };

  Tree<ProgramThread, &ProgramThread::hook, ById> threads_;
  ThreadId last_ = 0;
};

extern Locked<Registry, IrqSpinLock> registry;

/// function(ProgramThread&) -> Result<T> for the thread of that name, kept as it is by the
/// lock; kNoSuchThread.
template <typename Function>
auto with_thread(ThreadId id, Function&& function) {
  return registry.with([&](Registry& all) -> decltype(function(*all.find(id))) {
    ProgramThread* const found = all.find(id);
    if (found == nullptr) return fail(kNoSuchThread);
    return function(*found);
  });
}

}  // namespace atl::posix
