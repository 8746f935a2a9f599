// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// What a backend may do to a ring of requests and responses: it writes anywhere in the
// page, at any time. Each step is a byte that says what, and its values.
#include <array>
#include <atoll/xen/request_ring.hpp>
#include <map>
#include <memory>

#include "../expect.hpp"
#include "../input.hpp"

namespace {

struct Ask {
  std::uint64_t id;
  std::uint32_t what[4];
};
struct Answer {
  std::uint64_t id;
  std::int16_t status;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using Ring = atl::xen::RequestRing<Ask, Answer>;
  Input input{data, size};
  // On the heap, so that what is touched outside shows.
  const auto page = std::make_unique<std::array<std::uint64_t, 512>>();
  auto* const bytes = reinterpret_cast<std::byte*>(page->data());
  Ring ring{bytes};
  atl::xen::PendingRequests<int, 8> pending;
  std::map<std::uint64_t, int> expected;
  std::uint32_t put = 0, taken = 0;
  for (int steps = 0; !input.empty() && steps < 1000; ++steps) {
    switch (input.take<std::uint8_t>() % 5) {
      case 0: {
        const auto id = pending.add(steps);
        FUZZ_EXPECT(id.ok() == (expected.size() < 8));
        if (!id.ok()) break;
        FUZZ_EXPECT(expected.emplace(id.value(), steps).second);
        const bool fits = ring.put({.id = id.value(), .what = {}}).ok();
        FUZZ_EXPECT(fits == (put - taken < Ring::kSize));
        put += fits ? 1 : 0;
        break;
      }
      case 1:
        (void)ring.publish();
        break;
      case 2: {
        const auto answer = ring.take();
        if (!answer.ok() || !answer.value().has_value()) break;
        ++taken;
        FUZZ_EXPECT(taken <= put);
        const std::uint64_t id = answer.value()->id;
        const auto context = pending.take(id);
        const auto known = expected.find(id);
        FUZZ_EXPECT(context.ok() == (known != expected.end()));
        if (!context.ok()) break;
        FUZZ_EXPECT(context.value() == known->second);
        expected.erase(known);
        break;
      }
      case 3:
        (void)ring.ask_for_event();
        break;
      default: {
        const std::size_t at = input.take<std::uint16_t>() % 4096;
        bytes[at] = input.take<std::byte>();
      }
    }
    FUZZ_EXPECT(ring.room() == Ring::kSize - (put - taken));
  }
  return 0;
}
