// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <gtest/gtest.h>

#include <atoll/buffer.hpp>
#include <atoll/direct_map.hpp>
#include <cstring>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "../../xenbus/tests/fake_xenstore.hpp"
#include "../src/format.hpp"
#include "fake_xen.hpp"

namespace netdev_xen_test {

using Bytes = std::vector<std::byte>;

/// A frame as a backend sees it: what of its first request or response counts, and its segments.
struct Frame {
  Bytes bytes;
  std::uint16_t flags = 0;
  netif_extra_info extra{};  ///< of type 0: none
  std::size_t pieces = 1;    ///< that it was sent in
};

/// A backend in the first domain of vif `number` of domain 7, by the text of netif.h. What the
/// frontend sends comes out of `on_frame`, what deliver() gets goes to the frontend.
class FakeBackend {
 public:
  explicit FakeBackend(int number)
      : node("device/vif/" + std::to_string(number)),
        own("/local/domain/0/backend/vif/7/" + std::to_string(number)) {
    fake::nodes[node + "/backend"] = own;
    fake::nodes[node + "/backend-id"] = "0";
    fake::nodes[node + "/mac"] = "00:16:3e:00:00:0" + std::to_string(number);
    fake::nodes[node + "/state"] = "1";
    fake::nodes[own + "/state"] = "2";
    for (const char* feature :
         {"feature-rx-copy", "feature-sg", "feature-gso-tcpv4", "feature-gso-tcpv6",
          "feature-ipv6-csum-offload", "feature-split-event-channels"}) {
      say(feature, "1");
    }
  }

  void say(const std::string& key, const std::string& value) {
    fake::nodes[own + "/" + key] = value;
  }
  [[nodiscard]] std::string key(const std::string& name) const {
    const auto found = fake::nodes.find(node + "/" + name);
    return found == fake::nodes.end() ? "-" : found->second;
  }
  /// The frontend has written a node: states are followed, as Linux's backend does.
  void written(const std::string& path) {
    if (path != node + "/state" || !follows) return;
    const std::string theirs = fake::nodes[path];
    const std::string ours = state();
    if (theirs == "1" && ours == "6") set_state("2");
    if (theirs == "4" && ours == "2") {
      connect();
      set_state("4");
    }
    if (theirs == "5" || theirs == "6") {
      disconnect();
      set_state(theirs);
    }
  }
  [[nodiscard]] std::string state() const {
    const auto found = fake::nodes.find(own + "/state");
    return found == fake::nodes.end() ? "-" : found->second;
  }
  void set_state(const std::string& state) { fake::set(own + "/state", state); }

  /// Does what a backend does between two looks of the frontend's.
  void work() {
    for (Queue& queue : queues) {
      take_sent(queue);
      while (!queue.waiting.empty() && give(queue, queue.waiting.front())) {
        queue.waiting.pop_front();
      }
    }
  }
  void deliver(Frame frame, std::size_t queue = 0) {
    if (queue < queues.size()) queues[queue].waiting.push_back(std::move(frame));
  }

  struct Ring {
    std::byte* page = nullptr;
    std::uint32_t ref = 0;
    std::uint32_t port = 0;
    std::uint32_t taken = 0;  // requests

    std::uint32_t& field(std::size_t index) const {
      return reinterpret_cast<std::uint32_t*>(page)[index];
    }
    std::uint32_t& requests() const { return field(0); }
    std::uint32_t& request_event() const { return field(1); }
    std::uint32_t& responses() const { return field(2); }
    std::uint32_t& response_event() const { return field(3); }
  };
  struct Queue {
    Ring send, receive;
    std::deque<Frame> waiting;
  };

  /// What comes next of the frontend's requests; a test looks that there is one.
  template <typename Request>
  static Request next_request(Ring& ring) {
    Request request;
    EXPECT_NE(ring.taken, ring.requests());
    std::memcpy(&request, ring.page + 64 + ring.taken++ % 256 * entry_size<Request>(),
                sizeof request);
    return request;
  }
  /// Responds with whatever a test wants.
  template <typename Response>
  static void respond(Ring& ring, const Response& response) {
    const std::uint32_t old = ring.responses();
    std::memcpy(ring.page + 64 + old % 256 * entry_size<Response>(), &response, sizeof response);
    ++ring.responses();
    if (ring.responses() - ring.response_event() < 1) fake::raise(ring.port);
  }
  /// Writes into the page of the next request to receive into: its identifier.
  std::uint16_t fill_next(std::span<const std::byte> bytes, std::size_t offset = 0) {
    const auto request = next_request<netif_rx_request>(queues[0].receive);
    const fake::Grant& grant = fake::grants.at(request.gref);
    EXPECT_TRUE(grant.writable);
    if (!bytes.empty()) std::memcpy(at(grant.page) + offset, bytes.data(), bytes.size());
    return request.id;
  }
  static std::byte* at(atl::PhysAddr page) { return atl::to_virtual(page).as<std::byte>(); }

  const std::string node;
  const std::string own;
  bool follows = true;
  std::function<void(Frame)> on_frame;
  std::size_t bytes_of_a_piece = 4096;
  std::vector<Queue> queues;
  int connections = 0;

 private:
  template <typename Entry>
  static constexpr std::size_t entry_size() {
    constexpr bool sends =
        std::is_same_v<Entry, netif_tx_request> || std::is_same_v<Entry, netif_tx_response>;
    return sends ? 12 : 8;
  }

  Ring ring(const std::string& ref, const std::string& port) {
    Ring made;
    made.ref = static_cast<std::uint32_t>(std::stoul(key(ref)));
    made.port = static_cast<std::uint32_t>(std::stoul(key(port)));
    fake::Grant& grant = fake::grants.at(made.ref);
    EXPECT_TRUE(grant.writable);
    EXPECT_TRUE(fake::ports.contains(made.port));
    grant.in_use = true;
    made.page = at(grant.page);
    return made;
  }
  void connect() {
    ++connections;
    EXPECT_EQ(key("request-rx-copy"), "1");
    EXPECT_EQ(key("feature-rx-notify"), "1");
    const std::string wanted = key("multi-queue-num-queues");
    const int count = wanted == "-" ? 1 : std::stoi(wanted);
    for (int index = 0; index < count; ++index) {
      const std::string prefix = count == 1 ? "" : "queue-" + std::to_string(index) + "/";
      const bool split = key(prefix + "event-channel-tx") != "-";
      const std::string both = prefix + "event-channel";
      queues.push_back({ring(prefix + "tx-ring-ref", split ? both + "-tx" : both),
                        ring(prefix + "rx-ring-ref", split ? both + "-rx" : both),
                        {}});
    }
  }
  void disconnect() {
    for (const Queue& queue : queues) {
      for (const std::uint32_t ref : {queue.send.ref, queue.receive.ref}) {
        const auto found = fake::grants.find(ref);
        if (found != fake::grants.end()) found->second.in_use = false;
      }
    }
    queues.clear();
  }

  void take_sent(Queue& queue) {
    Ring& ring = queue.send;
    while (ring.taken != ring.requests()) {
      Frame frame;
      std::vector<std::uint16_t> ids;
      netif_tx_request request = next_request<netif_tx_request>(ring);
      frame.flags = request.flags;
      const std::size_t all = request.size;
      std::size_t rest = 0;
      Bytes first_page;
      std::uint16_t first_offset = request.offset;
      for (bool first = true;; first = false) {
        const fake::Grant& grant = fake::grants.at(request.gref);
        ids.push_back(request.id);
        if (first) {
          first_page.assign(at(grant.page), at(grant.page) + 4096);
        } else {
          if (request.offset + request.size > 4096) ADD_FAILURE() << "across a page";
          frame.bytes.insert(frame.bytes.end(), at(grant.page) + request.offset,
                             at(grant.page) + request.offset + request.size);
          rest += request.size;
        }
        if (first && (request.flags & NETTXF_extra_info) != 0) {
          const auto extra = next_request<netif_tx_request>(ring);
          std::memcpy(&frame.extra, &extra, sizeof frame.extra);
        }
        if ((request.flags & NETTXF_more_data) == 0) break;
        request = next_request<netif_tx_request>(ring);
      }
      EXPECT_LE(rest, all);
      EXPECT_GE(all - rest, 14u) << "headers in the first piece";
      EXPECT_LE(first_offset + all - rest, 4096u) << "across a page";
      frame.bytes.insert(
          frame.bytes.begin(), first_page.begin() + first_offset,
          first_page.begin() + first_offset + static_cast<std::ptrdiff_t>(all - rest));
      frame.pieces = ids.size();
      EXPECT_LE(frame.pieces, std::size_t{XEN_NETIF_NR_SLOTS_MIN});
      for (const std::uint16_t id : ids) {
        respond(ring, netif_tx_response{id, NETIF_RSP_OKAY});
        if (id == ids.front() && frame.extra.type != 0) {
          respond(ring, netif_tx_response{0xdead, NETIF_RSP_NULL});
        }
      }
      ring.request_event() = ring.taken + 1;
      if (on_frame) on_frame(std::move(frame));
    }
  }

  // False where the frontend has given too few pages so far.
  bool give(Queue& queue, const Frame& frame) {
    Ring& ring = queue.receive;
    const std::size_t pieces =
        std::max<std::size_t>((frame.bytes.size() + bytes_of_a_piece - 1) / bytes_of_a_piece, 1);
    const std::size_t needed = pieces + (frame.extra.type != 0 ? 1 : 0);
    ring.request_event() = ring.taken + static_cast<std::uint32_t>(needed);
    if (ring.requests() - ring.taken < needed) return false;
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      const auto request = next_request<netif_rx_request>(ring);
      const fake::Grant& grant = fake::grants.at(request.gref);
      EXPECT_TRUE(grant.writable);
      const std::size_t from = piece * bytes_of_a_piece;
      const std::size_t bytes = std::min(bytes_of_a_piece, frame.bytes.size() - from);
      std::memcpy(at(grant.page), frame.bytes.data() + from, bytes);
      std::uint16_t flags = piece == 0 ? frame.flags : std::uint16_t{0};
      if (piece + 1 < pieces) flags |= NETRXF_more_data;
      if (piece == 0 && frame.extra.type != 0) flags |= NETRXF_extra_info;
      respond(ring, netif_rx_response{request.id, 0, flags, static_cast<std::int16_t>(bytes)});
      if (piece == 0 && frame.extra.type != 0) {
        static_cast<void>(next_request<netif_rx_request>(ring));
        netif_rx_response entry;
        std::memcpy(&entry, &frame.extra, sizeof entry);
        respond(ring, entry);
      }
    }
    return true;
  }
};

}  // namespace netdev_xen_test
