// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/clock.hpp>
#include <atoll/late.hpp>
#include <atoll/netdev_loopback.hpp>

#include "devices.hpp"
#include "report.hpp"
#include "wake.hpp"

namespace {

using namespace atl;
using namespace pktgen;
using traffic::Plan;
using traffic::Sender;
using traffic::Tally;
using traffic::Trial;
using traffic::Wire;

// Statuses of the program.
constexpr int kAllCameBack = 0;
constexpr int kNotAll = 1;
constexpr int kMisused = 2;

/// How many turns go by between two looks at the clock, where there is always something to do.
constexpr unsigned kTurns = 64;

constinit Late<NetdevLoopback> cable_ends[2];

void lay_cable() {
  for (std::uint8_t i = 0; i < 2; ++i) {
    // Addresses of this image's own (IEEE 802 §8.4).
    cable_ends[i].create(MacAddress{{2, 0, 0, 0, 0, i}});
    netdev::add(*cable_ends[i]);
  }
  NetdevLoopback::connect(*cable_ends[0], *cable_ends[1]);
}

/// Waits until all have a link; false where the image is to end first, or one is dead.
bool wait_for_link(const Plan& plan, Devices& devices) {
  const Nanoseconds end = plan.duration.count == 0 ? traffic::kNever : clock::now() + plan.duration;
  for (bool told = false;; told = true) {
    const Wake wake = take_wake();
    if (devices.are_up()) return true;
    if (wake.stop || !devices.look_after() || clock::now() >= end) return false;
    if (!told) say("waiting for a link");
    sleep_until(end);
  }
}

/// Calls step() of `engine`, and look(now) where there is nothing to do and now and then, until
/// that says it is over; whether nothing broke on the way.
template <typename Engine>
bool drive(Devices& devices, Engine engine, Nanoseconds progress) {
  Nanoseconds next_report = progress.count == 0 ? traffic::kNever : clock::now() + progress;
  for (unsigned turn = 1;; ++turn) {
    if (engine.step() && turn % kTurns != 0) continue;
    const Wake wake = take_wake();
    if (wake.stop) engine.stop();
    if (wake.devices && !devices.look_after()) return false;
    const Nanoseconds now = clock::now();
    if (engine.look(now)) return true;
    if (now >= next_report) {
      engine.report(now);
      next_report = now + progress;
    }
    if (turn % kTurns != 0 && engine.arm()) sleep_until(std::min(engine.next(), next_report));
  }
}

struct Trying {
  const Devices& devices;
  Trial& trial;
  const Sender* sender;
  const Tally* tally;
  Nanoseconds start;

  bool step() { return trial.step(); }
  bool look(Nanoseconds now) { return trial.look(now); }
  bool arm() { return trial.arm(); }
  void stop() { trial.stop(); }
  [[nodiscard]] Nanoseconds next() const { return trial.next(); }
  void report(Nanoseconds now) const { report_progress(sender, tally, devices, now - start); }
};

struct Wiring {
  const Devices& devices;
  Wire& wire;
  Nanoseconds start;
  Nanoseconds end;
  bool stopped = false;

  bool step() { return wire.step(); }
  bool look(Nanoseconds now) { return stopped || wire.is_over() || now >= end; }
  bool arm() { return wire.arm(); }
  void stop() { stopped = true; }
  [[nodiscard]] Nanoseconds next() const { return end; }
  void report(Nanoseconds now) const { report_progress(wire, devices, now - start); }
};

int join(const Plan& plan, Devices& devices) {
  const auto wire = make<Wire>(plan, *devices.all()[0], *devices.all()[1]);
  if (!wire.ok()) return kNotAll;
  const Nanoseconds start = clock::now();
  const Nanoseconds end = plan.duration.count == 0 ? traffic::kNever : start + plan.duration;
  say("a wire between {} and {}", plan.wire[0], plan.wire[1]);
  const bool well = drive(devices, Wiring{devices, *wire.value(), start, end}, plan.progress);
  report(*wire.value(), clock::now() - start);
  report(devices);
  return well ? kAllCameBack : kNotAll;
}

traffic::Ends ends_of(const Plan& plan, const Netdev* sender, const Netdev* counter) {
  constexpr MacAddress kEverybody{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
  const MacAddress from = sender != nullptr ? sender->info().mac : MacAddress{};
  const MacAddress to = counter != nullptr ? counter->info().mac : kEverybody;
  return {.from_mac = plan.from_mac.value_or(from),
          .to_mac = plan.to_mac.value_or(to),
          .from = plan.from,
          .to = plan.to,
          .from_port = plan.from_port,
          .to_port = plan.to_port};
}

int try_out(const Plan& plan, Devices& devices) {
  Netdev* const from = plan.send.empty() ? nullptr : devices.find(plan.send);
  Netdev* const counter = plan.count.empty() ? nullptr : devices.find(plan.count);
  const traffic::Ends ends = ends_of(plan, from, counter);
  auto tally = counter == nullptr ? Result<Owned<Tally>>{Owned<Tally>{}}
                                  : Tally::create(plan.flows, plan.run, plan.payload);
  auto sender = from == nullptr ? Result<Owned<Sender>>{Owned<Sender>{}}
                                : make<Sender>(*from, devices.senders(), plan, ends);
  if (!tally.ok() || !sender.ok()) {
    say("there is no memory: give the image more (MEM=)");
    return kNotAll;
  }
  Tally* const judge = tally.value().get();
  Sender* const source = sender.value().get();
  const Nanoseconds start = clock::now();
  const auto trial =
      make<Trial>(plan, Trial::Parts{.sender = source, .counter = counter, .tally = judge}, start);
  if (!trial.ok()) return kNotAll;
  say("{}{}{}{}", source == nullptr ? "" : "sending on ", plan.send,
      judge == nullptr    ? ""
      : source == nullptr ? "counting on "
                          : ", counting on ",
      plan.count);
  const bool well =
      drive(devices, Trying{devices, *trial.value(), source, judge, start}, plan.progress);
  report(source, judge, *trial.value());
  report(devices);
  const bool good = well && trial.value()->is_good();
  if (source != nullptr && judge != nullptr) {
    say("{}", good ? "all came back" : "not all came back as it was sent");
  }
  return good ? kAllCameBack : kNotAll;
}

}  // namespace

int main(int argc, char** argv) {
  std::array<char, 240> room;
  TextWriter complaint{room};
  const auto plan = traffic::parse_plan({argv + 1, static_cast<std::size_t>(argc - 1)}, complaint);
  if (!plan.ok()) {
    say("{}", complaint.view());
    return kMisused;
  }
  if (plan.value().help) {
    traffic::show_options(&console::write);
    return kAllCameBack;
  }
  if (plan.value().cable) lay_cable();
  heed_stop_request();
  const Owned<Devices> devices = Devices::create(plan.value());
  if (!devices) return kMisused;
  if (!wait_for_link(plan.value(), *devices)) return kNotAll;
  return plan.value().wire[0].empty() ? try_out(plan.value(), *devices)
                                      : join(plan.value(), *devices);
}
