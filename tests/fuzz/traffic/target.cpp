// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Words with a blank between them up to the first NUL, then steps of a counter of eight flows: a
// byte of what arrives, two of its length, and either the frame's bytes or which frame it is and
// how its bytes were changed on its way.
#include <algorithm>
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/traffic/plan.hpp>
#include <atoll/traffic/tally.hpp>
#include <cstdlib>
#include <string>
#include <vector>

#include "../expect.hpp"
#include "../input.hpp"

namespace {

using namespace atl;
using namespace atl::traffic;

constexpr std::uint32_t kFlows = 8;
constexpr std::uint32_t kRun = 7;

Plan read_plan(Input& input) {
  std::vector<std::string> words{""};
  while (!input.empty()) {
    const char c = input.take<char>();
    if (c == '\0') break;
    if (c == ' ') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  std::vector<const char*> pointers;
  for (const std::string& word : words) pointers.push_back(word.c_str());
  std::array<char, 200> room;
  TextWriter complaint{room};
  const auto plan = parse_plan(pointers, complaint);
  if (!plan.ok()) {
    FUZZ_EXPECT(plan.error() == Errc::kInvalidArgument);
    FUZZ_EXPECT(!complaint.view().empty());
    return {};
  }
  FUZZ_EXPECT(complaint.view().empty());
  const Plan& read = plan.value();
  if (read.help) return {};
  FUZZ_EXPECT(read.flows >= 1 && read.flows <= Tally::kMostFlows);
  FUZZ_EXPECT(read.batch >= 1 && read.batch <= Plan::kMostBatch);
  FUZZ_EXPECT(read.sizes.smallest >= smallest_frame(read.from.six));
  FUZZ_EXPECT(read.sizes.smallest <= read.sizes.largest || read.sizes.mixed);
  FUZZ_EXPECT(read.sizes.of(0) <= 65'535);
  return read;
}

class Counter {
 public:
  explicit Counter(const Plan& plan)
      : payload_(plan.payload),
        ends_{.from_mac = {}, .to_mac = {}, .from = plan.from, .to = plan.to},
        tally_(Tally::create(kFlows, kRun, plan.payload).value()) {}

  /// A frame of any bytes.
  void take_any(Input& input, std::size_t length) {
    std::vector<std::byte> frame(length);
    for (std::byte& byte : frame) byte = input.take<std::byte>();
    note(frame);
  }

  /// One that was sent, and changed.
  void take_sent(Input& input, std::size_t length) {
    std::vector<std::byte> frame(std::max<std::size_t>(length, smallest_frame(ends_.from.six)));
    const auto which = input.take<std::uint16_t>();
    const Tag tag{kRun, static_cast<std::uint16_t>(which % kFlows), which / kFlows};
    write_frame(frame, ends_, tag, payload_);
    bool as_it_was = true;
    for (auto changes = input.take<std::uint8_t>() % 4; changes > 0; --changes) {
      const std::size_t at = input.take<std::uint16_t>() % frame.size();
      const auto bits = input.take<std::byte>();
      frame[at] ^= bits;
      as_it_was = as_it_was && bits == std::byte{0};
    }
    const Finding finding = read_frame(frame, kRun, payload_);
    if (as_it_was) {
      FUZZ_EXPECT(finding.kind == Finding::Kind::kGood);
      FUZZ_EXPECT(finding.tag == tag);
    }
    note(frame);
  }

  void verify() const {
    const Counts& counts = tally_->counts();
    FUZZ_EXPECT(counts.arrived + counts.duplicated + counts.stale + counts.damaged +
                    counts.foreign ==
                noted_);
    FUZZ_EXPECT(counts.reordered <= counts.arrived);
    FUZZ_EXPECT(counts.arrived <= tally_->known());
  }

 private:
  void note(std::span<const std::byte> frame) {
    tally_->note(frame);
    ++noted_;
  }

  Payload payload_;
  Ends ends_;
  Owned<Tally> tally_;
  std::uint64_t noted_ = 0;
};

void make_memory() {
  static bool made = false;
  if (made) return;
  made = true;
  constexpr std::uint64_t kStart = 0x100'0000;
  constexpr PageCount kPages{64};
  direct_map_base = VirtAddr::of(std::aligned_alloc(kPageSize, kPages.bytes())) - kStart;
  FUZZ_EXPECT(page_alloc::add_region({PhysAddr{kStart}, kPages.bytes()}).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  make_memory();
  Input input{data, size};
  Counter counter{read_plan(input)};
  while (!input.empty()) {
    const auto how = input.take<std::uint8_t>();
    const std::size_t length = input.take<std::uint16_t>() % 2'000;
    if (how % 4 == 0) {
      counter.take_any(input, length);
    } else {
      counter.take_sent(input, length);
    }
  }
  counter.verify();
  return 0;
}
