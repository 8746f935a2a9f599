// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "scheduling.hpp"

#include <atoll/libc.hpp>
#include <atoll/posix/thread.hpp>

namespace atl::posix::door {
namespace {

using sched::Policy;
using sched::Scheduling;
using sched::ThreadOptions;

bool has_priorities(Policy policy) {
  return policy == Policy::kFifo || policy == Policy::kRoundRobin;
}

}  // namespace

bool is_policy(int policy) {
  for (const Policy known :
       {Policy::kNormal, Policy::kFifo, Policy::kRoundRobin, Policy::kDeadline}) {
    if (policy == static_cast<int>(known)) return true;
  }
  return false;
}

Result<Scheduling> to_scheduling(int number, const SchedulingParameter& parameter) {
  if (!is_policy(number)) return fail(Errc::kInvalidArgument);
  Scheduling scheduling{.policy = Policy{static_cast<std::uint8_t>(number)}};
  const int priority = parameter.priority;
  if (has_priorities(scheduling.policy)) {
    if (priority < kLowestPriority || priority > kHighestPriority) {
      return fail(Errc::kInvalidArgument);
    }
    scheduling.priority = static_cast<std::uint8_t>(ThreadOptions::kDefaultPriority + priority);
    return scheduling;
  }
  if (priority != 0) return fail(Errc::kInvalidArgument);
  if (scheduling.policy == Policy::kDeadline) {
    scheduling.runtime = {parameter.runtime};
    scheduling.deadline = {parameter.deadline};
    scheduling.period = {parameter.period};
  }
  return scheduling;
}

SchedulingParameter to_parameter(const Scheduling& scheduling) {
  const bool prior = has_priorities(scheduling.policy);
  return {.priority = prior ? scheduling.priority - ThreadOptions::kDefaultPriority : 0,
          .runtime = scheduling.runtime.count,
          .deadline = scheduling.deadline.count,
          .period = scheduling.period.count};
}

}  // namespace atl::posix::door

using namespace atl::posix;
using namespace atl::posix::door;

extern "C" {

int sched_yield() {
  atl::sched::end_job();
  return 0;
}

int pthread_yield() { return sched_yield(); }

int sched_getcpu() {
  const atl::InterruptMask masked;
  return static_cast<int>(atl::arch::Cpu::cpu_local().index);
}

int sched_get_priority_min(int policy) {
  if (!is_policy(policy)) return atl::libc::fail_with(atl::Errc::kInvalidArgument);
  return policy == 1 || policy == 2 ? kLowestPriority : 0;
}

int sched_get_priority_max(int policy) {
  if (!is_policy(policy)) return atl::libc::fail_with(atl::Errc::kInvalidArgument);
  return policy == 1 || policy == 2 ? kHighestPriority : 0;
}

int pthread_setschedparam(ThreadId thread, int policy, const SchedulingParameter* parameter) {
  const auto scheduling = to_scheduling(policy, *parameter);
  return scheduling.ok() ? number(set_scheduling(thread, scheduling.value()))
                         : number(scheduling.error());
}

int pthread_getschedparam(ThreadId thread, int* policy, SchedulingParameter* parameter) {
  const auto scheduling = atl::posix::scheduling(thread);
  if (!scheduling.ok()) return number(scheduling.error());
  *policy = static_cast<int>(scheduling.value().policy);
  *parameter = to_parameter(scheduling.value());
  return 0;
}

int pthread_setschedprio(ThreadId thread, int priority) {
  int policy = 0;
  SchedulingParameter parameter{};
  if (const int error = pthread_getschedparam(thread, &policy, &parameter)) return error;
  parameter.priority = priority;
  return pthread_setschedparam(thread, policy, &parameter);
}

}  // extern "C"
