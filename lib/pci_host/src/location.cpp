// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/format.hpp>
#include <atoll/pci_config.hpp>

namespace atl::pci {

LocationText::LocationText(Location at) {
  TextWriter{text_}
      .hex(at.segment, 4)
      .character(':')
      .hex(at.bus, 2)
      .character(':')
      .hex(at.device, 2)
      .character('.')
      .hex(at.function);
}

}  // namespace atl::pci
