// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "rules.hpp"

namespace atl {
namespace {

/// `filter RULE, RULE, ...`: passes what its rules allow.
class Filter final : public Element {
 public:
  explicit Filter(const Rules& rules) : rules_(rules) {}

 private:
  bool allows(const Buffer& frame) {
    const Headers headers = read_headers(frame);
    if (headers.malformed) {
      ++malformed_;
      return false;
    }
    for (std::size_t i = 0; i < rules_.count; ++i) {
      const Rule& rule = rules_.rules[i];
      if (!rule.holds(headers)) continue;
      ++held_[i];
      return rule.allow;
    }
    ++held_by_none_;
    return false;
  }
  void do_push(std::uint16_t /*input*/, PacketBatch& batch) override {
    batch.keep_if([this](Packet& packet) { return allows(*packet); });
    pass(batch);
  }
  void do_report(Counters& into) const override {
    for (std::size_t i = 0; i < rules_.count; ++i) {
      std::array<char, 24> room;
      TextWriter name{room};
      format_to(name, "by rule {}", i + 1);
      if (rules_.rules[i].allow) {
        into.count(name.view(), held_[i]);
      } else {
        into.dropped(name.view(), held_[i]);
      }
    }
    into.dropped("by no rule", held_by_none_);
    into.dropped("malformed", malformed_);
  }
  void do_destroy() override { destroy_in(default_allocator(), *this); }

  Rules rules_;
  std::array<std::uint64_t, Rules::kMost> held_{};
  std::uint64_t held_by_none_ = 0;
  std::uint64_t malformed_ = 0;
};

}  // namespace

Result<void> filter_element(packet_elements::Wanted& wanted);
Result<void> filter_element(packet_elements::Wanted& wanted) {
  Rules rules;
  TRY(read_rules(wanted, rules));
  return wanted.make<Filter>(rules);
}

}  // namespace atl
