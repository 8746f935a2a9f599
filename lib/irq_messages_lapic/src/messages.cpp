// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/irq_messages.hpp>
#include <atoll/lapic.hpp>

namespace atl::irq {
namespace {

// Intel SDM 3A §11.11.1: fixed destination, by its physical number. §11.11.2: fixed
// delivery of an edge, the vector in the lowest byte.
constexpr std::uint64_t kAddress = 0xfee0'0000;
constexpr unsigned kDestinationShift = 12;

// The vectors that lines share, from the other end: the more urgent ones.
constexpr std::uint32_t kLastVector = 223, kFirstVector = 48;

}  // namespace

Result<DeviceMessage> connect_message(MessageSource /*source*/, Handler handler, void* context) {
  const std::uint64_t destination = lapic::boot_id();
  if (destination > 0xff) return fail(Errc::kNotSupported);
  for (std::uint32_t vector = kLastVector; vector >= kFirstVector; --vector) {
    auto done = root().connect(vector, Trigger::kEdgeRising, handler, context);
    if (done)
      return DeviceMessage{PhysAddr{kAddress | destination << kDestinationShift}, vector, vector};
    if (done.error() != Errc::kBusy) return fail(done.error());
  }
  return fail(Errc::kNoMemory);
}

}  // namespace atl::irq
