// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/packet_network.hpp>
#include <atoll/result.hpp>
#include <span>

namespace netfn {

/// Reads what `arguments`, the program's name first, and the file that came with the image say. An
/// arrow among the arguments makes them stand for the file; otherwise they go on where the file
/// ends, and a wire both ways between net0 and net1 is there where neither has an arrow. What is
/// wrong has been said on the console when this gives an error.
atl::Result<void> read_configuration(atl::PacketNetwork& network, std::span<char*> arguments);

/// Says on the console what network.mistake() is.
void tell_mistake(const atl::PacketNetwork& network);

}  // namespace netfn
