// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <gtest/gtest.h>

#include <atoll/direct_map.hpp>
#include <atoll/host/virtio_transport.hpp>
#include <atoll/host/virtqueue.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "../src/format.hpp"

namespace netdev_virtio_test {

using atl::netdev_virtio::Header;
using Bytes = std::vector<std::byte>;

/// A virtio network device by its own code: what the driver sends on a queue comes out of
/// `on_frame`, what `deliver()` gets goes to the driver. Its virtqueues are of one form.
template <typename Virtqueue>
class FakeNetwork {
 public:
  explicit FakeNetwork(std::uint64_t features, std::uint16_t most_pairs = 1)
      : transport(1, features), control_(static_cast<std::uint16_t>(2 * most_pairs)) {
    transport.sizes.clear();
    for (std::uint16_t queue = 0; queue <= control_; ++queue) transport.sizes[queue] = 64;
    if (!has_several()) transport.sizes.erase(control_);
    transport.config = std::string("\x02\x00\x00\x00\x00\x01\x01\x00\x01\x00\xdc\x05", 12);
    transport.config[8] = static_cast<char>(most_pairs);
    // Nobody works for it while the driver waits for an answer.
    transport.on_notify = [this](std::uint16_t queue) {
      if (queue == control_ && has_several()) answer_command();
    };
  }

  /// Does what a device does between two looks of the driver's.
  void work() {
    follow_resets();
    if ((transport.status & 4) == 0) return;
    for (std::uint16_t pair = 0; pair < pairs; ++pair) send_from(pair);
    for (; !waiting_.empty(); waiting_.pop_front()) {
      auto& [pair, header, frame] = waiting_.front();
      if (!write_frame(pair, header, frame)) {
        ++lost;
        held_[pair].clear();
      }
    }
  }

  /// A frame that the device finds to be for that pair; for the first where it is not in use.
  void deliver(std::uint16_t pair, const Header& header, Bytes frame) {
    follow_resets();
    waiting_.emplace_back(pair < pairs ? pair : 0, header, std::move(frame));
  }

  /// A buffer of the first receiving queue, as the driver gave it; none where there is none.
  std::optional<atl::host::Got> next_buffer() {
    follow_resets();
    if (!queues_.contains(0) || !queues_.at(0).has_more()) return std::nullopt;
    return queues_.at(0).get();
  }
  /// Says of a buffer of a queue what a test wants it to say.
  void use(std::uint16_t queue, std::uint32_t id, std::uint32_t written) {
    queues_.at(queue).use(id, written, 1);
    interrupt(queue);
  }
  void jump(std::uint16_t queue, std::uint16_t by) {
    if constexpr (requires { queues_.at(queue).jump(by); }) queues_.at(queue).jump(by);
  }
  static std::byte* at_address(std::uint64_t address) {
    return atl::to_virtual(atl::PhysAddr{address}).as<std::byte>();
  }

  atl::host::FakeTransport transport;
  std::function<void(std::uint16_t, const Header&, Bytes)> on_frame;
  std::size_t bytes_of_a_buffer = 4096;  ///< that it uses at most, where it may merge
  int lost = 0;
  std::uint16_t pairs = 1;  ///< that are in use
  /// What it answers a command, rather than what it should; null for nothing at all.
  std::function<void(Virtqueue&, const atl::host::Got&)> answer;
  bool answers = true;

 private:
  [[nodiscard]] bool has(std::uint64_t feature) const { return (transport.taken & feature) != 0; }
  [[nodiscard]] bool has_several() const {
    return (transport.offered & atl::netdev_virtio::feature::kControl) != 0;
  }

  void follow_resets() {
    if (resets_ != transport.disconnects) {
      resets_ = transport.disconnects;
      queues_.clear();
      waiting_.clear();
      held_.clear();
      pairs = 1;
    }
    const bool event_index = has(atl::virtio::feature::kEventIndex);
    for (const auto& [queue, place] : transport.queues) {
      if (queues_.contains(queue)) continue;
      queues_.emplace(queue,
                      Virtqueue{at_address(place.descriptors.value()), place.size, event_index});
    }
  }

  // §5.1.6.5.6.
  void answer_command() {
    follow_resets();
    Virtqueue& ring = queues_.at(control_);
    if (!answers || !ring.has_more()) return;
    const auto got = ring.get();
    if (answer) return answer(ring, got);
    ASSERT_EQ(got.pieces.size(), 2u);
    const auto& [command, room] = std::pair{got.pieces[0], got.pieces[1]};
    ASSERT_TRUE(command.length == 4 && !command.writable && room.length == 1 && room.writable);
    const std::byte* const bytes = at_address(command.address);
    const auto wanted = atl::host::peek<std::uint16_t>(bytes + 2);
    const bool good = bytes[0] == std::byte{4} && bytes[1] == std::byte{0} && wanted > 0 &&
                      wanted <= control_ / 2 && (transport.status & 4) != 0;
    EXPECT_TRUE(good);
    if (good) pairs = wanted;
    *at_address(room.address) = std::byte{good ? std::uint8_t{0} : std::uint8_t{1}};
    ring.use(got.id, 1, 2);
  }

  void send_from(std::uint16_t pair) {
    const auto queue = static_cast<std::uint16_t>(2 * pair + 1);
    while (queues_.contains(queue) && queues_.at(queue).has_more()) {
      Virtqueue& ring = queues_.at(queue);
      const auto got = ring.get();
      Bytes bytes;
      for (const auto& piece : got.pieces) {
        const auto* const at = at_address(piece.address);
        EXPECT_GT(piece.length, 0u);
        bytes.insert(bytes.end(), at, at + piece.length);
      }
      ring.use(got.id, 0, got.pieces.size());
      interrupt(queue);
      Header header;
      if (bytes.size() < sizeof header) std::abort();
      std::memcpy(&header, bytes.data(), sizeof header);
      bytes.erase(bytes.begin(), bytes.begin() + sizeof header);
      if (on_frame) on_frame(pair, header, std::move(bytes));
    }
  }

  void interrupt(std::uint16_t queue) {
    const auto handler = transport.interrupts[queue];
    if (queues_.at(queue).interrupts() && handler.handler != nullptr) {
      handler.handler(handler.context);
    }
  }

  // §5.1.6.4: into one buffer, or into several.
  bool write_frame(std::uint16_t pair, Header header, const Bytes& frame) {
    const auto queue = static_cast<std::uint16_t>(2 * pair);
    if (!queues_.contains(queue)) return false;
    Virtqueue& ring = queues_.at(queue);
    const bool merges = has(atl::netdev_virtio::feature::kMergeable);
    const std::size_t all = sizeof header + frame.size();
    const std::size_t each = merges ? bytes_of_a_buffer : all;
    header.buffers = static_cast<std::uint16_t>((all + each - 1) / each);
    auto& held = held_[pair];
    while (held.size() < header.buffers) {
      if (!ring.has_more()) return false;
      held.push_back(ring.get());
    }
    Bytes bytes(sizeof header);
    std::memcpy(bytes.data(), &header, sizeof header);
    bytes.insert(bytes.end(), frame.begin(), frame.end());
    for (std::size_t at = 0; at < all; at += each) {
      const auto one = held.front();
      held.pop_front();
      const std::size_t part = std::min(each, all - at);
      if (one.pieces.size() != 1 || one.pieces[0].length < part) std::abort();
      std::memcpy(at_address(one.pieces[0].address), bytes.data() + at, part);
      ring.use(one.id, static_cast<std::uint32_t>(part), 1);
    }
    interrupt(queue);
    return true;
  }

  std::uint16_t control_;  // its queue
  std::map<std::uint16_t, Virtqueue> queues_;
  int resets_ = 0;
  std::deque<std::tuple<std::uint16_t, Header, Bytes>> waiting_;
  std::map<std::uint16_t, std::deque<atl::host::Got>> held_;  // of a frame that is not written
};

}  // namespace netdev_virtio_test
