// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// A configuration up to the first NUL, then frames: a byte of the interface and of how the frame
// is split, two of its length, its bytes.
#include <algorithm>
#include <atoll/direct_map.hpp>
#include <atoll/packet_network.hpp>
#include <atoll/page_alloc.hpp>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>

#include "../expect.hpp"
#include "../input.hpp"

namespace atl {
Result<void> count_element(packet_elements::Wanted& wanted);
Result<void> drop_element(packet_elements::Wanted& wanted);
Result<void> filter_element(packet_elements::Wanted& wanted);
Result<void> limit_element(packet_elements::Wanted& wanted);
Result<void> router_element(packet_elements::Wanted& wanted);
Result<void> switch_element(packet_elements::Wanted& wanted);
Result<void> vlan_pop_element(packet_elements::Wanted& wanted);
Result<void> vlan_push_element(packet_elements::Wanted& wanted);
}  // namespace atl

namespace {

using namespace atl;

constexpr packet_elements::Driver kKinds[] = {
    {"count", count_element},       {"drop", drop_element},          {"filter", filter_element},
    {"limit", limit_element},       {"router", router_element},      {"switch", switch_element},
    {"vlan_pop", vlan_pop_element}, {"vlan_push", vlan_push_element}};

class Interface final : public Netdev {
 public:
  Interface() : Netdev({}) {}

  std::deque<Packet> arrived;

  BufferPool* pool() { return settings().pool; }

 private:
  Result<Agreed> do_open(const Settings&) override { return Agreed{1, 0}; }
  bool do_close() override {
    arrived.clear();
    return true;
  }
  bool do_has_link() override { return true; }
  Statistics do_statistics() const override { return {}; }
  std::size_t do_receive(std::uint16_t, std::span<Packet> into) override {
    const std::size_t count = std::min(into.size(), arrived.size());
    for (Packet& packet : into.first(count)) {
      packet = std::move(arrived.front());
      arrived.pop_front();
    }
    return count;
  }
  std::size_t do_send(std::uint16_t, std::span<Packet> packets) override {
    for (Packet& packet : packets) {
      FUZZ_EXPECT(packet);
      packet.reset();
    }
    return packets.size();
  }
  void do_collect(std::uint16_t) override {}
  bool do_arm(std::uint16_t, unsigned) override { return true; }
  void do_disarm(std::uint16_t, unsigned) override {}
};

Interface interfaces[2];

Netdev* find(std::string_view name) {
  return name == "net0" ? &interfaces[0] : name == "net1" ? &interfaces[1] : nullptr;
}

class Sums final : public PacketNetwork::Report {
 public:
  std::uint64_t in = 0;
  std::uint64_t out = 0;

 private:
  void do_begin(std::string_view name, unsigned) override { FUZZ_EXPECT(!name.empty()); }
  void do_count(Kind kind, std::string_view name, std::uint64_t value) override {
    if (kind == Kind::kMade || name == "received") in += value;
    if (kind == Kind::kDropped || name == "sent" || name == "waiting") out += value;
  }
};

void make_memory() {
  static bool made = false;
  if (made) return;
  made = true;
  constexpr std::uint64_t kStart = 0x100'0000;
  constexpr PageCount kPages{512};
  direct_map_base = VirtAddr::of(std::aligned_alloc(kPageSize, kPages.bytes())) - kStart;
  FUZZ_EXPECT(page_alloc::add_region({PhysAddr{kStart}, kPages.bytes()}).ok());
}

void arrive(Input& input) {
  const auto how = input.take<std::uint8_t>();
  Interface& at = interfaces[how & 1];
  std::size_t left = std::min<std::size_t>(input.take<std::uint16_t>(), 4'000);
  const std::uint32_t piece = 1 + (how >> 1) * 8u;
  if (at.pool() == nullptr || at.state() != Netdev::State::kUp) return;
  Packet first;
  Buffer* last = nullptr;
  do {
    Packet one = at.pool()->allocate();
    if (!one) return;
    for (std::uint32_t i = 0; i < piece && left > 0; ++i, --left) {
      *one->append(1) = input.take<std::byte>();
    }
    Buffer* const added = one.get();
    if (last == nullptr) {
      first = std::move(one);
    } else {
      last->link(std::move(one));
    }
    last = added;
  } while (left > 0);
  at.arrived.push_back(std::move(first));
}

void forward(PacketNetwork& network, Input& input) {
  while (!input.empty()) {
    for (int frames = 0; frames < 40 && !input.empty(); ++frames) arrive(input);
    while (network.poll() > 0) continue;
  }
  Sums sums;
  network.report(sums);
  FUZZ_EXPECT(sums.in == sums.out);
}

void try_input(Input& input) {
  std::string text;
  while (!input.empty()) {
    const char c = input.take<char>();
    if (c == '\0') break;
    text += c;
  }
  PacketNetwork::Setting settings[] = {{"report", 0, 100}};
  auto network = PacketNetwork::create({kKinds, find, settings, nullptr});
  FUZZ_EXPECT(network.ok());
  auto done = network.value()->read("input", text);
  if (done.ok()) done = network.value()->start({.buffers = 256, .depth = 8});
  if (done.ok()) return forward(*network.value(), input);
  const auto& mistake = network.value()->mistake();
  if (done.error() == Errc::kNoDevice) return;  // a text without a chain
  FUZZ_EXPECT(done.error() == Errc::kInvalidArgument);
  FUZZ_EXPECT(!mistake.sentence().empty());
  FUZZ_EXPECT(mistake.line >= 1 && mistake.line <= 1u + static_cast<unsigned>(std::count(
                                                            text.begin(), text.end(), '\n')));
  FUZZ_EXPECT(mistake.column >= 1 && mistake.column <= text.size() + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  make_memory();
  const std::uint64_t pages = page_alloc::statistics().free.count;
  {
    Input input{data, size};
    try_input(input);
  }
  FUZZ_EXPECT(page_alloc::statistics().free.count == pages);
  return 0;
}
