// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/traffic/tally.hpp>
#include <memory>

namespace atl::traffic {

Flow::Arrival Flow::note(std::uint64_t number) {
  const std::uint64_t bit = std::uint64_t{1} << (number % 64);
  if (number >= next_) {
    // What follows the newest one so far in the ring is forgotten up to the new one.
    if (number - next_ >= kRemembered) {
      seen_ = {};
    } else {
      for (std::uint64_t skipped = next_; skipped < number; ++skipped) {
        word(skipped) &= ~(std::uint64_t{1} << (skipped % 64));
      }
    }
    word(number) |= bit;
    next_ = number + 1;
    return Arrival::kNewest;
  }
  if (next_ - number > kRemembered) return Arrival::kStale;
  if ((word(number) & bit) != 0) return Arrival::kDuplicated;
  word(number) |= bit;
  return Arrival::kReordered;
}

Result<Owned<Tally>> Tally::create(std::uint32_t flows, std::uint32_t run, Payload payload) {
  ATOLL_ASSERT(flows > 0 && flows <= kMostFlows);
  void* const room = default_allocator().allocate(flows * sizeof(Flow), alignof(Flow));
  if (room == nullptr) return fail(Errc::kNoMemory);
  const std::span<Flow> fresh{static_cast<Flow*>(room), flows};
  for (Flow& flow : fresh) std::construct_at(&flow);
  auto tally = make<Tally>(fresh, run, payload);
  if (!tally.ok()) default_allocator().free(room);
  return tally;
}

Tally::~Tally() { default_allocator().free(flows_.data()); }

void Tally::note(std::span<const std::byte> frame) {
  const Finding finding = read_frame(frame, run_, payload_);
  if (finding.kind == Finding::Kind::kForeign) return note_foreign();
  if (finding.kind == Finding::Kind::kDamaged || finding.tag.flow >= flows_.size()) {
    ++counts_.damaged;
    return;
  }
  switch (flows_[finding.tag.flow].note(finding.tag.number)) {
    case Flow::Arrival::kDuplicated:
      ++counts_.duplicated;
      return;
    case Flow::Arrival::kStale:
      ++counts_.stale;
      return;
    case Flow::Arrival::kReordered:
      ++counts_.reordered;
      break;
    case Flow::Arrival::kNewest:
      break;
  }
  ++counts_.arrived;
  counts_.arrived_bytes += frame.size();
}

std::uint64_t Tally::known() const {
  std::uint64_t known = 0;
  for (const Flow& flow : flows_) known += flow.next();
  return known;
}

}  // namespace atl::traffic
