// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>
#include <cstdint>

namespace pktgen {

/// Why the main thread is not to sleep on.
struct Wake {
  bool stop = false;     ///< the image was asked to end
  bool devices = false;  ///< the state of one may have changed
};

/// What has come since the last call; the stop request, once it has come, for ever.
Wake take_wake();

/// Sleeps until wake_up_for_device() or the stop request, from the last take_wake() on, or until
/// `when`.
void sleep_until(atl::Nanoseconds when);

/// The event of the devices (Netdev::Event): any context.
void wake_up_for_device(void* context, std::uint16_t queue);

/// Lets a stop request wake up, instead of ending the image.
void heed_stop_request();

}  // namespace pktgen
