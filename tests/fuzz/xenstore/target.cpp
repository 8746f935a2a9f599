// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// What a daemon may do to its end of xenstore's ring: messages in pieces of any size,
// and indices of any value. Each step is a byte that says what, and its values.
#include <array>
#include <vector>

#include "../../../lib/xenstore/src/connection.hpp"
#include "../expect.hpp"
#include "../input.hpp"

namespace {

using namespace atl;
using xenstore::Connection;
using xenstore::Operation;
using xenstore::Request;

struct Page {
  std::array<char, 1024> requests{}, replies{};
  std::uint32_t request_consumed = 0, request_produced = 0;
  std::uint32_t reply_consumed = 0, reply_produced = 0;
};

struct Asked : Request {
  std::vector<char> room = std::vector<char>(8);
  int told = 0;
};

int events;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input{data, size};
  const auto page = std::make_unique<Page>();
  const auto connection = std::make_unique<Connection>();
  xen::ByteRing replies{page->replies, &page->reply_consumed, &page->reply_produced};
  xen::ByteProducer daemon{replies};
  connection->open(
      xen::ByteProducer{{page->requests, &page->request_consumed, &page->request_produced}},
      xen::ByteConsumer{replies});
  events = 0;
  xenstore::Watch watch{"w", [](xenstore::Watch&, std::string_view path) {
                          FUZZ_EXPECT(path.size() < 4096);
                          ++events;
                        }};
  connection->add(watch);

  std::array<Asked, 4> asked;
  std::size_t next = 0;
  for (int steps = 0; !input.empty() && steps < 500; ++steps) {
    switch (input.take<std::uint8_t>() % 5) {
      case 0: {
        const std::size_t wanted = input.take<std::uint8_t>();
        const std::string_view text = input.text().substr(0, wanted);
        (void)daemon.put(text);
        for (std::size_t i = 0; i < text.size(); ++i) (void)input.take<char>();
        break;
      }
      case 1:
        page->reply_produced = input.take<std::uint32_t>();
        break;
      case 2:
        page->request_consumed = input.take<std::uint32_t>();
        break;
      case 3: {
        Asked& one = asked[next++ % asked.size()];
        if (!Connection::is_done(one)) break;
        one.operation = static_cast<Operation>(input.take<std::uint8_t>());
        one.path = "p";
        one.reply = one.room;
        one.told = 0;
        one.done = [](Request& request) { ++static_cast<Asked&>(request).told; };
        (void)connection->add(one);
        break;
      }
      default:
        page->request_consumed = page->request_produced;
    }
    connection->send();
    bool moved = false;
    while (const auto delivery = connection->receive(moved)) delivery.make();
  }
  for (Asked& one : asked) {
    FUZZ_EXPECT(one.told <= 1);
    if (!Connection::is_done(one)) {
      FUZZ_EXPECT(one.told == 0);
      FUZZ_EXPECT(connection->remove(one));
    }
  }
  return 0;
}
