// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/host/ram.hpp>

#include <atoll/arch.hpp>
#include <atoll/netdev.hpp>
#include <atomic>
#include <thread>

namespace {

using atl::Buffer;
using atl::BufferPool;
using atl::Errc;
using atl::Netdev;
using atl::Offload;
using atl::Packet;
using atl::Result;

/// A device that does what a test tells it to.
class Scripted final : public Netdev {
 public:
  explicit Scripted(const Info& info = {}) : Netdev(info) {}

  using Netdev::may_receive;
  using Netdev::may_send;
  using Netdev::note_progress;
  using Netdev::set_faulty;
  using Netdev::tell;
  using Netdev::tell_state;

  Errc opens = {};
  bool stops = true;
  bool link = true;
  int opened = 0;
  int closed = 0;
  Settings last;

 private:
  Result<Agreed> do_open(const Settings& settings) override {
    last = settings;
    if (opens != Errc{}) return atl::fail(opens);
    ++opened;
    return Agreed{settings.queues, settings.offloads};
  }
  bool do_close() override {
    ++closed;
    return stops;
  }
  bool do_has_link() override { return link; }
  Statistics do_statistics() const override { return {}; }
  std::size_t do_receive(std::uint16_t, std::span<Packet>) override { return 0; }
  std::size_t do_send(std::uint16_t, std::span<Packet>) override { return 0; }
  void do_collect(std::uint16_t) override {}
  bool do_arm(std::uint16_t, unsigned) override { return true; }
  void do_disarm(std::uint16_t, unsigned) override {}
};

class NetdevTest : public atl::host::RamTest {
 protected:
  atl::Owned<BufferPool> pool = BufferPool::create({.buffers = 64}).value();

  Netdev::Settings settings(std::uint32_t offloads = 0) {
    return {.pool = pool.get(), .offloads = offloads};
  }
  static bool sends(const Scripted& device, const Buffer& packet) {
    return device.may_send(packet_length(packet), packet.offload);
  }
  Packet packet(std::uint32_t length, Offload offload = {}) {
    Packet made = pool->allocate();
    Buffer* last = made.get();
    for (std::uint32_t left = length; left > 0;) {
      const std::uint32_t part = std::min(left, last->tailroom());
      last->append(part);
      left -= part;
      if (left == 0) break;
      Packet more = pool->allocate();
      Buffer* const next = more.get();
      last->link(std::move(more));
      last = next;
    }
    made->offload = offload;
    return made;
  }
};

TEST_F(NetdevTest, devices_are_named_in_the_order_in_which_they_were_found) {
  static Scripted first, second;
  EXPECT_EQ(atl::netdev::at(0), nullptr);
  atl::netdev::add(first);
  atl::netdev::add(second);
  EXPECT_EQ(first.name(), "net0");
  EXPECT_EQ(second.name(), "net1");
  EXPECT_EQ(atl::netdev::at(1), &second);
  EXPECT_EQ(atl::netdev::at(2), nullptr);
  EXPECT_EQ(atl::netdev::find("net1"), &second);
  EXPECT_EQ(atl::netdev::find("net2"), nullptr);
}

TEST_F(NetdevTest, only_what_is_offered_is_asked_for) {
  Scripted device{{.queues = 2, .offloads = Netdev::kSendChecksum | Netdev::kReceiveLarge}};
  Netdev::Settings all = settings(~0u);
  all.queues = 9;
  ASSERT_TRUE(device.open(all).ok());
  EXPECT_EQ(device.last.queues, 2);
  EXPECT_EQ(device.last.offloads, Netdev::kSendChecksum) << "large ones need their checksum";
  device.close();
  Scripted other{{.offloads = Netdev::kSendTcp4 | Netdev::kReceiveChecksum}};
  ASSERT_TRUE(other.open(all).ok());
  EXPECT_EQ(other.last.offloads, Netdev::kReceiveChecksum) << "segments need their checksum";
  other.close();
}

TEST_F(NetdevTest, a_faulty_device_tells_once_and_can_be_restarted) {
  Scripted device;
  int told = 0;
  Netdev::Settings with_event = settings();
  with_event.event = {[](void* context, std::uint16_t queue) {
                        EXPECT_EQ(queue, Netdev::kNoQueue);
                        ++*static_cast<int*>(context);
                      },
                      &told};
  ASSERT_TRUE(device.open(with_event).ok());
  EXPECT_EQ(device.state(), Netdev::State::kUp);
  device.set_faulty("first");
  device.set_faulty("second");
  EXPECT_EQ(told, 1);
  EXPECT_EQ(device.state(), Netdev::State::kFaulty);
  ASSERT_TRUE(device.restart().ok());
  EXPECT_EQ(device.state(), Netdev::State::kUp);
  EXPECT_EQ(device.statistics().restarts, 1u);
  EXPECT_EQ(device.last.event.context, &told);
  device.close();
}

// What a handler does with the event of its device.
struct Listener {
  std::atomic<int> calls = 0;
  std::atomic<bool> inside = false;
  std::atomic<bool> goes_on = true;

  Netdev::Event event() {
    return {[](void* context, std::uint16_t) {
              auto& self = *static_cast<Listener*>(context);
              EXPECT_FALSE(atl::arch::Cpu::interrupts_enabled());
              ++self.calls;
              self.inside = true;
              while (!self.goes_on) std::this_thread::yield();
              self.inside = false;
            },
            this};
  }
};

TEST_F(NetdevTest, an_event_comes_for_what_is_armed_while_it_is_open) {
  Scripted device;
  Listener listener;
  std::atomic<bool> armed = true;
  device.tell(0, armed);
  EXPECT_EQ(listener.calls, 0);
  Netdev::Settings with_event = settings();
  with_event.event = listener.event();
  ASSERT_TRUE(device.open(with_event).ok());
  device.tell(0, armed);
  EXPECT_EQ(listener.calls, 0) << "what was armed before is not any more";
  armed = true;
  device.tell(0, armed);
  device.tell(0, armed);
  EXPECT_EQ(listener.calls, 1);
  device.tell_state();
  EXPECT_EQ(listener.calls, 2);
  device.close();
  armed = true;
  device.tell(0, armed);
  device.tell_state();
  EXPECT_EQ(listener.calls, 2);
  device.opens = Errc::kTimedOut;
  EXPECT_FALSE(device.open(with_event).ok());
  device.tell_state();
  EXPECT_EQ(listener.calls, 2);
}

TEST_F(NetdevTest, closing_waits_for_an_event_on_another_cpu) {
  Scripted device;
  Listener listener;
  Netdev::Settings with_event = settings();
  with_event.event = listener.event();
  ASSERT_TRUE(device.open(with_event).ok());
  listener.goes_on = false;
  std::atomic<bool> closed = false;
  std::thread handler{[&] {
    std::atomic<bool> armed = true;
    device.tell(0, armed);
  }};
  while (!listener.inside) std::this_thread::yield();
  std::thread closer{[&] {
    device.close();
    EXPECT_FALSE(listener.inside);
    closed = true;
  }};
  for (int looks = 0; looks < 1000; ++looks) {
    ASSERT_FALSE(closed);
    std::this_thread::yield();
  }
  listener.goes_on = true;
  handler.join();
  closer.join();
  EXPECT_EQ(listener.calls, 1);
}

TEST_F(NetdevTest, one_that_is_faulty_again_and_again_is_dead) {
  Scripted device;
  ASSERT_TRUE(device.open(settings()).ok());
  for (unsigned round = 1; round < Netdev::kRestarts; ++round) {
    device.set_faulty("again");
    ASSERT_TRUE(device.restart().ok()) << round;
  }
  device.note_progress();
  for (unsigned round = 1; round < Netdev::kRestarts; ++round) {
    device.set_faulty("after a packet");
    ASSERT_TRUE(device.restart().ok()) << round;
  }
  device.set_faulty("once more");
  EXPECT_EQ(device.restart().error(), Errc::kNoDevice);
  EXPECT_EQ(device.state(), Netdev::State::kDead);
  EXPECT_EQ(device.opened, device.closed);
  EXPECT_EQ(device.open(settings()).error(), Errc::kNoDevice);
  EXPECT_EQ(device.restart().error(), Errc::kNoDevice);
}

TEST_F(NetdevTest, one_that_does_not_stop_is_dead) {
  Scripted device;
  ASSERT_TRUE(device.open(settings()).ok());
  device.stops = false;
  device.close();
  EXPECT_EQ(device.state(), Netdev::State::kDead);
  EXPECT_EQ(device.open(settings()).error(), Errc::kNoDevice);
}

TEST_F(NetdevTest, one_that_does_not_open_stays_closed) {
  Scripted device;
  device.opens = Errc::kTimedOut;
  EXPECT_EQ(device.open(settings()).error(), Errc::kTimedOut);
  EXPECT_EQ(device.state(), Netdev::State::kClosed);
  EXPECT_EQ(device.restart().error(), Errc::kInvalidArgument);
  device.opens = {};
  ASSERT_TRUE(device.open(settings()).ok());
  device.set_faulty("now");
  device.opens = Errc::kNoMemory;
  EXPECT_EQ(device.restart().error(), Errc::kNoMemory);
  EXPECT_EQ(device.state(), Netdev::State::kClosed);
}

TEST_F(NetdevTest, what_may_be_sent) {
  using Checksum = Offload::Checksum;
  using Segments = Offload::Segments;
  constexpr std::uint32_t kAll = Netdev::kSendChecksum | Netdev::kSendTcp4;
  Scripted device{{.mtu = 1500, .offloads = kAll}};
  const Offload partial{
      .checksum = Checksum::kPartial, .checksum_start = 34, .checksum_offset = 16};
  Offload segments = partial;
  segments.segments = Segments::kTcp4;
  segments.segment_bytes = 1460;
  segments.header_bytes = 54;
  ASSERT_TRUE(device.open(settings()).ok());
  EXPECT_FALSE(sends(device, *packet(13)));
  EXPECT_TRUE(sends(device, *packet(14)));
  EXPECT_TRUE(sends(device, *packet(1518)));
  EXPECT_FALSE(sends(device, *packet(1519)));
  EXPECT_FALSE(sends(device, *packet(100, partial))) << "not agreed on";
  device.close();
  ASSERT_TRUE(device.open(settings(kAll)).ok());
  EXPECT_TRUE(sends(device, *packet(100, partial)));
  EXPECT_TRUE(sends(device, *packet(52, partial)));
  EXPECT_FALSE(sends(device, *packet(51, partial))) << "the field lies outside";
  EXPECT_TRUE(sends(device, *packet(30'000, segments)));
  EXPECT_TRUE(sends(device, *packet(Netdev::kLongest, segments)));
  EXPECT_FALSE(sends(device, *packet(Netdev::kLongest + 1, segments)));
  EXPECT_FALSE(sends(device, *packet(54, segments))) << "nothing behind its headers";
  const auto without = [&](auto change) {
    Offload wrong = segments;
    change(wrong);
    return sends(device, *packet(3000, wrong));
  };
  EXPECT_FALSE(without([](Offload& o) { o.segments = Segments::kTcp6; }));
  EXPECT_FALSE(without([](Offload& o) { o.checksum = Checksum::kUnchecked; }));
  EXPECT_FALSE(without([](Offload& o) { o.segment_bytes = 0; }));
  EXPECT_FALSE(without([](Offload& o) { o.header_bytes = 13; }));
  device.close();
}

TEST_F(NetdevTest, what_may_be_received) {
  using Checksum = Offload::Checksum;
  using Segments = Offload::Segments;
  constexpr std::uint32_t kAll = Netdev::kReceiveChecksum | Netdev::kReceiveLarge;
  Scripted device{{.offloads = kAll}};
  const Offload checked{.checksum = Checksum::kChecked};
  const Offload partial{
      .checksum = Checksum::kPartial, .checksum_start = 34, .checksum_offset = 16};
  const Offload large{
      .checksum = Checksum::kPartial, .segments = Segments::kTcp6, .segment_bytes = 1440};
  ASSERT_TRUE(device.open(settings()).ok());
  EXPECT_FALSE(device.may_receive(13, {}));
  EXPECT_TRUE(device.may_receive(14, {}));
  EXPECT_TRUE(device.may_receive(1518, {}));
  EXPECT_FALSE(device.may_receive(1519, {}));
  EXPECT_FALSE(device.may_receive(100, checked));
  EXPECT_FALSE(device.may_receive(3000, large));
  device.close();
  ASSERT_TRUE(device.open(settings(kAll)).ok());
  EXPECT_TRUE(device.may_receive(100, checked));
  EXPECT_TRUE(device.may_receive(52, partial));
  EXPECT_FALSE(device.may_receive(51, partial));
  EXPECT_FALSE(device.may_receive(1519, partial));
  EXPECT_TRUE(device.may_receive(Netdev::kLongest, large));
  EXPECT_FALSE(device.may_receive(Netdev::kLongest + 1, large));
  Offload wrong = large;
  wrong.segment_bytes = 0;
  EXPECT_FALSE(device.may_receive(3000, wrong));
  device.close();
}

}  // namespace
