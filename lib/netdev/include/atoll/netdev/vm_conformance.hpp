// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <algorithm>
#include <atoll/clock.hpp>
#include <atoll/netdev/conformance.hpp>
#include <atoll/vm_test.hpp>

/// The checks of atoll/netdev/conformance.hpp inside an image.
namespace atl::netdev_conformance {

/// Time for a host that is busy with other things.
inline void pass_time() {
  const Nanoseconds end = clock::now() + 200_us;
  while (clock::now() < end) {
  }
}

/// Buffers that both devices can receive into, and keep as many again of.
constexpr std::uint32_t kPoolBuffers = 448;
inline Result<Owned<BufferPool>> make_pool(const Netdev& left, const Netdev& right) {
  return BufferPool::create(
      {.buffers = kPoolBuffers,
       .bytes = std::max({2048u, left.info().buffer_bytes, right.info().buffer_bytes})});
}

/// Runs one check on two closed devices that a cable joins, with so many queues.
inline void verify(Netdev& left, Netdev& right, const NamedCheck& check, std::uint16_t queues = 1) {
  auto pool = make_pool(left, right);
  VM_ASSERT(pool.ok());
  Subject subject{left, right, *pool.value(), pass_time, queues};
  check.run(subject);
  if (subject.broken_promise != nullptr) {
    vm_test::fail({check.name, subject.broken_line}, subject.broken_promise);
  }
  VM_EXPECT_EQ(pool.value()->statistics().free, kPoolBuffers);
}

}  // namespace atl::netdev_conformance
