// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/config/sched.hpp>
#include <atoll/posix/thread.hpp>

#include "scheduling.hpp"

// POSIX.1-2017, XSH pthread_attr_destroy() and its kin.

using namespace atl::posix;
using namespace atl::posix::door;

namespace {

constexpr std::size_t kLeastStack = 16384;  // PTHREAD_STACK_MIN
constexpr std::size_t kGuard = 4096;
constexpr std::size_t kStackAlignment = 16;

}  // namespace

atl::Result<ThreadAttributes> atl::posix::read_attributes(const void* object,
                                                          sched::Scheduling& scheduling) {
  const auto& attributes = *static_cast<const Attributes*>(object);
  if (attributes.kind != kInitialised) return fail(Errc::kInvalidArgument);
  ThreadAttributes wanted{.stack_bytes = attributes.stack_bytes,
                          .stack = attributes.stack,
                          .detached = attributes.detach_state == 1,
                          .affinity = attributes.affinity};
  if (attributes.inherit == 1) {
    scheduling = TRY(to_scheduling(attributes.policy, attributes.parameter));
    wanted.scheduling = &scheduling;
  }
  return wanted;
}

extern "C" {

int pthread_attr_init(Attributes* attributes) {
  *attributes = {.kind = kInitialised,
                 .detach_state = 0,
                 .inherit = 0,
                 .policy = 0,
                 .parameter = {},
                 .stack_bytes = atl::config::sched::kStackKib * 1024,
                 .guard_bytes = kGuard,
                 .stack = nullptr,
                 .affinity = 0};
  return 0;
}

int pthread_attr_destroy(Attributes* attributes) { return end(attributes); }

int pthread_attr_setdetachstate(Attributes* attributes, int state) {
  return set(attributes, &Attributes::detach_state, state, is_zero_or_one(state));
}
int pthread_attr_getdetachstate(const Attributes* attributes, int* state) {
  return get(attributes, &Attributes::detach_state, state);
}

int pthread_attr_setstacksize(Attributes* attributes, std::size_t bytes) {
  return set(attributes, &Attributes::stack_bytes, bytes, bytes >= kLeastStack);
}
int pthread_attr_getstacksize(const Attributes* attributes, std::size_t* bytes) {
  return get(attributes, &Attributes::stack_bytes, bytes);
}

// The size is that of both: the later of the two calls says it.
int pthread_attr_setstack(Attributes* attributes, void* bottom, std::size_t bytes) {
  const bool aligned = (reinterpret_cast<std::uintptr_t>(bottom) | bytes) % kStackAlignment == 0;
  if (bottom == nullptr || !aligned || bytes < kLeastStack) return kInvalid;
  const int error = set(attributes, &Attributes::stack, bottom, true);
  return error != 0 ? error : set(attributes, &Attributes::stack_bytes, bytes, true);
}
// Null where there is none yet.
int pthread_attr_getstack(const Attributes* attributes, void** bottom, std::size_t* bytes) {
  const int error = get(attributes, &Attributes::stack, bottom);
  return error != 0 ? error : get(attributes, &Attributes::stack_bytes, bytes);
}

// Every stack but the caller's has one guard page: less is less than there is, more there is
// not.
int pthread_attr_setguardsize(Attributes* attributes, std::size_t bytes) {
  return set(attributes, &Attributes::guard_bytes, bytes, bytes <= kGuard);
}
int pthread_attr_getguardsize(const Attributes* attributes, std::size_t* bytes) {
  return get(attributes, &Attributes::guard_bytes, bytes);
}

int pthread_attr_setinheritsched(Attributes* attributes, int inherit) {
  return set(attributes, &Attributes::inherit, inherit, is_zero_or_one(inherit));
}
int pthread_attr_getinheritsched(const Attributes* attributes, int* inherit) {
  return get(attributes, &Attributes::inherit, inherit);
}

int pthread_attr_setschedpolicy(Attributes* attributes, int policy) {
  return set(attributes, &Attributes::policy, policy, is_policy(policy));
}
int pthread_attr_getschedpolicy(const Attributes* attributes, int* policy) {
  return get(attributes, &Attributes::policy, policy);
}

// Whether it fits the policy is asked when a thread is created: either may be set first.
int pthread_attr_setschedparam(Attributes* attributes, const SchedulingParameter* parameter) {
  return set(attributes, &Attributes::parameter, *parameter,
             parameter->priority >= 0 && parameter->priority <= kHighestPriority);
}
int pthread_attr_getschedparam(const Attributes* attributes, SchedulingParameter* parameter) {
  return get(attributes, &Attributes::parameter, parameter);
}

// All threads compete with all others: PTHREAD_SCOPE_SYSTEM.
int pthread_attr_setscope(Attributes* attributes, int scope) {
  if (attributes->kind != kInitialised || !is_zero_or_one(scope)) return kInvalid;
  return scope == 0 ? 0 : static_cast<int>(atl::Errc::kNotSupported);
}
int pthread_attr_getscope(const Attributes* attributes, int* scope) {
  if (attributes->kind != kInitialised) return kInvalid;
  *scope = 0;
  return 0;
}

int pthread_getattr_np(ThreadId thread, Attributes* attributes) {
  const auto known = properties(thread);
  if (!known.ok()) return number(known);
  const ThreadProperties& found = known.value();
  pthread_attr_init(attributes);
  attributes->detach_state = found.detached ? 1 : 0;
  attributes->policy = static_cast<int>(found.scheduling.policy);
  attributes->parameter = to_parameter(found.scheduling);
  attributes->affinity = found.affinity;
  attributes->stack = found.stack;
  attributes->stack_bytes = found.stack_bytes;
  attributes->guard_bytes = found.stack_is_lent ? 0 : kGuard;
  return 0;
}

}  // extern "C"
