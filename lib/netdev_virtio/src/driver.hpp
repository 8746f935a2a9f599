// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/assert.hpp>
#include <atoll/config/netdev_virtio.hpp>
#include <atoll/log.hpp>
#include <atoll/make.hpp>
#include <atoll/netdev.hpp>
#include <atoll/virtio.hpp>
#include <atomic>
#include <concepts>
#include <optional>

#include "control_queue.hpp"
#include "format.hpp"
#include "receiver.hpp"
#include "sender.hpp"

namespace atl::netdev_virtio {

/// A network device over rings of one form.
template <typename Ring>
class Driver final : public Netdev, public OnHeap<Driver<Ring>> {
 public:
  /// `most_pairs`: that the device can have, which may be more than `info.queues`.
  Driver(virtio::Device& device, const Info& info, std::uint16_t most_pairs)
      : Netdev(info), device_(device), control_index_(control_queue(most_pairs)) {
    ATOLL_ASSERT(info.queues <= kMostQueues);
    // Before it is open for the first time nobody interrupts.
    for (std::uint16_t index = 0; index < kMostQueues; ++index) {
      receiving_[index].driver = sending_[index].driver = this;
      receiving_[index].queue = sending_[index].queue = index;
    }
  }

  /// Queues that a device is asked for at most.
  static constexpr auto kMostQueues =
      static_cast<std::uint16_t>(atl::config::netdev_virtio::kQueues);

 private:
  using Queue = virtio::Queue<Ring>;

  /// What an interrupt needs to know of a side of a queue. It stays when the queue goes: a
  /// handler may be at work on another CPU.
  struct Side {
    Driver* driver = nullptr;
    std::uint16_t queue = 0;
    std::atomic<bool> armed = false;
    std::atomic<std::uint64_t> interrupts = 0;
    bool asked = false;  // the ring for interrupts
  };

  struct Pair : OnHeap<Pair> {
    Pair(Owned<Queue> receive, Owned<Queue> send, BufferPool& pool, bool mergeable)
        : receiver(std::move(receive), pool, mergeable), sender(std::move(send), pool) {}
    Receiver<Ring> receiver;
    Sender<Ring> sender;
  };

  Result<Agreed> do_open(const Settings& settings) override {
    auto agreed = start(settings);
    if (agreed.ok()) return agreed;
    const Errc error = agreed.error();
    static_cast<void>(do_close());
    return fail(error);
  }

  Result<Agreed> start(const Settings& settings) {
    const std::uint64_t form =
        std::same_as<Ring, virtio::PackedRing> ? virtio::feature::kPackedRing : 0;
    const bool several = kMostQueues > 1 && settings.queues > 1;
    const std::uint64_t queues = several ? feature::kControl | feature::kMultiqueue : 0;
    features_ =
        TRY(device_.negotiate(feature::kMac | form | queues,
                              features_of(settings.offloads) | feature::kMtu | feature::kStatus |
                                  feature::kMergeable | virtio::feature::kEventIndex));
    for (std::uint16_t index = 0; index < settings.queues; ++index) {
      TRY(add_pair(index, settings));
    }
    if (several) {
      control_ = TRY(ControlQueue<Ring>::create(device_, control_index_, features_));
    }
    TRY(device_.on_change({on_change, this}));
    changed_ = true;
    device_.start();
    for (std::uint16_t index = 0; index < count_; ++index) pairs_[index]->receiver.ring().flush();
    // Until then the device uses the first pair alone.
    if (several) TRY(set_pairs());
    return Agreed{count_, offloads_of(features_)};
  }

  Result<void> set_pairs() {
    const auto set = control_->set_pairs(count_);
    if (!set.ok()) {
      log::error("netdev_virtio", "{} does not use {} queues, as it was told to: {}", name(),
                 count_, set.error());
    }
    return set;
  }

  Result<void> add_pair(std::uint16_t index, const Settings& settings) {
    auto receive = TRY(Queue::create(device_, receive_queue(index), settings.depth, features_,
                                     {on_interrupt, &receiving_[index]}));
    auto send = TRY(Queue::create(device_, send_queue(index), settings.depth, features_,
                                  {on_interrupt, &sending_[index]}));
    pairs_[index] = TRY(make<Pair>(std::move(receive), std::move(send), *settings.pool,
                                   (features_ & feature::kMergeable) != 0));
    ++count_;
    Receiver<Ring>& receiver = pairs_[index]->receiver;
    if (receiver.fill() < receiver.ring().size()) return fail(Errc::kNoMemory);
    return {};
  }

  bool do_close() override {
    for (Side& side : receiving_) side.armed = false;
    for (Side& side : sending_) side.armed = false;
    const bool stopped = device_.reset().ok();
    for (std::uint16_t index = 0; index < count_; ++index) {
      Pair& pair = *pairs_[index];
      pair.sender.counts.send_lost += pair.sender.ring().buffers();
      add_counts(pair, past_);
      // What the device goes on using is left to it.
      if (!stopped) {
        pair.receiver.abandon();
        pair.sender.abandon();
      }
      pairs_[index].reset();
    }
    count_ = 0;
    if (!stopped && control_) control_->abandon();
    control_.reset();
    return stopped;
  }

  bool do_has_link() override {
    if ((features_ & feature::kStatus) == 0) return true;
    if (changed_.exchange(false)) {
      const auto status = device_.template read_config<std::uint16_t>(config::kStatus);
      if (!status.ok()) {
        set_faulty("its configuration cannot be read");
        return false;
      }
      link_ = (status.value() & config::kLinkUp) != 0;
    }
    return link_;
  }

  Statistics do_statistics() const override {
    Statistics all = past_;
    for (std::uint16_t index = 0; index < count_; ++index) add_counts(*pairs_[index], all);
    for (const Side& side : receiving_) all.interrupts += side.interrupts;
    for (const Side& side : sending_) all.interrupts += side.interrupts;
    return all;
  }

  static void add_counts(const Pair& pair, Statistics& all) {
    all += pair.receiver.counts;
    all += pair.sender.counts;
    all.notifications += pair.receiver.ring().notifications() + pair.sender.ring().notifications();
  }

  std::size_t do_receive(std::uint16_t queue, std::span<Packet> into) override {
    if (!works()) return 0;
    Receiver<Ring>& receiver = pairs_[queue]->receiver;
    quiet(receiving_[queue], receiver.ring());
    const std::size_t least = std::max<std::size_t>(receiver.ring().size() / 4, 1);
    const std::size_t count = this->receive_by(receiver, into, least);
    if (works()) receiver.ring().flush();
    return count;
  }

  std::size_t do_send(std::uint16_t queue, std::span<Packet> packets) override {
    if (!collect_sent(queue)) return 0;
    Sender<Ring>& sender = pairs_[queue]->sender;
    const std::size_t count = this->send_by(sender, packets);
    sender.ring().flush();
    return count;
  }

  void do_collect(std::uint16_t queue) override { static_cast<void>(collect_sent(queue)); }

  /// False where the device is faulty.
  bool collect_sent(std::uint16_t queue) {
    if (!works()) return false;
    Sender<Ring>& sender = pairs_[queue]->sender;
    quiet(sending_[queue], sender.ring());
    if (sender.collect() > 0) note_progress();
    return !this->has_fault(sender);
  }

  bool do_arm(std::uint16_t queue, unsigned wishes) override {
    if (!works()) return true;
    bool nothing_yet = true;
    if ((wishes & kReceive) != 0) {
      nothing_yet &= arm_side(receiving_[queue], pairs_[queue]->receiver.ring());
    }
    if ((wishes & kSend) != 0) {
      Queue& ring = pairs_[queue]->sender.ring();
      // With nothing under way there is room, and nobody to tell of it.
      nothing_yet &= ring.buffers() > 0 && arm_side(sending_[queue], ring);
    }
    return nothing_yet;
  }

  bool arm_side(Side& side, Queue& ring) {
    side.armed = true;
    side.asked = true;
    if (ring.enable_interrupts()) return true;
    disarm_side(side, ring);
    return false;
  }
  void disarm_side(Side& side, Queue& ring) {
    side.armed = false;
    side.asked = false;
    ring.disable_interrupts();
  }
  /// After its one call nobody wants to be interrupted.
  void quiet(Side& side, Queue& ring) {
    if (side.asked && !side.armed) disarm_side(side, ring);
  }

  void do_disarm(std::uint16_t queue, unsigned wishes) override {
    if ((wishes & kReceive) != 0) {
      disarm_side(receiving_[queue], pairs_[queue]->receiver.ring());
    }
    if ((wishes & kSend) != 0) disarm_side(sending_[queue], pairs_[queue]->sender.ring());
  }

  // In interrupt context.
  static void on_interrupt(void* context) {
    Side& side = *static_cast<Side*>(context);
    side.interrupts.fetch_add(1, std::memory_order_relaxed);
    side.driver->tell(side.queue, side.armed);
  }
  static void on_change(void* context) {
    Driver& driver = *static_cast<Driver*>(context);
    driver.changed_ = true;
    if (driver.device_.needs_reset()) return driver.set_faulty("it asks for a reset");
    driver.tell_state();
  }

  static constexpr struct {
    std::uint32_t offload;
    std::uint64_t feature;
  } kOffloads[] = {
      {kSendChecksum, feature::kChecksum},
      {kReceiveChecksum, feature::kGuestChecksum},
      {kSendTcp4, feature::kHostTcp4},
      {kSendTcp6, feature::kHostTcp6},
      {kReceiveLarge, feature::kGuestTcp4 | feature::kGuestTcp6},
  };

 public:
  static std::uint64_t features_of(std::uint32_t offloads) {
    std::uint64_t features = 0;
    for (const auto& pair : kOffloads) {
      if ((offloads & pair.offload) != 0) features |= pair.feature;
    }
    return features;
  }
  static std::uint32_t offloads_of(std::uint64_t features) {
    std::uint32_t offloads = 0;
    for (const auto& pair : kOffloads) {
      if ((features & pair.feature) == pair.feature) offloads |= pair.offload;
    }
    // A large packet does not fit in one buffer.
    if ((features & feature::kMergeable) == 0) offloads &= ~kReceiveLarge;
    return offloads;
  }

 private:
  virtio::Device& device_;
  std::uint16_t control_index_;
  std::uint64_t features_ = 0;
  std::uint16_t count_ = 0;            // of pairs
  Owned<ControlQueue<Ring>> control_;  // where there are several
  std::array<Owned<Pair>, kMostQueues> pairs_;
  std::array<Side, kMostQueues> receiving_;
  std::array<Side, kMostQueues> sending_;
  Statistics past_;  // of queues that are gone
  std::atomic<bool> changed_ = true;
  bool link_ = false;
};

}  // namespace atl::netdev_virtio
