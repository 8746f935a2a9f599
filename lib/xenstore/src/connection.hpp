// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/xen/byte_ring.hpp>
#include <atoll/xenstore_request.hpp>
#include <cstddef>
#include <cstdint>

namespace atl::xenstore {

/// One end of the protocol, over a ring. Takes no lock: who shares it holds one, but
/// not while a delivery is made.
class Connection {
 public:
  /// What is to be told to whom, outside of any lock; nothing where both are null.
  /// `path` stays good until the next receive().
  struct Delivery {
    Request* request = nullptr;
    Watch* watch = nullptr;
    std::string_view path;

    explicit operator bool() const { return request != nullptr || watch != nullptr; }
    void make() const;
  };

  constexpr Connection() = default;

  void open(xen::ByteProducer output, xen::ByteConsumer input);
  [[nodiscard]] bool is_open() const { return open_; }

  /// Queues `request`, which is told later. kNoDevice where there is no connection,
  /// kTooBig for what does not fit a message, kAlready for one that is under way.
  Result<void> add(Request& request);
  /// False where it is not under way (any more); the caller tells it.
  bool remove(Request& request);
  [[nodiscard]] static bool is_done(const Request& request) { return request.number_ == 0; }
  /// Ends a request that was not added, or was removed; the caller tells it.
  static void complete(Request& request, Errc error);
  /// A watch for what its token names from now on.
  void add(Watch& watch);
  void remove(Watch& watch);

  /// Writes what there is room for; true where the daemon has to be told.
  bool send();
  /// Reads what has come, up to one message that somebody has to hear of; `moved`
  /// where the daemon has to be told that there is room.
  Delivery receive(bool& moved);

 private:
  struct Header {
    std::uint32_t operation;
    std::uint32_t number;
    std::uint32_t transaction;
    std::uint32_t size;
  };
  static_assert(sizeof(Header) == 16);
  static constexpr std::size_t kLargestPayload = 4096;
  static constexpr std::uint32_t kWatchEvent = 15;
  static constexpr std::uint32_t kError = 16;

  // A first-in-first-out list of requests.
  struct Queue {
    Request* first = nullptr;
    void push(Request& request);
    Request* pop();
    bool unlink(Request& request);
  };

  [[nodiscard]] static Header header_of(const Request& request);
  [[nodiscard]] bool put(std::string_view text, std::size_t& before, bool& moved);
  void fill_up(bool& moved);
  bool read_message(bool& moved);
  Delivery deliver();
  Delivery deliver_event(std::string_view payload);
  [[nodiscard]] Errc outcome(Request& request, std::string_view payload) const;
  void break_off();

  xen::ByteProducer output_;
  xen::ByteConsumer input_;
  Queue unsent_;
  Queue unanswered_;
  Watch* watches_ = nullptr;
  std::uint32_t last_number_ = 0;
  std::uint32_t last_token_ = 0;
  std::size_t sent_ = 0;      // bytes of the first unsent request
  std::size_t owed_ = 0;      // bytes of one that was cancelled while it was sent
  std::size_t received_ = 0;  // bytes of the message in header_ and payload_
  bool open_ = false;
  Header header_{};
  std::array<char, kLargestPayload> payload_{};
};

}  // namespace atl::xenstore
