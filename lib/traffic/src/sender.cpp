// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/traffic/sender.hpp>

namespace atl::traffic {

void Sender::make(std::size_t wanted) {
  first_ = 0;
  last_ = pool_.allocate(std::span{made_}.first(wanted));
  for (std::size_t i = 0; i < last_; ++i) {
    const std::uint64_t index = sent_ + i;
    const std::uint32_t bytes = plan_.sizes.of(index);
    const Tag tag{plan_.run, static_cast<std::uint16_t>(index % plan_.flows), index / plan_.flows};
    write_frame({made_[i]->append(bytes), bytes}, ends_, tag, plan_.payload);
  }
}

std::size_t Sender::step(std::uint64_t most) {
  const auto wanted =
      static_cast<std::size_t>(std::min({most, this->most() - sent_, std::uint64_t{plan_.batch}}));
  if (wanted == 0) return 0;
  if (first_ == last_) {
    // So that there is something where all of it is under way.
    if (full_) device_.collect(0);
    make(wanted);
  }
  const std::size_t ready = std::min(wanted, last_ - first_);
  const std::size_t taken =
      ready == 0 ? 0 : device_.send(0, std::span{made_}.subspan(first_, ready));
  for (std::size_t i = 0; i < taken; ++i) sent_bytes_ += plan_.sizes.of(sent_ + i);
  sent_ += taken;
  first_ += taken;
  full_ = taken < wanted;
  return taken;
}

bool Sender::is_done() const {
  device_.collect(0);
  const BufferPool::Statistics now = pool_.statistics();
  return now.free + (last_ - first_) == now.buffers;
}

}  // namespace atl::traffic
