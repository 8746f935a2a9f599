// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "sink.hpp"

#include <atoll/console_pl011.hpp>
#include <atoll/device_tree.hpp>
#include <atoll/vm.hpp>

namespace atl {

/// The driver's probe, named in CMakeLists.txt. A further UART is nobody's
/// console: it stays as it is.
Result<void> pl011_probe(const device_tree::Device& node);
Result<void> pl011_probe(const device_tree::Device& node) {
  if (console_pl011::attached()) return {};
  const PhysRange registers = TRY(node.reg(0));
  console_pl011::attach(TRY(vm::map_device(registers)));
  return {};
}

}  // namespace atl
