// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/vm_test.hpp>
#include <atoll/xen/events.hpp>
#include <atoll/xen/pages.hpp>
#include <atomic>

// Two ports of this domain, connected to each other.
namespace {

using namespace atl;
using arch::Cpu;

constexpr xen::DomainId kSelf = 0x7ff0;  // DOMID_SELF

std::atomic<int> calls{0};
std::uint32_t mask_inside = 0;

void count(void*) {
  calls = calls + 1;
  if (mask_inside != 0) xen::events().mask(mask_inside);
}

/// Interrupts are let in for its lifetime.
class Pair {
 public:
  Pair() {
    calls = 0;
    mask_inside = 0;
    if (auto opened = xen::open_port(kSelf); opened.ok()) heard = opened.value();
    if (auto connected = xen::connect_port(kSelf, heard); connected.ok()) told = connected.value();
    usable = heard != 0 && told != 0 &&
             xen::events().connect(heard, irq::Trigger::kEdgeRising, count, nullptr).ok();
    enabled_ = Cpu::interrupts_enabled();
    Cpu::enable_interrupts();
  }
  ~Pair() {
    if (!enabled_) static_cast<void>(Cpu::disable_interrupts());
    xen::events().disconnect(heard);
    (void)xen::close_port(told);
    (void)xen::close_port(heard);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  xen::Port heard = 0;
  xen::Port told = 0;
  bool usable = false;

 private:
  bool enabled_;
};

// More than an event on its way needs.
void wait_for(int wanted) {
  for (int i = 0; i < 100'000 && calls < wanted; ++i) Cpu::relax();
}

#define NEEDS_EVENTS() \
  if (xen::shared() == nullptr) VM_SKIP("this domain was started without Xen's services")

VM_TEST(XenEvents, an_event_reaches_its_handler) {
  NEEDS_EVENTS();
  Pair pair;
  VM_ASSERT(pair.usable);
  xen::events().unmask(pair.heard);
  xen::notify(pair.told);
  wait_for(1);
  VM_EXPECT_EQ(calls, 1);
}

VM_TEST(XenEvents, a_connected_port_is_masked_and_remembers) {
  NEEDS_EVENTS();
  Pair pair;
  VM_ASSERT(pair.usable);
  xen::notify(pair.told);
  xen::notify(pair.told);
  wait_for(1);
  VM_EXPECT_EQ(calls, 0);
  xen::events().unmask(pair.heard);
  wait_for(1);
  VM_EXPECT_EQ(calls, 1);
}

VM_TEST(XenEvents, a_handler_may_mask_its_port) {
  NEEDS_EVENTS();
  Pair pair;
  VM_ASSERT(pair.usable);
  mask_inside = pair.heard;
  xen::events().unmask(pair.heard);
  for (int i = 0; i < 3; ++i) xen::notify(pair.told);
  wait_for(2);
  VM_EXPECT_EQ(calls, 1);
  mask_inside = 0;
  xen::events().unmask(pair.heard);
  wait_for(2);
  VM_EXPECT_EQ(calls, 2);
}

// Between a look and the wait that follows, an event must not get lost: each one is
// awaited before the next is sent.
VM_TEST(XenEvents, no_wakeup_is_lost_under_load) {
  NEEDS_EVENTS();
  Pair pair;
  VM_ASSERT(pair.usable);
  xen::events().unmask(pair.heard);
  for (int i = 1; i <= 10'000; ++i) {
    if (i % 3 == 0) xen::events().mask(pair.heard);
    xen::notify(pair.told);
    if (i % 3 == 0) xen::events().unmask(pair.heard);
    wait_for(i);
    VM_ASSERT(calls == i);
  }
}

VM_TEST(XenEvents, mistakes_are_errors) {
  NEEDS_EVENTS();
  Pair pair;
  VM_ASSERT(pair.usable);
  const auto edge = irq::Trigger::kEdgeRising;
  VM_EXPECT(xen::events().connect(pair.heard, edge, count, nullptr).error() == Errc::kBusy);
  VM_EXPECT(xen::events().connect(4096, edge, count, nullptr).error() == Errc::kInvalidArgument);
  VM_EXPECT(xen::events().connect(pair.told, irq::Trigger::kLevelHigh, count, nullptr).error() ==
            Errc::kInvalidArgument);
  VM_EXPECT(xen::connect_port(kSelf, 4000).error() == Errc::kInvalidArgument);
  VM_EXPECT(xen::close_port(4000).error() == Errc::kInvalidArgument);
}

VM_TEST(XenEvents, an_event_without_a_handler_is_counted) {
  NEEDS_EVENTS();
  Pair pair;
  VM_ASSERT(pair.usable);
  xen::events().unmask(pair.heard);
  xen::events().disconnect(pair.heard);
  const std::uint32_t before = irq::stray_count();
  xen::notify(pair.told);
  for (int i = 0; i < 10'000; ++i) Cpu::relax();
  VM_EXPECT_EQ(calls, 0);
  VM_EXPECT_EQ(irq::stray_count(), before);  // it was masked
}

}  // namespace
