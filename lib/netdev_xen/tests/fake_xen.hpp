// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/irq.hpp>
#include <atoll/types.hpp>
#include <functional>
#include <map>

/// Grants and event channels of these tests.
namespace fake {

struct Grant {
  atl::PhysAddr page;
  bool writable = false;
  bool in_use = false;  ///< the backend has it mapped
};
/// Those that are given, by their references.
inline std::map<std::uint32_t, Grant> grants;
/// How many more there may be.
inline std::size_t grants_left = 1'000'000;

struct Port {
  atl::irq::Handler handler = nullptr;
  void* context = nullptr;
  bool listens = false;
  bool pending = false;
};
inline std::map<std::uint32_t, Port> ports;
inline std::size_t ports_left = 1'000'000;
/// Called when the frontend notifies by a port.
inline std::function<void(std::uint32_t)> notified;

/// The backend's end of a port sends an event.
void raise(std::uint32_t port);

}  // namespace fake
