// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <gtest/gtest.h>

#include <atoll/host/memory.hpp>
#include <atoll/host/ram.hpp>
#include <atoll/host/time.hpp>

#include <atoll/packet_network.hpp>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace packet_elements_test {

using namespace atl;
using packet_elements::Driver;
using packet_elements::Wanted;

/// An interface whose cable a test holds.
class FakeInterface final : public Netdev {
 public:
  explicit FakeInterface(std::uint8_t number) : Netdev({.mac = {{2, 0, 0, 0, 0, number}}}) {}

  using Netdev::note_progress;
  using Netdev::set_faulty;

  Errc opens = {};           // what do_open() says
  std::size_t room = 1'000;  // packets that it still takes
  unsigned refusals = 0;     // calls in which it takes none, before it does
  std::vector<std::string> sent;
  unsigned armed = 0;
  bool stops = true;

  /// A frame arrives, in buffers of at most `piece` bytes.
  void arrive(std::string_view frame, std::uint32_t piece = 1'500) {
    Packet first;
    Buffer* last = nullptr;
    do {
      Packet one = settings().pool->allocate();
      ASSERT_TRUE(one);
      const auto part = std::min<std::size_t>(frame.size(), piece);
      if (part > 0) std::memcpy(one->append(static_cast<std::uint32_t>(part)), frame.data(), part);
      frame.remove_prefix(part);
      Buffer* const added = one.get();
      if (last == nullptr) {
        first = std::move(one);
      } else {
        last->link(std::move(one));
      }
      last = added;
    } while (!frame.empty());
    arrived_.push_back(std::move(first));
  }
  void event(std::uint16_t queue) { settings().event.call(settings().event.context, queue); }
  [[nodiscard]] std::size_t arrived() const { return arrived_.size(); }

 private:
  Result<Agreed> do_open(const Settings& settings) override {
    if (opens != Errc{}) return fail(opens);
    return Agreed{settings.queues, settings.offloads};
  }
  bool do_close() override {
    if (stops) arrived_.clear();
    return stops;
  }
  bool do_has_link() override { return true; }
  Statistics do_statistics() const override { return {}; }
  std::size_t do_receive(std::uint16_t, std::span<Packet> into) override {
    if (!works()) return 0;
    const std::size_t count = std::min(into.size(), arrived_.size());
    for (Packet& packet : into.first(count)) {
      packet = std::move(arrived_.front());
      arrived_.pop_front();
    }
    return count;
  }
  std::size_t do_send(std::uint16_t, std::span<Packet> packets) override {
    if (!works()) return 0;
    if (refusals > 0) {
      --refusals;
      return 0;
    }
    const std::size_t count = std::min(packets.size(), room);
    room -= count;
    for (Packet& packet : packets.first(count)) {
      std::string frame;
      for (const Buffer* part = packet.get(); part != nullptr; part = part->next()) {
        frame.append(reinterpret_cast<const char*>(part->data()), part->length());
      }
      sent.push_back(frame);
      packet.reset();
    }
    return count;
  }
  void do_collect(std::uint16_t) override {}
  bool do_arm(std::uint16_t, unsigned wishes) override {
    armed |= wishes;
    return (wishes & kReceive) == 0 || arrived_.empty();
  }
  void do_disarm(std::uint16_t, unsigned wishes) override { armed &= ~wishes; }

  std::deque<Packet> arrived_;
};

/// All counters of a network, by "name: counter"; those that add up as well.
class Collected final : public PacketNetwork::Report {
 public:
  explicit Collected(const PacketNetwork& network) { network.report(*this); }
  std::uint64_t operator[](const std::string& name) const {
    const auto found = all_.find(name);
    EXPECT_NE(found, all_.end()) << name;
    return found == all_.end() ? 0 : found->second;
  }
  std::uint64_t received = 0, sent = 0, made = 0, dropped = 0, waiting = 0;

 private:
  void do_begin(std::string_view name, unsigned line) override {
    name_ = std::string{name} + (line == 0 ? "" : " " + std::to_string(line));
  }
  void do_count(Kind kind, std::string_view name, std::uint64_t value) override {
    all_[name_ + ": " + std::string{name}] = value;
    if (kind == Kind::kDropped) dropped += value;
    if (kind == Kind::kMade) made += value;
    if (name == "received") received += value;
    if (name == "sent") sent += value;
    if (name == "waiting") waiting += value;
  }

  std::string name_;
  std::map<std::string, std::uint64_t> all_;
};

/// Three interfaces and the network that a test describes. Every buffer comes back.
class NetworkTest : public host::RamTest {
 protected:
  NetworkTest() : RamTest({4096}) {
    host::reset_time();
    for (FakeInterface* device : {&net0, &net1, &net2}) by_name_[name_of(*device)] = device;
    here_ = this;
    woken = 0;
  }
  ~NetworkTest() override { here_ = nullptr; }

  /// Reads and starts it; what is wrong, as "line:column sentence", else nothing.
  std::string configure(std::span<const Driver> kinds, std::string_view text) {
    text_ = std::make_unique<std::string>(text);
    network = PacketNetwork::create({kinds, find, settings, [] { ++woken; }}).value();
    auto done = network->read("the test", *text_);
    if (done.ok()) done = network->start({.buffers = 600, .depth = 8});
    if (done.ok()) return {};
    if (done.error() != Errc::kInvalidArgument) return std::string{to_string(done.error())};
    const auto& mistake = network->mistake();
    return std::to_string(mistake.line) + ":" + std::to_string(mistake.column) + " " +
           std::string{mistake.sentence()};
  }
  /// Until nothing moves.
  void forward() {
    while (network->poll() > 0) continue;
  }
  Collected counters() const { return Collected{*network}; }
  void expect_sums() const {
    const Collected all = counters();
    EXPECT_EQ(all.received + all.made, all.sent + all.dropped + all.waiting);
  }

  FakeInterface net0{0}, net1{1}, net2{2};
  std::array<PacketNetwork::Setting, 2> settings{{{"report", 0, 100}, {"depth", 256, 4'096}}};
  Owned<PacketNetwork> network;
  static inline int woken = 0;

 private:
  std::string name_of(const FakeInterface& device) const {
    return &device == &net0 ? "net0" : &device == &net1 ? "net1" : "net2";
  }
  static Netdev* find(std::string_view name) {
    const auto found = here_->by_name_.find(std::string{name});
    return found == here_->by_name_.end() ? nullptr : found->second;
  }

  static inline NetworkTest* here_ = nullptr;
  std::map<std::string, FakeInterface*> by_name_;
  std::unique_ptr<std::string> text_;
};

/// A frame that says which one it is.
inline std::string frame(int number, std::size_t length = 60) {
  std::string made(length, '\0');
  const std::string text = "frame " + std::to_string(number);
  made.replace(14, text.size(), text);
  return made;
}

}  // namespace packet_elements_test
