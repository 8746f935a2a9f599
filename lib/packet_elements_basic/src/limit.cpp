// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/clock.hpp>
#include <atoll/packet_elements.hpp>

namespace atl {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kMostRate = 1'000'000'000;

/// `limit RATE [bytes] [burst N]`: passes so many packets, or bytes, a second, and drops what is
/// more. A token bucket: what was not used before, up to the burst, may be used at once.
class Limit final : public Element {
 public:
  Limit(std::uint64_t rate, std::uint64_t burst, bool bytes)
      : rate_(rate), full_(burst * kSecond), bytes_(bytes), credit_(full_), filled_(clock::now()) {}

 private:
  void refill() {
    const Nanoseconds now = clock::now();
    // Bounded before it is multiplied: by the time after which it is full in any case.
    const std::uint64_t passed = std::min((now - filled_).count, full_ / rate_ + 1);
    filled_ = now;
    credit_ = std::min(full_, credit_ + passed * rate_);
  }
  bool affords(const Buffer& packet) {
    const std::uint64_t cost = (bytes_ ? packet_length(packet) : 1) * kSecond;
    if (cost > credit_) return false;
    credit_ -= cost;
    ++passed_;
    return true;
  }
  void do_push(std::uint16_t /*input*/, PacketBatch& batch) override {
    refill();
    dropped_ += batch.keep_if([this](Packet& packet) { return affords(*packet); });
    pass(batch);
  }
  void do_report(Counters& into) const override {
    into.count("passed", passed_);
    into.dropped("too many", dropped_);
  }
  void do_destroy() override { destroy_in(default_allocator(), *this); }

  std::uint64_t rate_;    // units a second
  std::uint64_t full_;    // the burst, in units of a nanosecond at a rate of 1
  bool bytes_;            // the units are bytes
  std::uint64_t credit_;  // as full_
  Nanoseconds filled_;
  std::uint64_t passed_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace

Result<void> limit_element(packet_elements::Wanted& wanted);
Result<void> limit_element(packet_elements::Wanted& wanted) {
  const std::uint64_t rate = TRY(wanted.number("a rate", 1, kMostRate));
  const bool bytes = wanted.take("bytes");
  // A tenth of a second, and enough for any frame.
  std::uint64_t burst = std::max<std::uint64_t>(rate / 10, bytes ? Netdev::kLongest : 1);
  if (wanted.take("burst")) {
    burst = TRY(wanted.number("a burst", bytes ? Netdev::kLongest : 1, kMostRate));
  }
  return wanted.make<Limit>(rate, burst, bytes);
}

}  // namespace atl
