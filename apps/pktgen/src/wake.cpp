// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "wake.hpp"

#include <atoll/deadline.hpp>
#include <atoll/netdev.hpp>
#include <atoll/shutdown.hpp>
#include <atoll/sync.hpp>
#include <atoll/traffic/trial.hpp>
#include <atomic>

namespace pktgen {
namespace {

constinit atl::Event woken;
constinit std::atomic<bool> devices_changed{false};

}  // namespace

Wake take_wake() {
  woken.reset();
  return {.stop = atl::shutdown::stop_requested(), .devices = devices_changed.exchange(false)};
}

void sleep_until(atl::Nanoseconds when) {
  const atl::Deadline deadline =
      when == atl::traffic::kNever ? atl::Deadline::never() : atl::deadline::at(when);
  // The stop request would end every wait from then on; it wakes up by itself.
  static_cast<void>(woken.wait(deadline, atl::Interruptions::kNone));
}

void wake_up_for_device(void*, std::uint16_t queue) {
  if (queue == atl::Netdev::kNoQueue) devices_changed.store(true);
  woken.set();
}

void heed_stop_request() {
  atl::shutdown::set_stop_handler([] { woken.set(); });
}

}  // namespace pktgen
