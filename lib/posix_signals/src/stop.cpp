// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/late.hpp>
#include <atoll/shutdown.hpp>

#include "state.hpp"

// The stop request is SIGTERM from the kernel; then every wait is broken off, and after
// `shutdown.timeout` the image ends.
namespace atl::posix {
namespace {

void (*end_of_patience)() = nullptr;

struct Patience {
  Timer timer{[](Timer&) { end_of_patience(); }};
};
constinit Late<Patience> patience;

void send_term() { static_cast<void>(send_to_process(signal_info(kSigTerm, kFromKernel))); }

void call_after(std::uint32_t seconds, void (*function)()) {
  end_of_patience = function;
  const Nanoseconds end = clock::now() + Nanoseconds{std::uint64_t{seconds} * 1'000'000'000};
  if (!deadline::arm(patience->timer, end)) function();
}

}  // namespace

void take_stop_requests() {
  patience.create();
  shutdown::set_stop_handler(send_term);
  shutdown::StopServices& services = shutdown::stop_services();
  services.interrupt_waits = [] { sched::interrupt_all(Interruptions::kStop); };
  services.call_after = call_after;
}

}  // namespace atl::posix
