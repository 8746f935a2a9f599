// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/arch.hpp>
#include <atoll/format.hpp>
#include <atoll/interrupt_mask.hpp>
#include <atoll/log.hpp>
#include <atoll/netdev.hpp>

namespace atl {

Netdev::Statistics& Netdev::Statistics::operator+=(const Statistics& other) {
  received += other.received;
  received_bytes += other.received_bytes;
  sent += other.sent;
  sent_bytes += other.sent_bytes;
  receive_malformed += other.receive_malformed;
  receive_no_buffer += other.receive_no_buffer;
  send_malformed += other.send_malformed;
  send_lost += other.send_lost;
  interrupts += other.interrupts;
  notifications += other.notifications;
  restarts += other.restarts;
  return *this;
}

Result<Netdev::Agreed> Netdev::open(const Settings& settings) {
  if (dead_) return fail(Errc::kNoDevice);
  if (open_) return fail(Errc::kBusy);
  if (settings.pool == nullptr || settings.queues == 0 || settings.depth == 0 ||
      settings.pool->buffer_bytes() < info_.buffer_bytes) {
    return fail(Errc::kInvalidArgument);
  }
  Settings wanted = settings;
  wanted.queues = std::min(settings.queues, info_.queues);
  wanted.offloads &= info_.offloads;
  // What rests on another offload goes with it.
  if ((wanted.offloads & kSendChecksum) == 0) wanted.offloads &= ~(kSendTcp4 | kSendTcp6);
  if ((wanted.offloads & kReceiveChecksum) == 0) wanted.offloads &= ~kReceiveLarge;
  faulty_ = false;
  settings_ = wanted;
  agreed_ = {wanted.queues, wanted.offloads};
  tells_ = true;
  const auto agreed = do_open(wanted);
  if (!agreed.ok()) {
    end_telling();
    return fail(agreed.error());
  }
  agreed_ = agreed.value();
  queues_ = agreed_.queues;
  open_ = true;
  return agreed_;
}

void Netdev::close() {
  if (!open_) return;
  open_ = false;
  queues_ = 0;
  const bool stopped = do_close();
  end_telling();
  if (stopped) return;
  dead_ = true;
  log::error("netdev", "{} does not stop: it keeps the memory that it was given", name());
}

Result<void> Netdev::restart() {
  if (!open_) return fail(dead_ ? Errc::kNoDevice : Errc::kInvalidArgument);
  const Settings again = settings_;
  close();
  if (!dead_ && faults_in_a_row_ >= kRestarts) {
    dead_ = true;
    log::error("netdev", "{} is given up: faulty {} times in a row", name(), kRestarts);
  }
  if (dead_) return fail(Errc::kNoDevice);
  TRY(open(again));
  ++restarts_;
  log::warning("netdev", "{} was restarted", name());
  return {};
}

Netdev::State Netdev::state() {
  if (dead_) return State::kDead;
  if (!open_) return State::kClosed;
  if (!works()) return State::kFaulty;
  return do_has_link() ? State::kUp : State::kNoLink;
}

void Netdev::set_faulty(std::string_view what) {
  if (faulty_.exchange(true)) return;
  ++faults_in_a_row_;
  log::error("netdev", "{} is faulty: {}", name(), what);
  tell_state();
}

// A call is counted before it looks whether it may be: either end_telling() sees it, or it sees
// that it may not.
void Netdev::tell(std::uint16_t queue, std::atomic<bool>& armed) {
  const InterruptMask mask;
  ++calls_;
  if (armed.exchange(false) && tells_ && settings_.event.call != nullptr) {
    settings_.event.call(settings_.event.context, queue);
  }
  --calls_;
}

void Netdev::tell_state() {
  std::atomic<bool> always = true;
  tell(kNoQueue, always);
}

void Netdev::end_telling() {
  tells_ = false;
  while (calls_ > 0) arch::Cpu::relax();
}

bool Netdev::may_send(std::uint64_t length, const Offload& offload) const {
  using Checksum = Offload::Checksum;
  using Segments = Offload::Segments;
  if (length < kHeader) return false;
  if (offload.checksum == Checksum::kPartial) {
    if ((agreed_.offloads & kSendChecksum) == 0) return false;
    if (std::uint64_t{offload.checksum_start} + offload.checksum_offset + 2 > length) return false;
  }
  if (offload.segments == Segments::kNone) return length <= info_.mtu + kHeader + kTag;
  const std::uint32_t needed = offload.segments == Segments::kTcp4 ? kSendTcp4 : kSendTcp6;
  return (agreed_.offloads & needed) != 0 && offload.checksum == Checksum::kPartial &&
         offload.segment_bytes > 0 && offload.header_bytes >= kHeader &&
         offload.header_bytes < length && length <= kLongest;
}

bool Netdev::may_receive(std::uint64_t length, const Offload& offload) const {
  using Checksum = Offload::Checksum;
  if (length < kHeader) return false;
  if (offload.checksum != Checksum::kUnchecked && (agreed_.offloads & kReceiveChecksum) == 0) {
    return false;
  }
  if (offload.checksum == Checksum::kPartial &&
      std::uint64_t{offload.checksum_start} + offload.checksum_offset + 2 > length) {
    return false;
  }
  if (offload.segments == Offload::Segments::kNone) return length <= info_.mtu + kHeader + kTag;
  return (agreed_.offloads & kReceiveLarge) != 0 && length <= kLongest && offload.segment_bytes > 0;
}

struct NetdevList {
  static void add(Netdev& device) {
    Netdev** last = &first;
    std::uint64_t number = 0;
    for (; *last != nullptr; ++number) last = &(*last)->next_;
    *last = &device;
    device.name_length_ = static_cast<std::uint8_t>(
        TextWriter{device.name_}.text("net").decimal(number).view().size());
  }
  static Netdev* next(const Netdev* device) { return device == nullptr ? first : device->next_; }

  static constinit inline Netdev* first = nullptr;
};

namespace netdev {

void add(Netdev& device) { NetdevList::add(device); }

Netdev* at(std::size_t index) {
  Netdev* device = NetdevList::next(nullptr);
  for (; device != nullptr && index > 0; --index) device = NetdevList::next(device);
  return device;
}

Netdev* find(std::string_view name) {
  Netdev* device = NetdevList::next(nullptr);
  while (device != nullptr && device->name() != name) device = NetdevList::next(device);
  return device;
}

}  // namespace netdev
}  // namespace atl
