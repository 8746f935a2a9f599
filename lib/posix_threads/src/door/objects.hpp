// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/libc_types.hpp>
#include <atoll/result.hpp>
#include <cstddef>
#include <cstdint>

// The program's objects (<pthread.h>, <semaphore.h> of the libc) as the sources here see
// them: they are compiled without the libc's headers. tests/images/apps/pthread_suite
// compares the sizes.
namespace atl::posix::door {

/// Room of an object, whose first word tells what it is.
template <std::size_t Words>
struct Room {
  std::uint64_t words[Words];
};
using MutexRoom = Room<7>;
using ConditionRoom = Room<6>;
using ReadWriteLockRoom = Room<10>;
using BarrierRoom = Room<6>;
using OnceRoom = Room<4>;
using SemaphoreRoom = Room<5>;

/// The object in `room`.
template <typename T, std::size_t Words>
T& in(Room<Words>* room) {
  static_assert(sizeof(T) <= sizeof *room && alignof(T) <= alignof(Room<Words>));
  return *reinterpret_cast<T*>(room);
}

/// What an attributes object begins with while it is initialised.
inline constexpr std::uint32_t kInitialised = 0xa77a;

struct SchedulingParameter {
  int priority;
  std::uint64_t runtime;
  std::uint64_t deadline;
  std::uint64_t period;
};
struct Attributes {
  std::uint32_t kind;
  int detach_state;
  int inherit;
  int policy;
  SchedulingParameter parameter;
  std::size_t stack_bytes;
  std::size_t guard_bytes;
  void* stack;             // the caller's; null: one of stack_bytes
  std::uint64_t affinity;  // 0: none was set
};
struct MutexAttributes {
  std::uint32_t kind;
  int type;
  int robust;
  int shared;
  int protocol;
  int ceiling;
};
struct ConditionAttributes {
  std::uint32_t kind;
  int clock;
  int shared;
};
/// Of read-write locks and of barriers.
struct SharedAttributes {
  std::uint32_t kind;
  int shared;
};

/// A function's result: 0 or the error's number.
template <typename T>
int number(const Result<T>& result) {
  return static_cast<int>(result.error());
}
inline int number(const Result<void>& result) { return static_cast<int>(result.error()); }
inline int number(Errc error) { return static_cast<int>(error); }

inline constexpr int kInvalid = static_cast<int>(Errc::kInvalidArgument);

/// A setter or getter of an attributes object.
template <typename Object, typename Value>
int set(Object* object, Value Object::*member, Value value, bool valid) {
  if (object->kind != kInitialised || !valid) return kInvalid;
  object->*member = value;
  return 0;
}
template <typename Object, typename Value>
int get(const Object* object, Value Object::*member, Value* value) {
  if (object->kind != kInitialised) return kInvalid;
  *value = object->*member;
  return 0;
}
template <typename Object>
int end(Object* object) {
  if (object->kind != kInitialised) return kInvalid;
  object->kind = 0;
  return 0;
}
inline bool is_zero_or_one(int value) { return value == 0 || value == 1; }

}  // namespace atl::posix::door
