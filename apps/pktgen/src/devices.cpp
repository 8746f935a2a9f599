// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "devices.hpp"

#include <algorithm>
#include <atoll/bits.hpp>

#include "report.hpp"
#include "wake.hpp"

namespace pktgen {

using namespace atl;
using traffic::Plan;

Owned<Devices> Devices::create(const Plan& plan) {
  auto made = make<Devices>();
  if (!made.ok()) {
    say("there is no memory: give the image more (MEM=)");
    return nullptr;
  }
  Devices& devices = *made.value();
  for (const std::string_view name : {plan.send, plan.count, plan.wire[0], plan.wire[1]}) {
    if (!name.empty() && !devices.add(name)) return nullptr;
  }
  if (!devices.make_pools(plan) || !devices.open()) return nullptr;
  return std::move(made).value();
}

Devices::~Devices() {
  for (Netdev* const device : all().first(opened_)) device->close();
}

bool Devices::add(std::string_view name) {
  if (find(name) != nullptr) return true;
  Netdev* const device = netdev::find(name);
  if (device == nullptr) {
    std::size_t there = 0;
    while (netdev::at(there) != nullptr) ++there;
    say("there is no interface {}, of {}: add NET=netns to the command, or cable to the arguments",
        name, there);
    return false;
  }
  devices_[count_++] = device;
  return true;
}

bool Devices::make_pools(const Plan& plan) {
  std::uint32_t bytes = 0;
  for (Netdev* const device : all()) {
    const std::uint32_t longest = device->info().mtu + Netdev::kHeader + Netdev::kTag;
    if (device->name() == plan.send && plan.sizes.largest > longest - Netdev::kTag) {
      say("{} takes frames of {} bytes at most: make bytes= less", plan.send,
          longest - Netdev::kTag);
      return false;
    }
    bytes = std::max({bytes, device->info().buffer_bytes, Buffer::kHeadroom + longest});
  }
  const std::uint32_t room =
      bytes <= 2048 ? 2048 : align_up(bytes, static_cast<std::uint32_t>(kPageSize));
  // Each side of each interface may be full, and a batch is at hand between them.
  const auto sides = static_cast<std::uint32_t>(plan.wire[0].empty() ? count_ : 2 * count_);
  auto pool = BufferPool::create({.buffers = sides * (kDepth + plan.batch), .bytes = room});
  auto senders = BufferPool::create({.buffers = kDepth + plan.batch, .bytes = room});
  if (!pool.ok() || !senders.ok()) {
    say("there is no memory for buffers: give the image more (MEM=)");
    return false;
  }
  pool_ = std::move(pool).value();
  senders_ = std::move(senders).value();
  return true;
}

bool Devices::open() {
  for (Netdev* const device : all()) {
    const auto agreed = device->open(
        {.pool = pool_.get(), .depth = kDepth, .event = {&wake_up_for_device, nullptr}});
    if (!agreed.ok()) {
      say("{} cannot be opened: {}", device->name(), agreed.error());
      return false;
    }
    ++opened_;
  }
  return true;
}

bool Devices::are_up() const {
  return std::ranges::all_of(all(),
                             [](Netdev* device) { return device->state() == Netdev::State::kUp; });
}

bool Devices::look_after() {
  for (Netdev* const device : all()) {
    if (device->state() != Netdev::State::kFaulty) continue;
    if (const auto again = device->restart(); !again.ok()) {
      say("{} is lost: {}", device->name(), again.error());
      return false;
    }
  }
  return true;
}

Netdev* Devices::find(std::string_view name) const {
  const auto found = std::ranges::find(all(), name, &Netdev::name);
  return found == all().end() ? nullptr : *found;
}

}  // namespace pktgen
