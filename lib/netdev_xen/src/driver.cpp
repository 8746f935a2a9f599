// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "driver.hpp"

#include <algorithm>
#include <atoll/deadline.hpp>

namespace atl::netdev_xen {

namespace {

// What a backend may take for one step of its states.
constexpr Nanoseconds kPatience = 10_s;

// Pages that the longest packet fills.
std::size_t pages_of(std::uint64_t longest) {
  return static_cast<std::size_t>(PageCount::holding(longest).count);
}

}  // namespace

Driver::Driver(const xenbus::Device& device, const Info& info, bool standing)
    : Netdev(info), device_(device), standing_(standing) {
  for (std::uint16_t index = 0; index < kMostQueues; ++index) {
    receiving_[index].driver = sending_[index].driver = this;
    receiving_[index].queue = sending_[index].queue = index;
  }
}

Result<void> Driver::follow() {
  TRY(state_.follow(device_, "state", on_state, this));
  return carrier_.follow(device_, "carrier", on_carrier, this);
}

Result<Netdev::Agreed> Driver::do_open(const Settings& settings) {
  auto agreed = connect(settings);
  if (agreed.ok()) return agreed;
  const Errc error = agreed.error();
  static_cast<void>(do_close());
  return fail(error == Errc::kNoSpace ? Errc::kNoMemory : error);
}

Result<Netdev::Agreed> Driver::connect(Settings wanted) {
  const std::uint32_t depth =
      std::min<std::uint32_t>(wanted.depth, std::min(SendRing::kSize, ReceiveRing::kSize));
  least_ = pages_of(info().mtu + kHeader + kTag);
  if (depth < least_) return fail(Errc::kInvalidArgument);
  // A backend waits until there is room for all of a packet, and its entry about segments.
  if (depth < kMostPieces + 1) wanted.offloads &= ~kReceiveLarge;
  if ((wanted.offloads & kReceiveLarge) != 0) least_ = kMostPieces + 1;
  least_ = std::max<std::size_t>(least_, depth / 4);

  // Without buffers the backend need not be asked.
  for (std::uint16_t index = 0; index < wanted.queues; ++index) {
    pairs_[index] = TRY(make<Pair>(device_.backend_domain(), wanted, depth, standing_));
    ++count_;
    TRY(pairs_[index]->sender.create());
    TRY(pairs_[index]->receiver.create());
    if (pairs_[index]->receiver.fill() < depth) return fail(Errc::kNoMemory);
  }
  TRY(device_.reopen(deadline::after(kPatience)));
  const Backend backend = TRY(Backend::read(device_));
  wanted.offloads &= backend.offloads;
  if (wanted.queues > backend.queues) return fail(Errc::kNotSupported);
  told_ = true;
  TRY(write_wishes(device_, backend, wanted));
  for (std::uint16_t index = 0; index < count_; ++index) {
    TRY(open_channels(index, backend.split_channels));
    Pair& pair = *pairs_[index];
    static_cast<void>(pair.receiver.publish());
    TRY(write_queue(device_, pair, index, count_));
  }
  TRY(device_.set_state(xenbus::State::kConnected));
  TRY(device_.wait_for_backend(xenbus::State::kConnected, deadline::after(kPatience)));
  connected_ = true;
  for (std::uint16_t index = 0; index < count_; ++index) {
    Pair& pair = *pairs_[index];
    pair.sending.listen();
    pair.receiving.listen();
    // It may have connected before there were pages to be seen.
    pair.notify_receiving();
  }
  return Agreed{count_, wanted.offloads};
}

Result<void> Driver::open_channels(std::uint16_t index, bool split) {
  const xen::DomainId backend = device_.backend_domain();
  Side& sending = sending_[index];
  Pair& pair = *pairs_[index];
  sending.other = split ? nullptr : &receiving_[index];
  TRY(pair.sending.open(backend, on_event, &sending));
  if (!split) return {};
  return pair.receiving.open(backend, on_event, &receiving_[index]);
}

bool Driver::do_close() {
  connected_ = false;
  for (Side& side : receiving_) side.armed = false;
  for (Side& side : sending_) side.armed = false;
  // One that does not answer is recognised by what it goes on using.
  if (told_) static_cast<void>(device_.close(deadline::after(kPatience)));
  bool stopped = true;
  for (std::uint16_t index = 0; index < count_; ++index) {
    Pair& pair = *pairs_[index];
    pair.sending.close();
    pair.receiving.close();
    if (told_) remove_queue(device_, index, count_);
    pair.sender.counts.send_lost += pair.sender.packets_under_way();
    add_counts(pair, past_);
    const bool sent = pair.sender.take_back();
    const bool received = pair.receiver.take_back();
    if (sent && received) {
      pairs_[index].reset();
    } else {
      static_cast<void>(pairs_[index].release());
      stopped = false;
    }
  }
  count_ = 0;
  told_ = false;
  return stopped;
}

bool Driver::do_has_link() {
  constexpr auto kConnected = static_cast<std::uint64_t>(xenbus::State::kConnected);
  return state_.get() == kConnected && carrier_.get() != 0;
}

Netdev::Statistics Driver::do_statistics() const {
  Statistics all = past_;
  for (std::uint16_t index = 0; index < count_; ++index) add_counts(*pairs_[index], all);
  for (const Side& side : receiving_) all.interrupts += side.interrupts;
  for (const Side& side : sending_) all.interrupts += side.interrupts;
  return all;
}

void Driver::add_counts(const Pair& pair, Statistics& all) {
  all += pair.receiver.counts;
  all += pair.sender.counts;
}

std::size_t Driver::do_receive(std::uint16_t queue, std::span<Packet> into) {
  if (!works()) return 0;
  Pair& pair = *pairs_[queue];
  const std::size_t count = receive_by(pair.receiver, into, least_);
  if (works() && pair.receiver.publish()) pair.notify_receiving();
  return count;
}

std::size_t Driver::do_send(std::uint16_t queue, std::span<Packet> packets) {
  if (!collect_sent(queue)) return 0;
  Pair& pair = *pairs_[queue];
  const std::size_t count = send_by(pair.sender, packets);
  if (pair.sender.publish()) pair.notify_sending();
  return count;
}

void Driver::do_collect(std::uint16_t queue) { static_cast<void>(collect_sent(queue)); }

// False where the device is faulty.
bool Driver::collect_sent(std::uint16_t queue) {
  if (!works()) return false;
  Sender& sender = pairs_[queue]->sender;
  if (sender.collect()) note_progress();
  return !has_fault(sender);
}

bool Driver::do_arm(std::uint16_t queue, unsigned wishes) {
  if (!works()) return true;
  Pair& pair = *pairs_[queue];
  bool nothing_yet = true;
  if ((wishes & kReceive) != 0) {
    receiving_[queue].armed = true;
    nothing_yet &= pair.receiver.ask_for_event();
  }
  if ((wishes & kSend) != 0) {
    sending_[queue].armed = true;
    // With nothing under way there is room, and nobody to tell of it.
    nothing_yet &= pair.sender.under_way() > 0 && pair.sender.ask_for_event();
  }
  if (!nothing_yet) do_disarm(queue, wishes);
  return nothing_yet;
}

// The backend may still send the one event that it was asked for.
void Driver::do_disarm(std::uint16_t queue, unsigned wishes) {
  if ((wishes & kReceive) != 0) receiving_[queue].armed = false;
  if ((wishes & kSend) != 0) sending_[queue].armed = false;
}

// In interrupt context.
void Driver::on_event(void* context) {
  Side* side = static_cast<Side*>(context);
  side->interrupts.fetch_add(1, std::memory_order_relaxed);
  for (; side != nullptr; side = side->other) {
    side->driver->tell(side->queue, side->armed);
  }
}

void Driver::on_state(void* context) {
  Driver& driver = *static_cast<Driver*>(context);
  if (!driver.connected_) return;
  if (driver.state_.get() == static_cast<std::uint64_t>(xenbus::State::kConnected)) {
    driver.tell_state();
  } else {
    driver.set_faulty("its backend has closed, or is gone");
  }
}

void Driver::on_carrier(void* context) {
  Driver& driver = *static_cast<Driver*>(context);
  if (driver.connected_) driver.tell_state();
}

}  // namespace atl::netdev_xen
