// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/deadline.hpp>
#include <atoll/random.hpp>
#include <atoll/random_virtio.hpp>
#include <atoll/sched.hpp>
#include <atoll/vm_test.hpp>

namespace random_virtio_test {

using namespace atl;

/// Waits, within seconds, until devices have given more than `bytes`.
bool comes_more_than(std::uint64_t bytes) {
  WaitQueue nobody;
  for (int i = 0; i < 500 && random_virtio::statistics().bytes <= bytes; ++i) {
    WaitQueue::Guard guard{nobody};
    static_cast<void>(nobody.wait(guard, deadline::after(10_ms)));
  }
  return random_virtio::statistics().bytes > bytes;
}

}  // namespace random_virtio_test

using namespace random_virtio_test;

VM_TEST(RandomVirtio, nothing_counts_that_did_not_come) {
  const random_virtio::Statistics now = random_virtio::statistics();
  VM_EXPECT_LE(now.counted, 4 * now.bytes);
  if (now.devices == 0) VM_EXPECT_EQ(now.bytes, 0u);
}

VM_TEST(RandomVirtio, a_device_gives_a_seed_by_itself) {
  if (random_virtio::statistics().devices == 0) VM_SKIP("no entropy device");
  VM_ASSERT(comes_more_than(63));
  VM_EXPECT_GE(random_virtio::statistics().counted, 256u);
}

VM_TEST(RandomVirtio, a_restore_asks_it_again) {
  if (random_virtio::statistics().devices == 0) VM_SKIP("no entropy device");
  VM_ASSERT(comes_more_than(63));
  const std::uint64_t before = random_virtio::statistics().bytes;
  random::reseed();
  VM_EXPECT(comes_more_than(before + 63));
}
