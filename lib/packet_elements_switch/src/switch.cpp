// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/clock.hpp>
#include <atoll/packet_elements.hpp>
#include <cstring>

namespace atl {
namespace {

/// Learned addresses are forgotten when they have not been seen for so long (IEEE 802.1Q §8.8.3:
/// 300 s by default).
constexpr Nanoseconds kMemory = 300_s;

/// `switch N`: a bridge between N networks. It learns behind which input an address is, and sends
/// to all others what is for everybody or for somebody it does not know.
class Switch final : public Element {
 public:
  explicit Switch(std::uint16_t ports) : Element({.inputs = ports, .outputs = ports}) {}

 private:
  struct Place {
    MacAddress address;
    std::uint16_t port = 0;
    Nanoseconds seen;
    bool used = false;
  };
  // Addresses are spread over the table, which has a place for each spread value: a collision
  // forgets the older one, and what is for it goes everywhere.
  static constexpr std::size_t kPlaces = 1'024;

  Place& place_of(const MacAddress& address) {
    std::uint64_t value = 0;
    std::memcpy(&value, address.bytes.data(), address.bytes.size());
    // Fibonacci hashing: the high bits of a product with 2^64 divided by the golden ratio.
    return places_[(value * 0x9e37'79b9'7f4a'7c15) >> 54];
  }

  void learn(const MacAddress& from, std::uint16_t port, Nanoseconds now) {
    // A sender's address stands for one station (IEEE 802.1Q §8.7: learned if individual).
    if ((from.bytes[0] & 1) == 0) place_of(from) = {from, port, now, true};
  }
  /// Where it goes; as many as there are ports for everywhere.
  std::uint16_t find(const MacAddress& to, Nanoseconds now) {
    if ((to.bytes[0] & 1) != 0) return shape().outputs;
    const Place& place = place_of(to);
    const bool known = place.used && place.address == to && now - place.seen < kMemory;
    return known ? place.port : shape().outputs;
  }

  void do_push(std::uint16_t input, PacketBatch& batch) override {
    const Nanoseconds now = clock::now();
    std::uint16_t to = input;  // of the packets in run_, none of which goes back
    for (Packet& packet : batch.packets()) {
      if (!gather(*packet, Netdev::kHeader)) {
        ++malformed_;
        packet.reset();
        continue;
      }
      MacAddress receiver, sender;
      std::memcpy(receiver.bytes.data(), packet->data(), 6);
      std::memcpy(sender.bytes.data(), packet->data() + 6, 6);
      learn(sender, input, now);
      const std::uint16_t found = find(receiver, now);
      if (found == input) {
        ++at_home_;
        packet.reset();
        continue;
      }
      if (found != to) {
        pass_run(input, to);
        to = found;
      }
      run_.add(std::move(packet));
    }
    pass_run(input, to);
    batch.clear();
  }

  void pass_run(std::uint16_t input, std::uint16_t to) {
    if (run_.empty()) return;
    if (to < shape().outputs) {
      forwarded_ += run_.size();
      pass(run_, to);
      return;
    }
    flooded_ += run_.size();
    std::uint16_t last = shape().outputs - 1;
    if (last == input) --last;
    for (std::uint16_t output = 0; output < last; ++output) {
      if (output == input) continue;
      for (Packet& packet : run_.packets()) copy_.add(packet->share());
      copies_ += copy_.size();
      pass(copy_, output);
    }
    pass(run_, last);
  }

  void do_report(Counters& into) const override {
    into.count("forwarded", forwarded_);
    into.count("to all", flooded_);
    into.made("copies", copies_);
    into.dropped("at home", at_home_);
    into.dropped("malformed", malformed_);
  }
  void do_destroy() override { destroy_in(default_allocator(), *this); }

  std::array<Place, kPlaces> places_{};
  PacketBatch run_;  // packets in a row that go the same way
  PacketBatch copy_;
  std::uint64_t forwarded_ = 0;
  std::uint64_t flooded_ = 0;
  std::uint64_t copies_ = 0;
  std::uint64_t at_home_ = 0;
  std::uint64_t malformed_ = 0;
};

}  // namespace

Result<void> switch_element(packet_elements::Wanted& wanted);
Result<void> switch_element(packet_elements::Wanted& wanted) {
  const std::uint64_t ports = TRY(wanted.number("the number of its networks", 2, 8));
  return wanted.make<Switch>(static_cast<std::uint16_t>(ports));
}

}  // namespace atl
