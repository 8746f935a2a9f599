// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <gtest/gtest.h>

#include <atoll/direct_map.hpp>
#include <atoll/host/virtio_transport.hpp>
#include <atoll/host/virtqueue.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../src/format.hpp"

namespace netdev_virtio_test {

using atl::netdev_virtio::Header;
using Bytes = std::vector<std::byte>;

/// A virtio network device by its own code: what the driver sends comes out of `on_frame`, what
/// `deliver()` gets goes to the driver. Its virtqueues are of one form.
template <typename Virtqueue>
class FakeNetwork {
 public:
  explicit FakeNetwork(std::uint64_t features) : transport(1, features) {
    transport.sizes = {{0, 64}, {1, 64}};
    transport.config = std::string("\x02\x00\x00\x00\x00\x01\x01\x00\x01\x00\xdc\x05", 12);
  }

  /// Does what a device does between two looks of the driver's.
  void work() {
    follow_resets();
    if ((transport.status & 4) == 0) return;
    while (sending_ && sending_->has_more()) {
      const auto got = sending_->get();
      Bytes bytes;
      for (const auto& piece : got.pieces) {
        const auto* const at = at_address(piece.address);
        EXPECT_GT(piece.length, 0u);
        bytes.insert(bytes.end(), at, at + piece.length);
      }
      sending_->use(got.id, 0, got.pieces.size());
      interrupt(1, *sending_);
      Header header;
      if (bytes.size() < sizeof header) std::abort();
      std::memcpy(&header, bytes.data(), sizeof header);
      bytes.erase(bytes.begin(), bytes.begin() + sizeof header);
      if (on_frame) on_frame(header, std::move(bytes));
    }
    while (receiving_ && !waiting_.empty()) {
      if (!write_frame(waiting_.front().first, waiting_.front().second)) {
        ++lost;
        held_.clear();
      }
      waiting_.pop_front();
    }
  }

  void deliver(const Header& header, Bytes frame) {
    follow_resets();
    waiting_.emplace_back(header, std::move(frame));
  }

  /// A buffer of the receiving queue, as the driver gave it; none where there is none.
  std::optional<atl::host::Got> next_buffer() {
    follow_resets();
    if (!receiving_ || !receiving_->has_more()) return std::nullopt;
    return receiving_->get();
  }
  /// Says of a buffer of queue 0 or 1 what a test wants it to say.
  void use(std::uint16_t queue, std::uint32_t id, std::uint32_t written) {
    auto& one = queue == 0 ? receiving_ : sending_;
    one->use(id, written, 1);
    interrupt(queue, *one);
  }
  void jump(std::uint16_t queue, std::uint16_t by) {
    if constexpr (requires { receiving_->jump(by); })
      (queue == 0 ? receiving_ : sending_)->jump(by);
  }
  static std::byte* at_address(std::uint64_t address) {
    return atl::to_virtual(atl::PhysAddr{address}).as<std::byte>();
  }

  atl::host::FakeTransport transport;
  std::function<void(const Header&, Bytes)> on_frame;
  std::size_t bytes_of_a_buffer = 4096;  ///< that it uses at most, where it may merge
  int lost = 0;

 private:
  [[nodiscard]] bool has(std::uint64_t feature) const { return (transport.taken & feature) != 0; }

  void follow_resets() {
    const bool event_index = has(atl::virtio::feature::kEventIndex);
    for (const std::uint16_t queue : {std::uint16_t{0}, std::uint16_t{1}}) {
      auto& one = queue == 0 ? receiving_ : sending_;
      auto& known = known_[queue];
      const auto found = transport.queues.find(queue);
      const std::uint64_t now =
          found == transport.queues.end() ? 0 : found->second.descriptors.value();
      if (known == now && resets_ == transport.disconnects) continue;
      one.reset();
      known = now;
      if (now != 0) one.emplace(at_address(now), found->second.size, event_index);
    }
    if (resets_ != transport.disconnects) waiting_.clear();
    resets_ = transport.disconnects;
  }

  void interrupt(std::uint16_t queue, Virtqueue& ring) {
    const auto handler = transport.interrupts[queue];
    if (ring.interrupts() && handler.handler != nullptr) handler.handler(handler.context);
  }

  // §5.1.6.4: into one buffer, or into several.
  bool write_frame(Header header, const Bytes& frame) {
    const bool merges = has(atl::netdev_virtio::feature::kMergeable);
    const std::size_t all = sizeof header + frame.size();
    const std::size_t each = merges ? bytes_of_a_buffer : all;
    header.buffers = static_cast<std::uint16_t>((all + each - 1) / each);
    while (held_.size() < header.buffers) {
      if (!receiving_->has_more()) return false;
      held_.push_back(receiving_->get());
    }
    Bytes bytes(sizeof header);
    std::memcpy(bytes.data(), &header, sizeof header);
    bytes.insert(bytes.end(), frame.begin(), frame.end());
    for (std::size_t at = 0; at < all; at += each) {
      const auto one = held_.front();
      held_.pop_front();
      const std::size_t part = std::min(each, all - at);
      if (one.pieces.size() != 1 || one.pieces[0].length < part) std::abort();
      std::memcpy(at_address(one.pieces[0].address), bytes.data() + at, part);
      receiving_->use(one.id, static_cast<std::uint32_t>(part), 1);
    }
    interrupt(0, *receiving_);
    return true;
  }

  std::optional<Virtqueue> receiving_, sending_;
  std::array<std::uint64_t, 2> known_{};
  int resets_ = 0;
  std::deque<std::pair<Header, Bytes>> waiting_;
  std::deque<atl::host::Got> held_;
};

}  // namespace netdev_virtio_test
