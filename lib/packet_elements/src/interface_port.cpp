// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "interface_port.hpp"

#include <algorithm>
#include <atoll/clock.hpp>
#include <atoll/log.hpp>
#include <atoll/make.hpp>

namespace atl {

namespace {

/// For which packets wait for an interface that takes none.
constexpr Nanoseconds kPatience = 1_s;

}  // namespace

void InterfacePort::do_destroy() { destroy_in(default_allocator(), *this); }

Result<void> InterfacePort::open(const Netdev::Settings& settings) {
  const auto opened = device_.open(settings);
  if (!opened.ok()) {
    log::error("packet_elements", "{} cannot be opened: {}", device_.name(), opened.error());
    return fail(opened.error());
  }
  gone_ = false;
  return {};
}

void InterfacePort::look_after() {
  if (gone_) return;
  Netdev::State state = device_.state();
  if (state == Netdev::State::kFaulty) {
    if (device_.restart().ok()) return;
    state = Netdev::State::kDead;
  }
  if (state != Netdev::State::kDead) return;
  gone_ = true;
  log::error("packet_elements", "{} is given up; the others go on", device_.name());
}

std::size_t InterfacePort::forward(PacketBatch& batch, std::size_t most, std::uint32_t blocked) {
  if (behind(0) == nullptr || (reach_ & blocked) != 0) return 0;
  const std::size_t count = batch.fill([&](std::span<Packet> room) {
    return device_.receive(0, room.first(std::min(most, room.size())));
  });
  if (count == 0) return 0;
  received_ += count;
  pass(batch);
  return count;
}

void InterfacePort::do_push(std::uint16_t /*input*/, PacketBatch& batch) {
  if (waiting_.empty()) {
    const std::size_t taken = device_.send(0, batch.packets());
    taken_ += taken;
    batch.forget_front(taken);
    if (taken > 0) stalled_ = false;
    if (batch.empty()) return;
    held_since_ = clock::now();
  }
  hold(batch);
}

void InterfacePort::hold(PacketBatch& batch) {
  const bool up = !gone_ && device_.state() != Netdev::State::kFaulty;
  std::uint64_t& dropped = up ? no_room_ : down_;
  dropped += batch.keep_if([&](Packet& packet) {
    if (!up || stalled_ || waiting_.full()) return false;
    waiting_.add(std::move(packet));
    return true;
  });
  batch.clear();
}

bool InterfacePort::flush_waiting() {
  const std::size_t taken = device_.send(0, waiting_.packets());
  taken_ += taken;
  waiting_.forget_front(taken);
  if (waiting_.empty()) return false;
  const Nanoseconds now = clock::now();
  if (taken > 0) held_since_ = now;
  const bool up = !gone_ && device_.state() != Netdev::State::kFaulty;
  if (up && now - held_since_ < kPatience) return true;
  (up ? no_room_ : down_) += waiting_.size();
  waiting_.clear();
  stalled_ = true;
  return false;
}

bool InterfacePort::arm() {
  if (gone_) return true;
  device_.collect(0);
  const unsigned wishes = (behind(0) != nullptr ? unsigned{Netdev::kReceive} : 0) |
                          (waiting_.empty() ? 0 : unsigned{Netdev::kSend});
  return wishes == 0 || device_.arm(0, wishes);
}

void InterfacePort::do_report(Counters& into) const {
  const Netdev::Statistics device = device_.statistics();
  into.count("received", received_);
  into.count("sent", taken_ - device.send_malformed);
  into.dropped("no room", no_room_);
  into.dropped("down", down_);
  into.dropped("malformed to send", device.send_malformed);
  into.count("waiting", waiting_.size());
  into.count("refused malformed", device.receive_malformed);
  into.count("refused without buffer", device.receive_no_buffer);
  into.count("lost in restart", device.send_lost);
  into.count("restarts", device.restarts);
  into.count("interrupts", device.interrupts);
  into.count("notifications", device.notifications);
}

}  // namespace atl
