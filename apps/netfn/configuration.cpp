// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "configuration.hpp"

#include <atoll/boot_info.hpp>
#include <atoll/direct_map.hpp>
#include <string_view>

#include "report.hpp"

namespace netfn {

namespace {

constexpr std::string_view kWire = "net0 -> net1; net1 -> net0";

/// The arguments with a blank between them. The command line is at most as long.
std::string_view join(std::span<char*> arguments) {
  static constinit std::array<char, atl::BootInfo::kMaxCommandLine> room{};
  atl::TextWriter text{room};
  for (const char* const argument : arguments) {
    if (!text.view().empty()) text.character(' ');
    text.text(argument);
  }
  return text.view();
}

/// The file that the loader put beside the image, without what fills its last page (xl on arm64
/// tells whole ones); empty where there is none.
std::string_view file() {
  const atl::PhysRange disk = atl::boot_info().initial_ram_disk;
  if (disk.empty()) return {};
  const std::string_view all{atl::to_virtual(disk.start).as<const char>(),
                             static_cast<std::size_t>(disk.size)};
  return all.substr(0, all.find_last_not_of('\0') + 1);
}

bool has_arrow(std::string_view text) { return text.find("->") != std::string_view::npos; }

}  // namespace

void tell_mistake(const atl::PacketNetwork& network) {
  const atl::packet_elements::Mistake& mistake = network.mistake();
  if (mistake.line == 0) {
    say("netfn: {}: {}\n", mistake.source, mistake.sentence());
  } else {
    say("netfn: {}, line {}, column {}: {}\n", mistake.source, mistake.line, mistake.column,
        mistake.sentence());
  }
}

atl::Result<void> read_configuration(atl::PacketNetwork& network, std::span<char*> arguments) {
  const std::string_view given = join(arguments.subspan(1));
  const std::string_view beside = has_arrow(given) ? std::string_view{} : file();
  auto read = network.read("the file", beside);
  if (read.ok()) read = network.read("the command line", given);
  if (read.ok() && !has_arrow(given) && !has_arrow(beside)) {
    say("netfn: no configuration says otherwise: {}\n", kWire);
    read = network.read("the wire", kWire);
  }
  if (!read.ok() && read.error() == atl::Errc::kInvalidArgument) tell_mistake(network);
  return read;
}

}  // namespace netfn
