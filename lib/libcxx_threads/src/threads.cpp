// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include <pthread.h>
#include <atoll/posix/once.hpp>
#include <atoll/posix/thread.hpp>

namespace {

using atl::posix::CleanupHandler;
using atl::posix::Once;

/// A call under way: however it is left, by an exception, by cancellation or by its return,
/// the others that wait learn of it.
class Call {
 public:
  explicit Call(Once& once) : once_(once) { atl::posix::push_cleanup(handler_); }
  Call(const Call&) = delete;
  ~Call() {
    atl::posix::pop_cleanup(handler_);
    once_.end(is_done_);
  }
  void done() { is_done_ = true; }

 private:
  Once& once_;
  bool is_done_ = false;
  CleanupHandler handler_{[](void* once) { static_cast<Once*>(once)->end(false); }, &once_,
                          nullptr};
};

}  // namespace

extern "C" {

// POSIX.1-2017, <pthread.h>; std::call_once() lets exceptions pass through it.
int pthread_once(pthread_once_t* room, void (*function)()) {
  static_assert(sizeof(Once) <= sizeof *room && alignof(Once) <= alignof(pthread_once_t));
  Once& once = *reinterpret_cast<Once*>(room);
  const atl::Result<bool> ours = once.begin();
  if (!ours.ok()) return static_cast<int>(ours.error());
  if (!ours.value()) return 0;
  Call call{once};
  function();
  call.done();
  return 0;
}

// By exit().
void atoll_end_thread_objects();
void atoll_end_thread_objects() { atl::posix::run_own_objects(); }

}  // extern "C"
