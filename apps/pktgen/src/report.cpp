// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "report.hpp"

namespace pktgen {
namespace {

using namespace atl;
using traffic::Counts;

std::uint64_t seconds(Nanoseconds time) { return time.count / 1'000'000'000; }
std::uint64_t milliseconds(Nanoseconds time) { return time.count / 1'000'000; }

/// `packets` per second; as many as there are within less than a millisecond.
std::uint64_t rate(std::uint64_t packets, Nanoseconds took) {
  const std::uint64_t time = milliseconds(took);
  return time == 0 ? packets : packets * 1000 / time;
}

void report_pool(std::string_view what, const BufferPool& pool) {
  const BufferPool::Statistics now = pool.statistics();
  say("buffers to {}: {}, {} free, at least {}; {} refused", what, now.buffers, now.free,
      now.lowest_free, now.refused);
}

}  // namespace

void report_progress(const traffic::Sender* sender, const traffic::Tally* tally,
                     const Devices& devices, Nanoseconds time) {
  say("after {} s: {} sent, {} counted, {} buffers free", seconds(time),
      sender != nullptr ? sender->sent() : 0, tally != nullptr ? tally->counts().arrived : 0,
      devices.pool().statistics().free);
}

void report_progress(const traffic::Wire& wire, const Devices& devices, Nanoseconds time) {
  say("after {} s: {} handed on, {} buffers free", seconds(time),
      wire.passed(false) + wire.passed(true), devices.pool().statistics().free);
}

void report(const traffic::Sender* sender, const traffic::Tally* tally,
            const traffic::Trial& trial) {
  const Nanoseconds took = trial.took();
  if (sender != nullptr) {
    say("{}: {} packets sent, {} bytes, in {} ms: {} packets/s", sender->device().name(),
        sender->sent(), sender->sent_bytes(), milliseconds(took), rate(sender->sent(), took));
  }
  if (tally != nullptr) {
    const Counts& counts = tally->counts();
    say("{} packets counted, {} bytes, in {} ms: {} packets/s", counts.arrived,
        counts.arrived_bytes, milliseconds(took), rate(counts.arrived, took));
    say("{} lost, {} duplicated, {} reordered, {} stale, {} damaged, {} foreign, {} stalls",
        trial.lost(), counts.duplicated, counts.reordered, counts.stale, counts.damaged,
        counts.foreign, trial.stalls());
  }
}

void report(const traffic::Wire& wire, Nanoseconds took) {
  const std::uint64_t there = wire.passed(false);
  const std::uint64_t back = wire.passed(true);
  say("{} packets handed on, {} there and {} back, in {} ms: {} packets/s", there + back, there,
      back, milliseconds(took), rate(there + back, took));
}

void report(const Devices& devices) {
  for (Netdev* const device : devices.all()) {
    const Netdev::Statistics now = device->statistics();
    say("{}: {} received, {} sent; dropped: {} without a buffer, {} malformed, {} lost; "
        "{} notifications, {} interrupts, {} restarts",
        device->name(), now.received, now.sent, now.receive_no_buffer,
        now.receive_malformed + now.send_malformed, now.send_lost, now.notifications,
        now.interrupts, now.restarts);
  }
  report_pool("receive into", devices.pool());
  report_pool("send from", devices.senders());
}

}  // namespace pktgen
