// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/packet_elements.hpp>
#include <cstring>

namespace atl {
namespace {

// IEEE 802.1Q §9.5, §9.6: a tag stands behind the two addresses.
constexpr std::uint32_t kAddresses = 12;
constexpr std::uint32_t kTag = Netdev::kTag;
constexpr std::uint16_t kCustomerTag = 0x8100;
constexpr std::uint64_t kMostVlan = 4'094;

void put(std::byte* at, std::uint16_t value) {
  at[0] = static_cast<std::byte>(value >> 8);
  at[1] = static_cast<std::byte>(value & 0xff);
}
std::uint16_t get(const std::byte* at) {
  return static_cast<std::uint16_t>(std::to_integer<unsigned>(at[0]) << 8 |
                                    std::to_integer<unsigned>(at[1]));
}

/// `vlan_push VLAN [priority P]`: puts a tag in front of those that are there.
class VlanPush final : public Element {
 public:
  explicit VlanPush(std::uint16_t tag) : tag_(tag) {}

 private:
  bool push_tag(Buffer& frame) {
    if (frame.shared() || frame.headroom() < kTag || !gather(frame, kAddresses)) return false;
    std::byte* const begin = frame.prepend(kTag);
    std::memmove(begin, begin + kTag, kAddresses);
    put(begin + kAddresses, kCustomerTag);
    put(begin + kAddresses + 2, tag_);
    return true;
  }
  void do_push(std::uint16_t /*input*/, PacketBatch& batch) override {
    dropped_ += batch.keep_if([this](Packet& packet) { return push_tag(*packet); });
    tagged_ += batch.size();
    pass(batch);
  }
  void do_report(Counters& into) const override {
    into.count("tagged", tagged_);
    into.dropped("no place for a tag", dropped_);
  }
  void do_destroy() override { destroy_in(default_allocator(), *this); }

  std::uint16_t tag_;
  std::uint64_t tagged_ = 0;
  std::uint64_t dropped_ = 0;
};

/// `vlan_pop VLAN`: passes the frames of that VLAN without their outermost tag.
class VlanPop final : public Element {
 public:
  explicit VlanPop(std::uint16_t vlan) : vlan_(vlan) {}

 private:
  bool pop_tag(Buffer& frame) {
    if (!gather(frame, kAddresses + kTag) || frame.shared()) return false;
    const std::byte* const tag = frame.data() + kAddresses;
    if (get(tag) != kCustomerTag || (get(tag + 2) & 0xfff) != vlan_) return false;
    std::memmove(frame.data() + kTag, frame.data(), kAddresses);
    frame.remove_front(kTag);
    return true;
  }
  void do_push(std::uint16_t /*input*/, PacketBatch& batch) override {
    dropped_ += batch.keep_if([this](Packet& packet) { return pop_tag(*packet); });
    passed_ += batch.size();
    pass(batch);
  }
  void do_report(Counters& into) const override {
    into.count("untagged", passed_);
    into.dropped("of other networks", dropped_);
  }
  void do_destroy() override { destroy_in(default_allocator(), *this); }

  std::uint16_t vlan_;
  std::uint64_t passed_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace

Result<void> vlan_push_element(packet_elements::Wanted& wanted);
Result<void> vlan_push_element(packet_elements::Wanted& wanted) {
  std::uint64_t tag = TRY(wanted.number("a VLAN", 1, kMostVlan));
  if (wanted.take("priority")) tag |= TRY(wanted.number("a priority", 0, 7)) << 13;
  return wanted.make<VlanPush>(static_cast<std::uint16_t>(tag));
}

Result<void> vlan_pop_element(packet_elements::Wanted& wanted);
Result<void> vlan_pop_element(packet_elements::Wanted& wanted) {
  const std::uint64_t vlan = TRY(wanted.number("a VLAN", 1, kMostVlan));
  return wanted.make<VlanPop>(static_cast<std::uint16_t>(vlan));
}

}  // namespace atl
