// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/netdev_loopback.hpp>
#include <atoll/traffic/trial.hpp>
#include <atoll/vm_test.hpp>

namespace atl::traffic {

VM_TEST(Traffic, all_of_it_comes_through_a_cable) {
  NetdevLoopback left{{{2, 0, 0, 0, 0, 1}}}, right{{{2, 0, 0, 0, 0, 2}}};
  NetdevLoopback::connect(left, right);
  auto pool = BufferPool::create({.buffers = 256});
  auto senders = BufferPool::create({.buffers = 64});
  auto tally = Tally::create(4, 1, Payload::kPattern);
  VM_ASSERT(pool.ok() && senders.ok() && tally.ok());
  VM_ASSERT(left.open({.pool = pool.value().get(), .depth = 64}).ok());
  VM_ASSERT(right.open({.pool = pool.value().get(), .depth = 64}).ok());
  Plan plan;
  plan.packets = 2000;
  plan.flows = 4;
  plan.window = 32;
  plan.sizes = {.smallest = 60, .largest = 1514};
  const Ends ends{.from = plan.from, .to = plan.to};
  {
    Sender sender{left, *senders.value(), plan, ends};
    auto trial = make<Trial>(plan, Trial::Parts{&sender, &right, tally.value().get()}, 0_ns);
    VM_ASSERT(trial.ok());
    while (trial.value()->step()) {
    }
    VM_EXPECT(trial.value()->look(1_ns));
    VM_EXPECT(trial.value()->is_good());
    VM_EXPECT_EQ(tally.value()->counts().arrived, 2000u);
  }
  left.close();
  right.close();
}

}  // namespace atl::traffic
