// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/traffic/trial.hpp>

namespace atl::traffic {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

/// How many packets of `rate` per second are due after `time`.
std::uint64_t due_after(Nanoseconds time, std::uint64_t rate) {
  return 1 + time.count / kSecond * rate + time.count % kSecond * rate / kSecond;
}

/// After how long packet number `index` is due.
Nanoseconds due_at(std::uint64_t index, std::uint64_t rate) {
  return {index / rate * kSecond + (index % rate * kSecond + rate - 1) / rate};
}

}  // namespace

std::uint64_t Trial::under_way() const {
  const std::uint64_t known = arrived() + given_up_;  // what was given up may come after all
  return sent() > known ? sent() - known : 0;
}

std::uint64_t Trial::may_send() const {
  if (!sends()) return 0;
  std::uint64_t most = parts_.sender->most() - sent();
  if (plan_.window != 0) most = std::min(most, plan_.window - std::min(plan_.window, under_way()));
  if (plan_.rate != 0) most = std::min(most, due_ - std::min(due_, sent()));
  return most;
}

bool Trial::sends() const {
  return parts_.sender != nullptr && !stopping_ && sent() < parts_.sender->most();
}

/// Whether there is an end to how long it waits for the next packet.
bool Trial::waits() const {
  if (parts_.sender == nullptr) return plan_.packets != 0 && events_ != 0;
  if (!sends()) return true;
  return plan_.window != 0 && under_way() >= plan_.window;
}

std::size_t Trial::receive(Netdev& device, bool counts) {
  const std::size_t count = device.receive(0, std::span{received_}.first(plan_.batch));
  for (Packet& packet : std::span{received_}.first(count)) {
    if (counts) {
      // Its buffer has room for the longest frame, so one of several is longer.
      packet->next() == nullptr ? parts_.tally->note(packet->bytes())
                                : parts_.tally->note_foreign();
    }
    packet.reset();
  }
  return count;
}

bool Trial::step() {
  std::size_t done = 0;
  if (parts_.counter != nullptr) done += receive(*parts_.counter, true);
  events_ += done;
  if (parts_.sender == nullptr) return done != 0;
  // What arrives where nobody counts must not stay in the device.
  Netdev& device = parts_.sender->device();
  if (&device != parts_.counter) done += receive(device, false);
  if (const std::uint64_t most = may_send(); most != 0) {
    const std::size_t sent = parts_.sender->step(most);
    events_ += sent;
    done += sent;
  }
  return done != 0;
}

bool Trial::look(Nanoseconds now) {
  if (events_ != events_then_) active_ = now;
  events_then_ = events_;
  if (plan_.duration.count != 0 && now - start_ >= plan_.duration) stopping_ = true;
  if (plan_.rate != 0) due_ = due_after(now - start_, plan_.rate);
  const bool too_long = waits() && now - active_ >= plan_.patience;
  if (parts_.sender == nullptr) {
    return stopping_ || too_long || (plan_.packets != 0 && arrived() >= plan_.packets);
  }
  if (sends()) {
    if (too_long) {
      given_up_ += under_way();
      ++stalls_;
      active_ = now;
    }
    return false;
  }
  const bool all_there = parts_.tally == nullptr || arrived() >= sent();
  return too_long || (all_there && parts_.sender->is_done());
}

Nanoseconds Trial::next() const {
  Nanoseconds next = kNever;
  if (waits()) next = active_ + plan_.patience;
  if (plan_.duration.count != 0 && !stopping_) next = std::min(next, start_ + plan_.duration);
  if (plan_.rate != 0 && sends() && !parts_.sender->is_full() && sent() >= due_) {
    next = std::min(next, start_ + due_at(due_, plan_.rate));
  }
  return next;
}

bool Trial::arm() {
  bool quiet = parts_.counter == nullptr || parts_.counter->arm(0, Netdev::kReceive);
  if (parts_.sender == nullptr) return quiet;
  Netdev& device = parts_.sender->device();
  if (&device != parts_.counter) quiet = device.arm(0, Netdev::kReceive) && quiet;
  if (may_send() != 0 && !parts_.sender->is_full()) return false;
  const bool wants_room = sends() ? parts_.sender->is_full() : !parts_.sender->is_done();
  return (!wants_room || device.arm(0, Netdev::kSend)) && quiet;
}

std::uint64_t Trial::lost() const {
  if (parts_.tally == nullptr) return 0;
  std::uint64_t expected = parts_.sender != nullptr ? sent() : parts_.tally->known();
  if (parts_.sender == nullptr) expected = std::max(expected, plan_.packets);
  return expected - std::min(expected, arrived());
}

bool Trial::is_good() const {
  if (sent() < plan_.packets && parts_.sender != nullptr) return false;
  if (parts_.tally == nullptr) return parts_.sender->is_done();
  const Counts& counts = parts_.tally->counts();
  return counts.arrived != 0 && lost() == 0 &&
         (counts.reordered | counts.duplicated | counts.stale | counts.damaged) == 0;
}

}  // namespace atl::traffic
