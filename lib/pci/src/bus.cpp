// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/late.hpp>
#include <atoll/log.hpp>

#include "walk.hpp"

namespace atl {
namespace {

constinit Late<pci::Host> host;

}  // namespace

// A machine without PCI boots all the same.
Result<void> pci_init() {
  const auto found = pci::find_host();
  if (found.ok()) {
    pci::probe_all(host.create(found.value()), pci::drivers());
  } else if (found.error() != Errc::kNoDevice) {
    log::error("pci", "no devices: {}", found.error());
  }
  return {};
}

}  // namespace atl
