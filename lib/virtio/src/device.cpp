// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/virtio.hpp>

namespace atl::virtio {

namespace {

// Device status (§2.1).
constexpr std::uint8_t kAcknowledge = 1;
constexpr std::uint8_t kDriver = 2;
constexpr std::uint8_t kDriverOk = 4;
constexpr std::uint8_t kFeaturesOk = 8;
constexpr std::uint8_t kNeedsReset = 64;
constexpr std::uint8_t kFailed = 128;

// A device that has not ended its reset after so many looks never will: each is an exit to
// the hypervisor, so that this is a tenth of a second or more.
constexpr int kResetLooks = 100'000;
// Nor does a configuration that changes under each of so many readings ever hold still.
constexpr int kConfigReadings = 100;

constexpr std::uint32_t word_of(std::uint64_t features, std::uint32_t word) {
  return static_cast<std::uint32_t>(features >> (32 * word));
}

}  // namespace

void Device::add_status(std::uint8_t bits) {
  do_set_status(static_cast<std::uint8_t>(do_status() | bits));
}

Result<void> Device::reset() {
  do_set_status(0);
  for (int look = 0; do_status() != 0; ++look) {
    if (look == kResetLooks) return fail(Errc::kTimedOut);
  }
  do_disconnect();
  return {};
}

Result<std::uint64_t> Device::negotiate(std::uint64_t required, std::uint64_t wanted) {
  TRY(reset());
  add_status(kAcknowledge);
  add_status(kDriver);
  required |= feature::kVersion1;
  const std::uint64_t offered = do_features(0) | std::uint64_t{do_features(1)} << 32;
  if ((required & ~offered) != 0) {
    give_up();
    return fail(Errc::kNotSupported);
  }
  const std::uint64_t agreed = required | (wanted & offered);
  do_set_features(0, word_of(agreed, 0));
  do_set_features(1, word_of(agreed, 1));
  add_status(kFeaturesOk);
  if ((do_status() & kFeaturesOk) == 0) {
    give_up();
    return fail(Errc::kNotSupported);
  }
  return agreed;
}

Result<std::uint16_t> Device::largest_queue(std::uint16_t index) {
  constexpr std::uint32_t kMost = 32'768;  // §2.6
  const std::uint32_t size = do_largest_queue(index);
  if (size == 0) return fail(Errc::kNoEntry);
  if (size > kMost) return fail(Errc::kProtocol);
  return static_cast<std::uint16_t>(size);
}

Result<void> Device::enable_queue(std::uint16_t index, const QueuePlace& place,
                                  Interrupt interrupt) {
  if (place.size > TRY(largest_queue(index))) return fail(Errc::kProtocol);
  return do_enable_queue(index, place, interrupt);
}

Result<void> Device::on_change(Interrupt interrupt) { return do_on_change(interrupt); }

void Device::start() { add_status(kDriverOk); }

void Device::give_up() { add_status(kFailed); }

bool Device::needs_reset() const { return (do_status() & kNeedsReset) != 0; }

Result<void> Device::read_config(std::uint32_t offset, std::span<std::byte> into,
                                 std::size_t width) const {
  for (int reading = 0; reading < kConfigReadings; ++reading) {
    const std::uint32_t before = do_config_generation();
    for (std::size_t at = 0; at < into.size(); at += width) {
      const std::size_t bytes = std::min(width, into.size() - at);
      TRY(do_read_config(offset + static_cast<std::uint32_t>(at), into.subspan(at, bytes)));
    }
    if (do_config_generation() == before) return {};
  }
  return fail(Errc::kProtocol);
}

}  // namespace atl::virtio
