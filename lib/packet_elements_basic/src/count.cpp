// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/packet_elements.hpp>

namespace atl {
namespace {

/// `count`: counts what passes.
class Count final : public Element {
 private:
  void do_push(std::uint16_t /*input*/, PacketBatch& batch) override {
    packets_ += batch.size();
    for (const Packet& packet : batch.packets()) bytes_ += packet_length(*packet);
    pass(batch);
  }
  void do_report(Counters& into) const override {
    into.count("packets", packets_);
    into.count("bytes", bytes_);
  }
  void do_destroy() override { destroy_in(default_allocator(), *this); }

  std::uint64_t packets_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace

Result<void> count_element(packet_elements::Wanted& wanted);
Result<void> count_element(packet_elements::Wanted& wanted) { return wanted.make<Count>(); }

}  // namespace atl
