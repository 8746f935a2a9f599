// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/clock.hpp>
#include <atoll/command_line.hpp>
#include <atoll/deadline.hpp>
#include <atoll/event.hpp>
#include <atoll/netdev.hpp>
#include <atoll/packet_network.hpp>
#include <atoll/shutdown.hpp>

#include "configuration.hpp"
#include "report.hpp"

namespace {

using atl::Nanoseconds;
using atl::PacketNetwork;
using netfn::say;

// Something may be there to be done: packets, room, a faulty interface, the end.
constinit atl::Event work;

enum : std::size_t { kReport, kDepth, kBuffers, kBatch, kPackets, kSettings };

// In the order of the enumeration; kReport in seconds, 0 for never, as of kPackets.
constinit std::array<PacketNetwork::Setting, kSettings> settings{
    {{"report", 0, 86'400},
     {"depth", 256, 4'096},
     {"buffers", 0, 1'000'000},
     {"batch", 0, atl::PacketBatch::kMost},
     {"packets", 0, std::uint64_t{1} << 48}}};

void wake() { work.set(); }

/// Sleeps until there may be work, the stop request comes or `until`.
void sleep(Nanoseconds until) {
  const auto deadline = until.count == 0 ? atl::Deadline::never() : atl::deadline::at(until);
  static_cast<void>(work.wait(deadline));
}

/// Forwards until the stop request, until as many packets as there should be have come, or until
/// no interface works.
void run(PacketNetwork& network) {
  const Nanoseconds period{settings[kReport].value * 1'000'000'000};
  const bool reports = period.count != 0;
  Nanoseconds next = reports ? atl::clock::now() + period : Nanoseconds{};
  const std::uint64_t enough = settings[kPackets].value;
  std::uint64_t all = 0;
  while (!atl::shutdown::stop_requested() && network.works() && (enough == 0 || all < enough)) {
    const std::size_t moved = network.poll();
    const bool idle = moved == 0;
    all += moved;
    if (reports && atl::clock::now() >= next) {
      netfn::report(network);
      next = atl::clock::now() + period;
    }
    if (!idle) continue;
    work.reset();
    if (network.arm() && !atl::shutdown::stop_requested()) sleep(next);
  }
}

}  // namespace

int main() {
  if (atl::netdev::at(0) == nullptr) {
    say("netfn: there is no network interface: add NET=netns to the command\n");
    return 2;
  }
  auto made = PacketNetwork::create({.kinds = atl::packet_elements::drivers(),
                                     .interface = atl::netdev::find,
                                     .settings = settings,
                                     .wake = wake});
  if (!made.ok()) {
    say("netfn: there is no memory for its elements\n");
    return 1;
  }
  PacketNetwork& network = *made.value();
  if (!netfn::read_configuration(network, atl::program_arguments()).ok()) return 2;
  const auto started =
      network.start({.buffers = static_cast<std::uint32_t>(settings[kBuffers].value),
                     .depth = static_cast<std::uint16_t>(settings[kDepth].value),
                     .batch = static_cast<std::size_t>(settings[kBatch].value)});
  if (!started.ok()) {
    if (network.mistake().source.empty()) {
      say("netfn: it cannot begin: {}\n", started.error());
    } else {
      netfn::tell_mistake(network);
    }
    return 2;
  }
  // What is under way is counted before the end.
  atl::shutdown::set_stop_handler(wake);
  say("netfn: forwarding\n");
  run(network);
  netfn::report(network);
  if (network.works()) return 0;
  say("netfn: no interface works any more\n");
  return 1;
}
