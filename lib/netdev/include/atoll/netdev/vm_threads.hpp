// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/clock.hpp>
#include <atoll/log.hpp>
#include <atoll/netdev/vm_conformance.hpp>
#include <atoll/sched.hpp>
#include <atoll/vm_test.hpp>
#include <atomic>

/// That the sides of a queue, and the queues, of a device may be used at the same time: a thread
/// for each, inside an image.
namespace atl::netdev_conformance {

/// Two devices that a cable joins, open, and how far the frames of each queue have come. What is
/// written by several threads is counted by atomics; the rest is the devices' own.
class Traffic {
 public:
  static constexpr std::uint32_t kFrames = 300;  // of each queue, each way
  static constexpr std::uint16_t kMostQueues = 2;

  Traffic(Netdev& left, Netdev& right, BufferPool& pool, std::uint16_t queues, unsigned depth)
      : ends_{&left, &right}, pool_(pool), queues_(queues), depth_(depth) {}

  /// All of it at once.
  void run() {
    std::array<Worker, 4 * kMostQueues> workers{};
    std::array<Thread*, 4 * kMostQueues> threads{};
    std::size_t count = 0;
    for (unsigned end = 0; end < 2; ++end) {
      for (std::uint16_t queue = 0; queue < queues_; ++queue) {
        workers[count++] = {this, &Traffic::send, end, queue};
        workers[count++] = {this, &Traffic::receive, end, queue};
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      const auto created = sched::create({.stack_bytes = kStack}, work, &workers[i]);
      VM_EXPECT(created.ok());
      if (created.ok()) threads[i] = created.value();
      if (!created.ok()) ended_ = true;
    }
    for (Thread* const thread : threads) {
      if (thread != nullptr) VM_EXPECT(sched::join(*thread).ok());
    }
    for (const auto& way : arrived_) {
      for (std::uint16_t queue = 0; queue < queues_; ++queue)
        VM_EXPECT_EQ(way[queue].load(), kFrames);
    }
    VM_EXPECT_EQ(unknown_.load(), 0u);
    VM_EXPECT_EQ(damaged_.load(), 0u);
    VM_EXPECT_EQ(repeated_.load(), 0u);
    if (vm_test::failed()) tell();
  }

 private:
  static constexpr std::size_t kStack = 32 * 1024;

  struct Worker {
    Traffic* traffic = nullptr;
    void (Traffic::*work)(unsigned end, std::uint16_t queue) = nullptr;
    unsigned end = 0;
    std::uint16_t queue = 0;
  };
  static void work(void* argument) {
    const Worker& mine = *static_cast<const Worker*>(argument);
    (mine.traffic->*mine.work)(mine.end, mine.queue);
  }

  /// What the devices say of it.
  void tell() const {
    for (const Netdev* const device : ends_) {
      const auto counts = device->statistics();
      log::error("netdev", "{}: {} sent, {} lost, {} received, {} malformed, {} without a buffer",
                 device->name(), counts.sent, counts.send_lost, counts.received,
                 counts.receive_malformed, counts.receive_no_buffer);
    }
  }

  /// Whether there is more to do, now or after others had their turn.
  bool goes_on() {
    if (clock::now() > end_of_patience_) ended_ = true;
    if (ended_) return false;
    sched::yield();
    return true;
  }

  void send(unsigned end, std::uint16_t queue) {
    const auto& arrived = arrived_[1 - end][queue];
    for (std::uint32_t sent = 0; sent < kFrames && goes_on();) {
      // All queues of the sender may lead to one of the receiver's.
      if (sent - arrived.load() >= depth_ / (2u * queues_)) continue;
      Packet frame = pool_.allocate();
      if (!frame) continue;
      write_frame(*frame, std::uint32_t{queue} << 16 | sent, 0, 80);
      if (ends_[end]->send(queue, {&frame, 1}) == 1) ++sent;
    }
  }

  void receive(unsigned end, std::uint16_t queue) {
    while (goes_on()) {
      std::array<Packet, 4> some;
      const std::size_t got = ends_[end]->receive(queue, some);
      for (const Packet& frame : std::span{some}.first(got)) take(end, *frame);
      std::uint32_t all = 0;
      for (const auto& arrived : arrived_[end]) all += arrived.load();
      if (all == kFrames * queues_) return;
    }
  }
  void take(unsigned end, const Buffer& frame) {
    if (!is_test_frame(frame)) return;
    const std::uint32_t number = frame_number(frame);
    const std::uint32_t sender = number >> 16;
    const std::uint32_t place = number & 0xffff;
    // To the host they are all of one flow, which is now on this queue and now on that one.
    if (sender >= queues_ || place >= kFrames) {
      ++unknown_;
    } else if (!is_frame(frame, number, 80)) {
      ++damaged_;
    } else if (seen_[end][sender][place].exchange(true)) {
      ++repeated_;
    } else {
      ++arrived_[end][sender];
    }
  }

  std::array<Netdev*, 2> ends_;
  BufferPool& pool_;
  std::uint16_t queues_;
  unsigned depth_;
  // At each end, of each queue of the other one.
  std::array<std::array<std::atomic<std::uint32_t>, kMostQueues>, 2> arrived_{};
  std::array<std::array<std::array<std::atomic<bool>, kFrames>, kMostQueues>, 2> seen_{};
  std::atomic<unsigned> unknown_ = 0;
  std::atomic<unsigned> damaged_ = 0;
  std::atomic<unsigned> repeated_ = 0;
  std::atomic<bool> ended_ = false;
  Nanoseconds end_of_patience_ = clock::now() + 60_s;
};

/// Every side of every queue by a thread of its own, where the scheduler has threads.
inline void verify_threads(Netdev& left, Netdev& right, std::uint16_t queues) {
  if constexpr (sched::Provider::kOneThread) VM_SKIP("this image has one thread");
  auto pool = make_pool(left, right);
  VM_ASSERT(pool.ok());
  {
    constexpr auto kPassTime = [] {
      sched::yield();
      pass_time();
    };
    Subject subject{left, right, *pool.value(), kPassTime, queues};
    const Opened opened{subject};
    VM_ASSERT(opened.ok);
    Traffic traffic{left, right, *pool.value(), queues, subject.depth};
    traffic.run();
  }
  VM_EXPECT_EQ(pool.value()->statistics().free, kPoolBuffers);
}

}  // namespace atl::netdev_conformance
