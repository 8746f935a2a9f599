// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/netdev/conformance_subject.hpp>

/// What atoll/netdev.hpp promises, as one check per "must", for tests of providers. They know
/// no test framework, so that the same code runs on the host, in an image, and against devices
/// that are broken on purpose.
namespace atl::netdev_conformance {

inline void a_closed_device_does_nothing(Subject& subject) {
  NETDEV_MUST(subject.left.state() == Netdev::State::kClosed);
  Packet packet = make_frame(subject, 1, 60);
  NETDEV_MUST(subject.left.send(0, {&packet, 1}) == 0);
  NETDEV_MUST(packet);
  NETDEV_MUST(subject.left.receive(0, {&packet, 1}) == 0);
  subject.left.collect(0);
  subject.left.close();
  NETDEV_MUST(subject.left.state() == Netdev::State::kClosed);
}

inline void settings_that_make_no_sense_are_refused(Subject& subject) {
  const auto refused = [&](auto change) {
    Netdev::Settings wrong = settings(subject, 0);
    change(wrong);
    const auto opened = subject.left.open(wrong);
    if (opened.ok()) subject.left.close();
    return !opened.ok() && opened.error() == Errc::kInvalidArgument;
  };
  NETDEV_MUST(refused([](auto& wrong) { wrong.pool = nullptr; }));
  NETDEV_MUST(refused([](auto& wrong) { wrong.queues = 0; }));
  NETDEV_MUST(refused([](auto& wrong) { wrong.depth = 0; }));
  auto small = BufferPool::create({.buffers = 64, .bytes = 512});
  NETDEV_MUST(small.ok());
  if (subject.left.info().buffer_bytes > 512) {
    NETDEV_MUST(refused([&](auto& wrong) { wrong.pool = small.value().get(); }));
  }
  NETDEV_MUST(subject.left.open(settings(subject, 0)).ok());
  const auto again = subject.left.open(settings(subject, 0));
  subject.left.close();
  NETDEV_MUST(!again.ok() && again.error() == Errc::kBusy);
}

inline void a_pool_that_cannot_fill_the_queue_is_no_memory(Subject& subject) {
  const unsigned all = subject.depth * subject.queues;
  for (const unsigned buffers : {1u, 3u, subject.depth, subject.depth + 1, all - 1}) {
    auto few = BufferPool::create({.buffers = buffers, .bytes = subject.pool.buffer_bytes()});
    NETDEV_MUST(few.ok());
    Netdev::Settings wrong = settings(subject, 0);
    wrong.pool = few.value().get();
    const auto opened = subject.left.open(wrong);
    const bool refused = !opened.ok() && subject.left.state() == Netdev::State::kClosed;
    subject.left.close();
    // A device may have less than it is asked for under way.
    NETDEV_MUST(refused ? opened.error() == Errc::kNoMemory : buffers >= subject.queues * 4);
    NETDEV_MUST(few.value()->statistics().free == buffers);
  }
}

inline void what_is_agreed_was_wanted_and_is_there(Subject& subject) {
  for (const std::uint32_t wanted : {0u, ~0u}) {
    Netdev::Settings all = settings(subject, 0, wanted);
    all.queues = 0xffff;
    all.depth = 8;
    const auto agreed = subject.left.open(all);
    const bool ok = agreed.ok() && (agreed.value().offloads & ~wanted) == 0 &&
                    (agreed.value().offloads & ~subject.left.info().offloads) == 0 &&
                    agreed.value().queues >= 1 &&
                    agreed.value().queues <= subject.left.info().queues;
    subject.left.close();
    NETDEV_MUST(ok);
  }
}

inline void closing_gives_every_buffer_back(Subject& subject) {
  const std::uint32_t before = subject.pool.statistics().free;
  for (int round = 0; round < 3; ++round) {
    const Opened opened{subject};
    NETDEV_MUST(opened.ok);
    // Some on their way, some not yet received.
    for (std::uint32_t number = 0; number < 8; ++number) {
      NETDEV_MUST(send_one(subject, subject.left, make_frame(subject, number, 100)));
    }
    if (round == 1) subject.settle();
  }
  NETDEV_MUST(subject.pool.statistics().free == before);
}

inline void frames_of_every_length_arrive_as_they_were(Subject& subject) {
  const Opened opened{subject};
  NETDEV_MUST(opened.ok);
  const std::uint32_t longest =
      std::min(subject.left.info().mtu, subject.right.info().mtu) + Netdev::kHeader;
  for (std::uint32_t length = 18; length <= longest; length += length < 128 ? 1 : 61) {
    NETDEV_MUST(send_one(subject, subject.left, make_frame(subject, length, length)));
    Packet frame = next_frame(subject, subject.right, length);
    NETDEV_MUST(frame);
    NETDEV_MUST(is_frame(*frame, length, length));
    // Back the way it came.
    NETDEV_MUST(send_one(subject, subject.right, std::move(frame)));
    frame = next_frame(subject, subject.left, length);
    NETDEV_MUST(frame);
    NETDEV_MUST(is_frame(*frame, length, length));
  }
  NETDEV_MUST(crosses(subject, 5, longest));
}

inline void frames_keep_their_order_and_none_is_lost(Subject& subject) {
  const Opened opened{subject};
  NETDEV_MUST(opened.ok);
  for (const std::size_t batch : {std::size_t{1}, std::size_t{7}, std::size_t{32}}) {
    constexpr std::uint32_t kFrames = 500;
    std::uint32_t made = 0;
    Arrivals arrivals;
    std::array<Packet, 32> out, in;
    std::size_t first = 0, last = 0;
    const bool all = subject.comes([&] {
      if (first == last) {
        first = last = 0;
        // The cable holds no more than a receiver has buffers for.
        for (; last < batch && made < kFrames && made - arrivals.count < subject.depth / 2;
             ++last) {
          out[last] = make_frame(subject, made++, 100);
          if (!out[last]) return subject.expect(false, "the pool has buffers", __LINE__);
        }
      }
      first += subject.left.send(0, std::span{out}.subspan(first, last - first));
      for (std::uint16_t queue = 0; queue < subject.queues; ++queue) {
        const std::size_t got = subject.right.receive(queue, std::span{in}.first(batch));
        for (Packet& frame : std::span{in}.first(got)) {
          const std::uint32_t number = frame_number(*frame);
          if (is_test_frame(*frame) &&
              !(is_frame(*frame, number, 100) && arrivals.note(queue, number))) {
            return subject.expect(false, "frames keep their order and content", __LINE__);
          }
          frame.reset();
        }
      }
      return arrivals.count == kFrames || subject.broken_promise != nullptr;
    });
    NETDEV_MUST(all);
    if (subject.broken_promise != nullptr) return;
  }
}

inline void a_packet_of_several_buffers_arrives_whole(Subject& subject) {
  const Opened opened{subject};
  NETDEV_MUST(opened.ok);
  constexpr std::array<std::uint32_t, 4> kLengths[] = {
      {14, 86, 0, 100}, {1, 1, 1, 97}, {500, 0, 0, 1}, {60, 200, 200, 200}};
  std::uint32_t number = 0;
  for (const auto& lengths : kLengths) {
    Packet packet = make_frame(subject, number, lengths[0]);
    Buffer* last = packet.get();
    std::uint32_t all = lengths[0];
    for (const std::uint32_t length : std::span{lengths}.subspan(1)) {
      Packet part = subject.pool.allocate();
      NETDEV_MUST(part);
      write_frame(*part, number, all, length);
      all += length;
      Buffer* const next = part.get();
      last->link(std::move(part));
      last = next;
    }
    NETDEV_MUST(send_one(subject, subject.left, std::move(packet)));
    const Packet frame = next_frame(subject, subject.right, number);
    NETDEV_MUST(frame);
    NETDEV_MUST(is_frame(*frame, number, all));
    ++number;
  }
}

inline void a_shared_packet_is_only_read(Subject& subject) {
  const std::uint32_t before = subject.pool.statistics().free;
  {
    const Opened opened{subject};
    NETDEV_MUST(opened.ok);
    Packet packet = make_frame(subject, 3, 200);
    for (int round = 0; round < 3; ++round) {
      NETDEV_MUST(send_one(subject, subject.left, packet->share()));
      const Packet frame = next_frame(subject, subject.right, 3);
      NETDEV_MUST(frame && is_frame(*frame, 3, 200));
    }
    NETDEV_MUST(is_frame(*packet, 3, 200));
    NETDEV_MUST(packet->headroom() == Buffer::kHeadroom);
    NETDEV_MUST(subject.comes([&] {
      subject.left.collect(0);
      return !packet->shared();
    }));
  }
  NETDEV_MUST(subject.pool.statistics().free == before);
}

inline void what_no_frame_is_is_dropped_and_counted(Subject& subject) {
  const Opened opened{subject};
  NETDEV_MUST(opened.ok);
  using Checksum = Offload::Checksum;
  using Segments = Offload::Segments;
  struct Wrong {
    std::uint32_t length;
    Offload offload;
  };
  const std::uint32_t longest = subject.left.info().mtu + Netdev::kHeader + Netdev::kTag;
  // Nothing was agreed on, so that every wish is one too many.
  const Wrong wrongs[] = {
      {0, {}},
      {13, {}},
      {longest + 1, {}},
      {100, {.checksum = Checksum::kPartial, .checksum_start = 14, .checksum_offset = 16}},
      {100, {.checksum = Checksum::kPartial, .checksum_start = 99, .checksum_offset = 0}},
      {100, {.segments = Segments::kTcp4, .segment_bytes = 10, .header_bytes = 54}},
      {100, {.segments = Segments::kTcp6, .segment_bytes = 0, .header_bytes = 0}},
  };
  const std::uint64_t before = subject.left.statistics().send_malformed;
  std::uint64_t count = 0;
  for (const Wrong& wrong : wrongs) {
    Packet packet = make_frame(subject, 1, wrong.length);
    NETDEV_MUST(packet);
    packet->offload = wrong.offload;
    NETDEV_MUST(subject.left.send(0, {&packet, 1}) == 1);
    NETDEV_MUST(!packet);
    NETDEV_MUST(subject.left.statistics().send_malformed == before + ++count);
  }
  NETDEV_MUST(crosses(subject, 77, 60));
}

inline void a_full_queue_takes_no_more_and_later_again(Subject& subject) {
  const Opened opened{subject};
  NETDEV_MUST(opened.ok);
  // Without a step of the other end a device may be as fast as it likes: what is not taken is
  // still ours, and what was taken is counted.
  const std::uint64_t before = subject.left.statistics().sent;
  std::uint64_t taken = 0;
  std::array<Packet, 8> batch;
  for (std::uint32_t number = 0; number < 4 * subject.depth;) {
    for (Packet& packet : batch) {
      if (!packet) packet = make_frame(subject, number++, 64);
      if (!packet) break;
    }
    const std::size_t sent = subject.left.send(0, batch);
    taken += sent;
    for (std::size_t i = sent; i < batch.size(); ++i) NETDEV_MUST(batch[i]);
    for (std::size_t i = 0; i < sent; ++i) NETDEV_MUST(!batch[i]);
    if (sent < batch.size()) std::rotate(batch.begin(), batch.begin() + sent, batch.end());
    drain(subject, subject.right);
  }
  NETDEV_MUST(subject.left.statistics().sent == before + taken);
  for (Packet& packet : batch) packet.reset();
  drain(subject, subject.right);
  NETDEV_MUST(crosses(subject, 9, 64));
}

inline void without_buffers_packets_are_dropped_and_later_come_again(Subject& subject) {
  const Opened opened{subject};
  NETDEV_MUST(opened.ok);
  // All that is left of the pool, but what is to be sent.
  std::array<Packet, 400> hoard;
  // More than all queues can receive.
  std::array<Packet, 40 * Told::kQueues> room_to_send, got;
  const std::uint32_t frames_to_send = 40u * subject.queues;
  const std::span frames = std::span{room_to_send}.first(frames_to_send);
  for (std::uint32_t number = 0; number < frames.size(); ++number) {
    frames[number] = make_frame(subject, number, 64);
    NETDEV_MUST(frames[number]);
  }
  Packet last = make_frame(subject, frames_to_send, 64);
  NETDEV_MUST(last);
  const std::uint64_t before = subject.right.statistics().receive_no_buffer;
  std::size_t held = 0;
  while (held < hoard.size() && (hoard[held] = subject.pool.allocate())) ++held;
  NETDEV_MUST(held < hoard.size());
  std::size_t arrived = 0;
  for (Packet& frame : frames) {
    NETDEV_MUST(send_one(subject, subject.left, std::move(frame)));
    subject.settle();
    // The sender's buffers come back, too.
    subject.left.collect(0);
    while (held < hoard.size() && (hoard[held] = subject.pool.allocate())) ++held;
    arrived += receive_any(subject, subject.right, std::span{got}.subspan(arrived, 1));
  }
  NETDEV_MUST(arrived < frames.size());
  NETDEV_MUST(subject.right.statistics().receive_no_buffer > before);
  // There is always something to receive into, so that somebody is told of what comes.
  unsigned events = 0;
  NETDEV_MUST(subject.comes([&] {
    events = subject.events[1].all();
    if (arm_all(subject, subject.right, Netdev::kReceive)) return true;
    arrived += receive_any(subject, subject.right, std::span{got}.subspan(arrived));
    return false;
  }));
  NETDEV_MUST(send_one(subject, subject.left, std::move(last)));
  NETDEV_MUST(subject.comes([&] { return subject.events[1].all() != events; }));
  for (Packet& packet : hoard) packet.reset();
  for (Packet& packet : got) packet.reset();
  drain(subject, subject.right);
  NETDEV_MUST(crosses(subject, 900, 64));
}

inline std::array<unsigned, Told::kQueues> copy_of(const Told& told) {
  std::array<unsigned, Told::kQueues> copy{};
  for (std::size_t queue = 0; queue < copy.size(); ++queue) copy[queue] = told.queues[queue].load();
  return copy;
}

inline void an_event_comes_once_for_what_was_armed(Subject& subject) {
  const Opened opened{subject};
  NETDEV_MUST(opened.ok);
  const Told& told = subject.events[1];
  for (std::uint32_t round = 0; round < 5; ++round) {
    const auto sender = static_cast<std::uint16_t>(round % subject.queues);
    std::array<unsigned, Told::kQueues> before{};
    unsigned events = 0;
    NETDEV_MUST(subject.comes([&] {
      before = copy_of(told);
      events = told.all();
      if (arm_all(subject, subject.right, Netdev::kReceive)) return true;
      drain(subject, subject.right);
      return false;
    }));
    for (std::uint32_t more = 0; more < 3; ++more) {
      NETDEV_MUST(send_one(subject, subject.left, make_frame(subject, round, 64), sender));
    }
    NETDEV_MUST(subject.comes([&] { return told.all() != events; }));
    subject.settle();
    // Queues that share an interrupt may be told about together: one of them has the frames.
    Packet frame;
    unsigned calls = 0;
    for (std::uint16_t queue = 0; queue < subject.queues; ++queue) {
      const unsigned mine = told.queues[queue].load() - before[queue];
      calls += mine;
      NETDEV_MUST(mine <= 1);
      if (subject.right.arm(queue, Netdev::kReceive)) continue;
      NETDEV_MUST(mine == 1);
      NETDEV_MUST(subject.right.receive(queue, {&frame, 1}) == 1);
      NETDEV_MUST(is_frame(*frame, round, 64));
    }
    NETDEV_MUST(frame);
    NETDEV_MUST(told.all() == events + calls);
    disarm_all(subject, subject.right, Netdev::kReceive);
    // Not armed: no more of them, however much comes.
    const unsigned after = told.all();
    for (std::uint32_t more = 0; more < 8; ++more) {
      NETDEV_MUST(send_one(subject, subject.left, make_frame(subject, 100 + more, 64), sender));
    }
    NETDEV_MUST(next_frame(subject, subject.right, 107));
    drain(subject, subject.right);
    NETDEV_MUST(told.all() <= after + subject.queues);
  }
}

inline void an_event_tells_that_packets_were_sent(Subject& subject) {
  const Opened opened{subject};
  NETDEV_MUST(opened.ok);
  NETDEV_MUST(!subject.left.arm(0, Netdev::kSend));
  Packet packet = make_frame(subject, 1, 64);
  const Told& told = subject.events[0];
  const unsigned before = told.all();
  NETDEV_MUST(send_one(subject, subject.left, packet->share()));
  NETDEV_MUST(
      subject.comes([&] { return !subject.left.arm(0, Netdev::kSend) || told.all() != before; }));
  subject.left.disarm(0, Netdev::kSend);
  NETDEV_MUST(subject.comes([&] {
    subject.left.collect(0);
    return !packet->shared();
  }));
}

inline void what_passes_is_counted(Subject& subject) {
  const Opened opened{subject};
  NETDEV_MUST(opened.ok);
  const auto left = subject.left.statistics();
  const auto right = subject.right.statistics();
  for (std::uint32_t number = 0; number < 10; ++number) {
    NETDEV_MUST(send_one(subject, subject.left, make_frame(subject, number, 200)));
    NETDEV_MUST(next_frame(subject, subject.right, number));
  }
  NETDEV_MUST(subject.left.statistics().sent == left.sent + 10);
  NETDEV_MUST(subject.left.statistics().sent_bytes == left.sent_bytes + 2000);
  NETDEV_MUST(subject.right.statistics().received >= right.received + 10);
  NETDEV_MUST(subject.right.statistics().received_bytes >= right.received_bytes + 2000);
}

inline void a_restart_goes_on_as_before(Subject& subject) {
  const Opened opened{subject};
  NETDEV_MUST(opened.ok);
  NETDEV_MUST(send_one(subject, subject.left, make_frame(subject, 1, 64)));
  const auto before = subject.left.statistics();
  NETDEV_MUST(subject.left.restart().ok());
  NETDEV_MUST(subject.left.statistics().restarts == before.restarts + 1);
  NETDEV_MUST(subject.left.statistics().sent == before.sent);
  NETDEV_MUST(subject.comes([&] { return subject.left.state() == Netdev::State::kUp; }));
  drain(subject, subject.right);
  for (std::uint16_t queue = 0; queue < subject.queues; ++queue) {
    NETDEV_MUST(crosses(subject, 2u + queue, 64, queue));
  }
}

inline void a_queue_that_is_not_open_does_nothing(Subject& subject) {
  const Opened opened{subject};
  NETDEV_MUST(opened.ok);
  for (const std::uint16_t queue : {subject.queues, std::uint16_t{0x7fff}, Netdev::kNoQueue}) {
    Packet packet = make_frame(subject, 1, 60);
    NETDEV_MUST(subject.left.send(queue, {&packet, 1}) == 0);
    NETDEV_MUST(packet);
    packet.reset();
    NETDEV_MUST(subject.left.receive(queue, {&packet, 1}) == 0);
    subject.left.collect(queue);
    NETDEV_MUST(subject.left.arm(queue, Netdev::kReceive | Netdev::kSend));
    subject.left.disarm(queue, Netdev::kReceive | Netdev::kSend);
  }
}

inline void every_queue_carries_frames_in_order(Subject& subject) {
  const Opened opened{subject};
  NETDEV_MUST(opened.ok);
  constexpr std::uint32_t kFrames = 200;
  // At the same time; a frame's number tells the queue that it was sent on.
  std::array<std::uint32_t, Told::kQueues> sent{};
  std::array<Arrivals, Told::kQueues> arrivals;
  std::uint32_t all = 0;
  NETDEV_MUST(subject.comes([&] {
    for (std::uint16_t queue = 0; queue < subject.queues; ++queue) {
      const std::uint32_t under_way = sent[queue] - arrivals[queue].count;
      if (sent[queue] == kFrames || under_way >= subject.depth / (2u * subject.queues)) continue;
      Packet frame = make_frame(subject, std::uint32_t{queue} << 16 | sent[queue], 80);
      if (frame && subject.left.send(queue, {&frame, 1}) == 1) ++sent[queue];
    }
    for (std::uint16_t queue = 0; queue < subject.queues; ++queue) {
      Packet frame;
      if (subject.right.receive(queue, {&frame, 1}) != 1 || !is_test_frame(*frame)) continue;
      const std::uint32_t number = frame_number(*frame);
      const std::uint32_t sender = number >> 16;
      if (sender >= subject.queues || !is_frame(*frame, number, 80) ||
          !arrivals[sender].note(queue, number & 0xffff)) {
        return subject.expect(false, "frames of a queue keep their order and content", __LINE__);
      }
      ++all;
    }
    return all == kFrames * subject.queues || subject.broken_promise != nullptr;
  }));
}

inline void a_queue_that_is_full_leaves_room_in_the_others(Subject& subject) {
  const Opened opened{subject};
  NETDEV_MUST(opened.ok);
  for (unsigned count = 0; count < 2 * subject.depth; ++count) {
    Packet packet = make_frame(subject, count, 64);
    NETDEV_MUST(packet);
    if (subject.left.send(0, {&packet, 1}) == 0) break;
  }
  for (std::uint16_t queue = 1; queue < subject.queues; ++queue) {
    Packet packet = make_frame(subject, queue, 64);
    NETDEV_MUST(packet);
    NETDEV_MUST(subject.left.send(queue, {&packet, 1}) == 1);
  }
  drain(subject, subject.right);
  for (std::uint16_t queue = 0; queue < subject.queues; ++queue) {
    NETDEV_MUST(crosses(subject, 500u + queue, 64, queue));
  }
}

struct NamedCheck {
  const char* name;
  Check run;
};

inline constexpr NamedCheck kChecks[] = {
    {"a_closed_device_does_nothing", a_closed_device_does_nothing},
    {"settings_that_make_no_sense_are_refused", settings_that_make_no_sense_are_refused},
    {"a_pool_that_cannot_fill_the_queue_is_no_memory",
     a_pool_that_cannot_fill_the_queue_is_no_memory},
    {"what_is_agreed_was_wanted_and_is_there", what_is_agreed_was_wanted_and_is_there},
    {"closing_gives_every_buffer_back", closing_gives_every_buffer_back},
    {"frames_of_every_length_arrive_as_they_were", frames_of_every_length_arrive_as_they_were},
    {"frames_keep_their_order_and_none_is_lost", frames_keep_their_order_and_none_is_lost},
    {"a_packet_of_several_buffers_arrives_whole", a_packet_of_several_buffers_arrives_whole},
    {"a_shared_packet_is_only_read", a_shared_packet_is_only_read},
    {"what_no_frame_is_is_dropped_and_counted", what_no_frame_is_is_dropped_and_counted},
    {"a_full_queue_takes_no_more_and_later_again", a_full_queue_takes_no_more_and_later_again},
    {"without_buffers_packets_are_dropped_and_later_come_again",
     without_buffers_packets_are_dropped_and_later_come_again},
    {"an_event_comes_once_for_what_was_armed", an_event_comes_once_for_what_was_armed},
    {"an_event_tells_that_packets_were_sent", an_event_tells_that_packets_were_sent},
    {"what_passes_is_counted", what_passes_is_counted},
    {"a_restart_goes_on_as_before", a_restart_goes_on_as_before},
    {"a_queue_that_is_not_open_does_nothing", a_queue_that_is_not_open_does_nothing},
    {"every_queue_carries_frames_in_order", every_queue_carries_frames_in_order},
    {"a_queue_that_is_full_leaves_room_in_the_others",
     a_queue_that_is_full_leaves_room_in_the_others},
};

}  // namespace atl::netdev_conformance
