// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/buffer_pool.hpp>
#include <atoll/result.hpp>
#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>

namespace atl {

struct MacAddress {
  std::array<std::uint8_t, 6> bytes{};
  bool operator==(const MacAddress&) const = default;
};

/// A network device: Ethernet frames in and out, in batches, on one or several queues.
///
/// Threads only, but for what says otherwise. The receiving side of a queue is used by one
/// thread at a time, and so is its sending side; sides and queues are independent. open(),
/// close() and restart() are for one thread while no other is in a function of the device.
/// Nothing here waits for packets. Which queue a packet arrives on the device decides, and may
/// decide anew within a flow; those of a flow that arrive on one queue are in order.
///
/// What the device says is not trusted: a packet that makes no sense is dropped and counted;
/// a device that breaks its protocol is faulty, and touches nothing but the buffers that it
/// was given.
class Netdev {
 public:
  /// What a device can do for packets; see Offload.
  enum : std::uint32_t {
    kSendChecksum = 1 << 0,     ///< Checksum::kPartial may be sent
    kReceiveChecksum = 1 << 1,  ///< kChecked and kPartial may be received
    kSendTcp4 = 1 << 2,         ///< Segments::kTcp4 may be sent; needs kSendChecksum
    kSendTcp6 = 1 << 3,
    kReceiveLarge = 1 << 4,  ///< segments put together, of up to 65,535 bytes, may be received;
                             ///< needs kReceiveChecksum
  };

  /// Bytes of an Ethernet header (IEEE 802.3 §3.1.1): no frame is shorter.
  static constexpr std::uint32_t kHeader = 14;
  /// Bytes of a VLAN tag (IEEE 802.1Q §9.6), for which every device has room beside its MTU.
  static constexpr std::uint32_t kTag = 4;
  /// The longest packet that a device puts together or takes apart.
  static constexpr std::uint32_t kLongest = 65'535 + kHeader + kTag;

  struct Info {
    MacAddress mac;
    std::uint32_t mtu = 1500;           ///< bytes of the longest frame without its header
    std::uint16_t queues = 1;           ///< that it can have, each with both sides
    std::uint32_t offloads = 0;         ///< that it offers
    std::uint32_t buffer_bytes = 2048;  ///< that a buffer to receive into must have
  };

  /// What a queue is to tell about.
  enum : unsigned {
    kReceive = 1,  ///< there is something to receive
    kSend = 2,     ///< there is room to send again, or something to collect
  };
  /// Called in interrupt context, or with interrupts masked as there: once for each arm(), for
  /// that queue, and whenever state() may have changed, for kNoQueue.
  struct Event {
    void (*call)(void* context, std::uint16_t queue) = nullptr;
    void* context = nullptr;
  };
  static constexpr std::uint16_t kNoQueue = 0xffff;

  struct Settings {
    BufferPool* pool = nullptr;  ///< to receive into; outlives the opening
    std::uint16_t queues = 1;    ///< at most as many are opened
    std::uint16_t depth = 256;   ///< buffers under way on each side of a queue, at most
    std::uint32_t offloads = 0;  ///< wanted: what of them the device has is agreed on
    Event event = {};
  };
  struct Agreed {
    std::uint16_t queues = 0;
    std::uint32_t offloads = 0;
  };

  enum class State : std::uint8_t {
    kClosed,
    kUp,
    kNoLink,  ///< open, but nothing arrives and what is sent is lost
    kFaulty,  ///< it has broken its protocol: nothing goes on before restart()
    kDead,    ///< nothing ever will
  };

  struct Statistics {
    std::uint64_t received = 0;  ///< packets
    std::uint64_t received_bytes = 0;
    std::uint64_t sent = 0;  ///< packets that the device was given
    std::uint64_t sent_bytes = 0;
    std::uint64_t receive_malformed = 0;  ///< dropped: no packet has such a length or offload
    std::uint64_t receive_no_buffer = 0;  ///< dropped: the pool had no buffer to follow
    std::uint64_t send_malformed = 0;     ///< dropped, as above
    std::uint64_t send_lost = 0;          ///< refused, or under way when it was closed or restarted
    std::uint64_t interrupts = 0;
    std::uint64_t notifications = 0;  ///< of the device: exits to the hypervisor
    std::uint64_t restarts = 0;

    Statistics& operator+=(const Statistics& other);
  };

  // For providers.

  /// What the receiving side of a queue has next: a packet, a null one where there is none, and
  /// whether it makes sense as far as that side knows.
  struct Arrived {
    Packet packet;
    std::uint64_t length = 0;
    bool sound = false;
  };
  /// What became of a packet that the sending side of a queue was given; only where it was taken
  /// it is null.
  enum class Outcome : std::uint8_t { kTaken, kNoRoom, kMalformed };

  Netdev(const Netdev&) = delete;
  Netdev& operator=(const Netdev&) = delete;

  /// "net0", "net1", ... in the order in which they were found.
  [[nodiscard]] std::string_view name() const { return {name_.data(), name_length_}; }
  [[nodiscard]] const Info& info() const { return info_; }

  /// Brings it up. kBusy where it is open; kInvalidArgument without a queue, a pool, a depth,
  /// or with too small buffers; kNoMemory, also where the pool cannot fill the queues;
  /// kNoDevice where it is dead; kProtocol, kTimedOut for a device that does not do its part.
  Result<Agreed> open(const Settings& settings);
  /// Ends what was opened; every buffer goes back, unless the device does not stop: then it is
  /// dead, and keeps what it was given for ever. The event is no longer called: a call that is
  /// under way on another CPU ends first, so hold no lock that it takes. Nothing for a closed one.
  void close();
  /// Closes and opens a faulty device again, as it was. kNoDevice, and dead for ever, where it
  /// has broken its protocol kRestarts times with no packet in between; errors of open().
  Result<void> restart();
  static constexpr unsigned kRestarts = 3;

  [[nodiscard]] State state();
  /// Of all queues since it was found. What is counted meanwhile may or may not be in it.
  [[nodiscard]] Statistics statistics() const {
    Statistics all = do_statistics();
    all.restarts = restarts_;
    return all;
  }

  /// Packets that have arrived, at most into.size(): how many. 0 where there are none and where
  /// the device is not up. The device keeps enough buffers to receive into: packets are dropped
  /// before it has none.
  std::size_t receive(std::uint16_t queue, std::span<Packet> into) {
    return queue < queues_ ? do_receive(queue, into) : 0;
  }
  /// Sends what there is room for, the first of `packets`: how many, which are the device's
  /// from here on. What no frame is, or asks for what was not agreed on, is dropped and counted
  /// among them. None where the device is not up.
  std::size_t send(std::uint16_t queue, std::span<Packet> packets) {
    return queue < queues_ ? do_send(queue, packets) : 0;
  }
  /// Gives back what has been sent, as send() does at its beginning. Sending side.
  void collect(std::uint16_t queue) {
    if (queue < queues_) do_collect(queue);
  }

  /// Asks for one call of the event as soon as one of `wishes` holds; or before, where queues
  /// share an interrupt that another one has needed. False where one holds already: then none
  /// may come. Of both sides of the queue those that `wishes` names.
  bool arm(std::uint16_t queue, unsigned wishes) {
    return queue >= queues_ || do_arm(queue, wishes);
  }
  /// No calls for `wishes` are wanted: one may still come.
  void disarm(std::uint16_t queue, unsigned wishes) {
    if (queue < queues_) do_disarm(queue, wishes);
  }

 protected:
  explicit Netdev(const Info& info) : info_(info) {}
  ~Netdev() = default;

  /// For providers. Whether `length` and `offload` are what a packet to be sent may have.
  [[nodiscard]] bool may_send(std::uint64_t length, const Offload& offload) const;
  /// The same of a received one.
  [[nodiscard]] bool may_receive(std::uint64_t length, const Offload& offload) const;
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const Agreed& agreed() const { return agreed_; }
  [[nodiscard]] bool works() const { return !faulty_.load(std::memory_order_relaxed); }
  /// The device has broken its protocol, as `what` says: logs it, and tells. Any context.
  void set_faulty(std::string_view what);
  /// Calls the event for `queue` where `armed`, which it takes back. Any context.
  void tell(std::uint16_t queue, std::atomic<bool>& armed);
  /// Calls the event: state() may have changed. Any context.
  void tell_state();
  /// do_receive() by `side`: its `Arrived next()`, its `fault()`, which says what the device broke
  /// if it did, its `fill()`, which gives the device buffers and says how many it has then, at
  /// least `least` where possible, and its `Statistics counts`. Where the device still works()
  /// it is to be shown the buffers.
  template <typename Side>
  std::size_t receive_by(Side& side, std::span<Packet> into, std::size_t least) {
    std::size_t count = 0;
    std::uint64_t bytes = 0;
    while (count < into.size()) {
      Arrived arrived = side.next();
      if (!arrived.packet) break;
      if (arrived.sound && may_receive(arrived.length, arrived.packet->offload)) {
        into[count++] = std::move(arrived.packet);
        bytes += arrived.length;
      } else {
        ++side.counts.receive_malformed;
      }
    }
    if (has_fault(side)) {
      for (Packet& packet : into.first(count)) packet.reset();
      return 0;
    }
    // Packets are dropped before the device has nothing to receive into.
    const std::span<Packet> got =
        drop_for_room(into.first(count), least, [&] { return side.fill(); });
    if (got.size() < count) {
      side.counts.receive_no_buffer += count - got.size();
      bytes = 0;
      for (const Packet& packet : got) bytes += packet_length(*packet);
    }
    if (got.empty()) return 0;
    note_progress();
    side.counts.received += got.size();
    side.counts.received_bytes += bytes;
    return got.size();
  }
  /// do_send() by `side`: its `Outcome add(Packet&, std::uint64_t length)` and its `Statistics
  /// counts`. The device is to be shown what was added.
  template <typename Side>
  std::size_t send_by(Side& side, std::span<Packet> packets) {
    std::size_t done = 0;
    for (; done < packets.size(); ++done) {
      Packet& packet = packets[done];
      const std::uint64_t length = packet_length(*packet);
      const Outcome outcome =
          may_send(length, packet->offload) ? side.add(packet, length) : Outcome::kMalformed;
      if (outcome == Outcome::kNoRoom) break;
      if (outcome == Outcome::kTaken) {
        ++side.counts.sent;
        side.counts.sent_bytes += length;
      } else {
        ++side.counts.send_malformed;
        packet.reset();
      }
    }
    return done;
  }
  /// Whether the device is faulty, be it by the `fault()` of `side`.
  template <typename Side>
  bool has_fault(const Side& side) {
    if (const std::string_view fault = side.fault(); !fault.empty()) set_faulty(fault);
    return !works();
  }
  /// Gives back the last of `packets`, which have arrived, until `refill()`, which says how many
  /// buffers there are to receive into, says at least `least`: those that are left.
  template <typename Refill>
  static std::span<Packet> drop_for_room(std::span<Packet> packets, std::size_t least,
                                         Refill refill) {
    while (refill() < least && !packets.empty()) {
      packets.back().reset();
      packets = packets.first(packets.size() - 1);
    }
    return packets;
  }
  /// A packet has passed: the next fault is the first in a row again.
  void note_progress() { faults_in_a_row_ = 0; }

 private:
  friend struct NetdevList;

  /// Ends the calls of the event, and waits for one that is under way.
  void end_telling();

  virtual Result<Agreed> do_open(const Settings& settings) = 0;
  /// False where the device does not stop.
  virtual bool do_close() = 0;
  virtual bool do_has_link() = 0;
  virtual Statistics do_statistics() const = 0;
  virtual std::size_t do_receive(std::uint16_t queue, std::span<Packet> into) = 0;
  virtual std::size_t do_send(std::uint16_t queue, std::span<Packet> packets) = 0;
  virtual void do_collect(std::uint16_t queue) = 0;
  virtual bool do_arm(std::uint16_t queue, unsigned wishes) = 0;
  virtual void do_disarm(std::uint16_t queue, unsigned wishes) = 0;

  Info info_;
  Settings settings_;
  Agreed agreed_;
  std::uint16_t queues_ = 0;  // that are open
  bool open_ = false;
  bool dead_ = false;
  std::atomic<bool> tells_ = false;  // settings_.event may be called
  std::atomic<unsigned> calls_ = 0;  // of it, that are under way
  std::atomic<bool> faulty_ = false;
  std::atomic<unsigned> faults_in_a_row_ = 0;
  std::atomic<std::uint64_t> restarts_ = 0;
  Netdev* next_ = nullptr;
  std::array<char, 8> name_{};
  std::uint8_t name_length_ = 0;
};

/// The network devices of this image.
namespace netdev {

/// Adds one that has been found, and names it: for providers, in their boot step. It stays as
/// long as the image lives.
void add(Netdev& device);

/// Number `index` of them; null behind the last. Any context, after the boot steps.
Netdev* at(std::size_t index);

/// The one of that name; null where there is none.
Netdev* find(std::string_view name);

}  // namespace netdev
}  // namespace atl
