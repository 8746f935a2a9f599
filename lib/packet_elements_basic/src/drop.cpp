// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/packet_elements.hpp>

namespace atl {
namespace {

/// `drop`: the end of what nobody wants.
class Drop final : public Element {
 public:
  Drop() : Element({.inputs = 1, .outputs = 0}) {}

 private:
  void do_push(std::uint16_t /*input*/, PacketBatch& batch) override {
    packets_ += batch.size();
    batch.clear();
  }
  void do_report(Counters& into) const override { into.dropped("unwanted", packets_); }
  void do_destroy() override { destroy_in(default_allocator(), *this); }

  std::uint64_t packets_ = 0;
};

}  // namespace

Result<void> drop_element(packet_elements::Wanted& wanted);
Result<void> drop_element(packet_elements::Wanted& wanted) { return wanted.make<Drop>(); }

}  // namespace atl
