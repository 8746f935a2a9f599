// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "connection.hpp"

#include <gtest/gtest.h>
#include <atoll/xen/byte_ring.hpp>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace std::string_literals;
using namespace atl;
using xenstore::Connection;
using xenstore::Operation;
using xenstore::Request;
using xenstore::Watch;

constexpr std::uint32_t kEvent = 15, kError = 16;

struct Message {
  std::uint32_t operation, number, transaction, size;
  std::string payload;
};

/// The ring's page, and the daemon's end of it.
class ConnectionTest : public testing::Test {
 protected:
  struct Page {
    std::array<char, 1024> requests{}, replies{};
    std::uint32_t request_consumed = 0, request_produced = 0;
    std::uint32_t reply_consumed = 0, reply_produced = 0;
  };

  ConnectionTest() { connection->open(xen::ByteProducer{requests}, xen::ByteConsumer{replies}); }

  /// All that the daemon can read now.
  std::string heard() {
    std::string bytes(1024, '\0');
    bytes.resize(daemon_input.get(bytes).value());
    return bytes;
  }
  /// One message, however long; the connection sends as the daemon reads.
  Message hear() {
    while (pending.size() < 16) take_more();
    Message message{};
    std::memcpy(&message, pending.data(), 16);
    while (pending.size() < 16 + message.size) take_more();
    message.payload = pending.substr(16, message.size);
    pending.erase(0, 16 + message.size);
    return message;
  }
  void take_more() {
    connection->send();
    const std::string more = heard();
    ASSERT_FALSE(more.empty()) << "the connection says no more";
    pending += more;
  }
  void say_bytes(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t put = daemon_output.put(bytes).value();
      bytes.remove_prefix(put);
      receive();
    }
  }
  void say(std::uint32_t operation, std::uint32_t number, std::string_view payload) {
    std::uint32_t header[4] = {operation, number, 0, static_cast<std::uint32_t>(payload.size())};
    say_bytes(std::string(reinterpret_cast<char*>(header), 16) + std::string(payload));
    receive();
  }
  void receive() {
    bool moved = false;
    while (const auto delivery = connection->receive(moved)) delivery.make();
  }

  Request make(Operation operation, std::string_view path, std::string_view value = {}) {
    Request request;
    request.operation = operation;
    request.path = path;
    request.value = value;
    request.done = [](Request& one) { ++*static_cast<int*>(one.context); };
    request.context = &done;
    return request;
  }

  Page page;
  xen::ByteRing requests{page.requests, &page.request_consumed, &page.request_produced};
  xen::ByteRing replies{page.replies, &page.reply_consumed, &page.reply_produced};
  xen::ByteConsumer daemon_input{requests};
  xen::ByteProducer daemon_output{replies};
  std::unique_ptr<Connection> connection = std::make_unique<Connection>();
  std::string pending;
  int done = 0;
};

TEST_F(ConnectionTest, a_read_is_sent_and_answered) {
  std::array<char, 16> room{};
  Request request = make(Operation::kRead, "domid");
  request.reply = room;
  request.transaction = 7;
  ASSERT_TRUE(connection->add(request).ok());
  EXPECT_FALSE(Connection::is_done(request));
  const Message sent = hear();
  EXPECT_EQ(sent.operation, 2u);
  EXPECT_EQ(sent.transaction, 7u);
  EXPECT_EQ(sent.payload, "domid\0"s);
  say(2, sent.number, "42");
  EXPECT_EQ(done, 1);
  EXPECT_TRUE(Connection::is_done(request));
  EXPECT_EQ(request.result().value(), 2u);
  EXPECT_EQ(std::string(room.data(), 2), "42");
}

TEST_F(ConnectionTest, a_write_carries_its_value_without_a_nul) {
  Request request = make(Operation::kWrite, "data/x", std::string_view{"a\0b", 3});
  ASSERT_TRUE(connection->add(request).ok());
  EXPECT_EQ(hear().payload, "data/x\0a\0b"s);
}

TEST_F(ConnectionTest, answers_find_their_requests_in_any_order) {
  std::vector<Request> all(5);
  std::vector<Message> sent;
  for (Request& request : all) {
    request = make(Operation::kMakeDirectory, "d");
    ASSERT_TRUE(connection->add(request).ok());
    sent.push_back(hear());
  }
  for (const int i : {3, 0, 4, 1, 2}) {
    say(12, sent[static_cast<std::size_t>(i)].number, "OK\0"s);
    EXPECT_TRUE(Connection::is_done(all[static_cast<std::size_t>(i)]));
  }
  EXPECT_EQ(done, 5);
}

TEST_F(ConnectionTest, errors_have_their_numbers) {
  const std::pair<const char*, Errc> known[] = {{"ENOENT", Errc::kNoEntry},
                                                {"EACCES", Errc::kAccessDenied},
                                                {"EAGAIN", Errc::kTryAgain},
                                                {"EWHAT", Errc::kInputOutput},
                                                {"", Errc::kInputOutput}};
  for (const auto& [name, code] : known) {
    Request request = make(Operation::kRead, "x");
    ASSERT_TRUE(connection->add(request).ok());
    say(kError, hear().number, std::string(name) + '\0');
    EXPECT_EQ(request.result().error(), code) << name;
  }
}

TEST_F(ConnectionTest, an_answer_that_does_not_fit_is_cut_and_said_to_be_longer) {
  std::array<char, 4> room{'?', '?', '?', '?'};
  Request request = make(Operation::kRead, "x");
  request.reply = std::span{room}.first(3);
  ASSERT_TRUE(connection->add(request).ok());
  say(2, hear().number, "abcdef");
  EXPECT_EQ(request.result().value(), 6u);
  EXPECT_EQ(std::string(room.data(), 4), "abc?");
}

TEST_F(ConnectionTest, messages_longer_than_the_ring_go_both_ways) {
  const std::string value(3000, 'v');
  Request writing = make(Operation::kWrite, "long", value);
  ASSERT_TRUE(connection->add(writing).ok());
  EXPECT_EQ(hear().payload, "long\0"s + value);

  std::string room(4096, '?');
  Request reading = make(Operation::kRead, "long");
  reading.reply = room;
  ASSERT_TRUE(connection->add(reading).ok());
  const std::uint32_t number = hear().number;
  say(2, number, std::string(4096, 'r'));
  EXPECT_EQ(reading.result().value(), 4096u);
  EXPECT_EQ(room, std::string(4096, 'r'));
}

TEST_F(ConnectionTest, what_fits_no_message_is_refused) {
  const std::string value(4096, 'v');
  Request request = make(Operation::kWrite, "x", value);
  EXPECT_EQ(connection->add(request).error(), Errc::kTooBig);
}

TEST_F(ConnectionTest, what_is_under_way_is_not_taken_again) {
  Request request = make(Operation::kRead, "x");
  ASSERT_TRUE(connection->add(request).ok());
  EXPECT_EQ(connection->add(request).error(), Errc::kAlready);
  const Message sent = hear();
  EXPECT_EQ(connection->add(request).error(), Errc::kAlready);
  say(2, sent.number, "1");
  EXPECT_EQ(done, 1);
  EXPECT_TRUE(connection->add(request).ok());
}

TEST_F(ConnectionTest, without_a_connection_nothing_is_taken) {
  auto closed = std::make_unique<Connection>();
  Request request = make(Operation::kRead, "x");
  EXPECT_EQ(closed->add(request).error(), Errc::kNoDevice);
}

std::vector<std::string> changes;

TEST_F(ConnectionTest, a_watch_hears_of_changes_by_its_token) {
  changes.clear();
  Watch one{"a", [](Watch& watch, std::string_view path) {
              changes.push_back(std::string(watch.path()) + ":" + std::string(path));
            }};
  Watch other{"b", [](Watch&, std::string_view path) { changes.push_back(std::string(path)); }};
  connection->add(one);
  connection->add(other);
  say(kEvent, 0, "a/b\0\"!!\0"s);  // token 1
  say(kEvent, 0, "b\0#!!\0"s);     // token 2
  say(kEvent, 0, "c\0$!!\0"s);     // nobody's
  EXPECT_EQ(changes, (std::vector<std::string>{"a:a/b", "b"}));
}

TEST_F(ConnectionTest, malformed_events_are_nobodys) {
  changes.clear();
  Watch watch{"a", [](Watch&, std::string_view path) { changes.push_back(std::string(path)); }};
  connection->add(watch);
  for (const std::string& payload :
       {""s, "\0"s, "a"s, "a\0"s, "a\0\"!!"s, "a\0\"!\0"s, "\"!!\0"s, "a\0\"!!\0\0"s}) {
    say(kEvent, 0, payload);
  }
  EXPECT_TRUE(changes.empty());
  say(kEvent, 0, "a\0\"!!\0"s);
  EXPECT_EQ(changes.size(), 1u);
}

TEST_F(ConnectionTest, an_answer_of_another_kind_is_an_error_of_that_request) {
  Request request = make(Operation::kRead, "x");
  ASSERT_TRUE(connection->add(request).ok());
  say(11, hear().number, "OK\0"s);
  EXPECT_EQ(request.result().error(), Errc::kProtocol);
  EXPECT_TRUE(connection->is_open());
}

TEST_F(ConnectionTest, answers_to_nobody_are_ignored) {
  say(2, 99, "surprise");
  say(kError, 0, "EINVAL\0"s);
  EXPECT_TRUE(connection->is_open());
}

TEST_F(ConnectionTest, a_message_that_is_too_long_ends_the_connection_for_all) {
  Request waiting = make(Operation::kRead, "x");
  ASSERT_TRUE(connection->add(waiting).ok());
  hear();
  Request unsent = make(Operation::kRead, "y");
  ASSERT_TRUE(connection->add(unsent).ok());
  const std::uint32_t header[4] = {2, 1, 0, 4097};
  say_bytes({reinterpret_cast<const char*>(header), 16});
  receive();
  EXPECT_FALSE(connection->is_open());
  EXPECT_EQ(waiting.result().error(), Errc::kProtocol);
  EXPECT_EQ(unsent.result().error(), Errc::kProtocol);
  EXPECT_EQ(done, 2);
  Request late = make(Operation::kRead, "z");
  EXPECT_EQ(connection->add(late).error(), Errc::kNoDevice);
}

TEST_F(ConnectionTest, impossible_indices_end_the_connection) {
  Request request = make(Operation::kRead, "x");
  ASSERT_TRUE(connection->add(request).ok());
  hear();
  page.reply_produced = page.reply_consumed + 1025;
  receive();
  EXPECT_FALSE(connection->is_open());
  EXPECT_EQ(request.result().error(), Errc::kProtocol);
}

TEST_F(ConnectionTest, a_request_can_be_taken_back_before_its_answer) {
  Request request = make(Operation::kRead, "x");
  ASSERT_TRUE(connection->add(request).ok());
  const Message sent = hear();
  EXPECT_TRUE(connection->remove(request));
  EXPECT_FALSE(connection->remove(request));
  say(2, sent.number, "late");
  EXPECT_EQ(done, 0);
}

TEST_F(ConnectionTest, one_taken_back_in_the_middle_leaves_the_stream_whole) {
  const std::string value(2000, 'v');
  Request longer = make(Operation::kWrite, "long", value);
  Request next = make(Operation::kRead, "next");
  ASSERT_TRUE(connection->add(longer).ok());
  ASSERT_TRUE(connection->add(next).ok());
  connection->send();
  EXPECT_TRUE(connection->remove(longer));
  const Message cut = hear();
  EXPECT_EQ(cut.payload.size(), 2005u);
  EXPECT_EQ(cut.payload.back(), '\0');
  EXPECT_EQ(hear().payload, "next\0"s);
}

// A daemon that says anything at all.
TEST_F(ConnectionTest, whatever_comes_nothing_breaks) {
  std::mt19937 random{1};
  for (int round = 0; round < 300; ++round) {
    auto fresh = std::make_unique<Connection>();
    page = Page{};
    daemon_input = xen::ByteConsumer{requests};
    daemon_output = xen::ByteProducer{replies};
    fresh->open(xen::ByteProducer{requests}, xen::ByteConsumer{replies});
    Watch watch{"w", [](Watch&, std::string_view) {}};
    fresh->add(watch);
    std::array<char, 8> room{};
    std::vector<Request> all(4);
    for (Request& request : all) {
      request = make(Operation::kRead, "x");
      request.reply = room;
      ASSERT_TRUE(fresh->add(request).ok());
    }
    for (int i = 0; i < 50; ++i) {
      std::string noise(random() % 64, '\0');
      for (char& byte : noise)
        byte = static_cast<char>(random() % 4 == 0 ? random() : random() % 20);
      (void)daemon_output.put(noise);
      if (random() % 200 == 0) page.reply_produced = random();
      bool moved = false;
      fresh->send();
      while (const auto delivery = fresh->receive(moved)) delivery.make();
    }
    for (Request& request : all) {
      if (!Connection::is_done(request)) EXPECT_TRUE(fresh->remove(request));
    }
  }
}

}  // namespace
