// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <algorithm>
#include <array>
#include <atoll/netdev.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

/// What checks of network devices are made of: two devices, frames that tell themselves apart.
namespace atl::netdev_conformance {

/// How often the event of a device was called.
struct Told {
  static constexpr std::size_t kQueues = 8;
  std::array<std::atomic<unsigned>, kQueues> queues{};

  [[nodiscard]] unsigned all() const {
    unsigned sum = 0;
    for (const auto& queue : queues) sum += queue.load();
    return sum;
  }
};

/// Two closed devices at the two ends of a cable, and what was found wrong with them.
class Subject {
 public:
  /// `pass_time` lets packets arrive: a test calls it some thousand times before it gives up.
  /// `wanted`: queues to open, at most Told::kQueues; both devices have as many.
  Subject(Netdev& one, Netdev& other, BufferPool& some, void (*pass_time)(),
          std::uint16_t wanted = 1)
      : left(one), right(other), pool(some), queues(wanted), pass_time_(pass_time) {}

  /// Notes the first promise that was not kept.
  bool expect(bool kept, const char* promise, unsigned line) {
    if (!kept && broken_promise == nullptr) {
      broken_promise = promise;
      broken_line = line;
    }
    return kept;
  }
  /// Whether `condition` comes to hold.
  template <typename Condition>
  bool comes(Condition condition) {
    for (int left_to_try = 20'000; left_to_try > 0; --left_to_try) {
      if (condition()) return true;
      pass_time_();
    }
    return false;
  }
  /// What arrives while nothing is expected to.
  void settle() {
    for (int times = 20; times > 0; --times) pass_time_();
  }

  Netdev& left;
  Netdev& right;
  BufferPool& pool;
  const char* broken_promise = nullptr;
  unsigned broken_line = 0;
  const std::uint16_t queues;
  std::array<Told, 2> events{};  ///< of left and right
  unsigned depth = 32;

 private:
  void (*pass_time_)();
};

using Check = void (*)(Subject&);

/// Ends the check where `promise` is not kept; needs a `Subject& subject`.
#define NETDEV_MUST(...)                                                                 \
  do {                                                                                   \
    if (!subject.expect(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __LINE__)) return; \
  } while (false)

inline constexpr std::uint32_t kSmallest = 60;  // shorter ones may be padded on their way

/// Which use of two devices a test frame is of: a host may deliver what an earlier one left under
/// way much later, also to devices that were closed and opened since.
inline std::uint32_t conversation = 0;

/// The settings that checks open both ends with.
inline Netdev::Settings settings(Subject& subject, int end, std::uint32_t offloads = 0) {
  const auto count = [](void* context, std::uint16_t queue) {
    // One that there is not is seen at the first of those that nobody opens.
    constexpr std::size_t kWrong = Told::kQueues - 1;
    if (queue == Netdev::kNoQueue) return;
    ++static_cast<Told*>(context)->queues[std::min<std::size_t>(queue, kWrong)];
  };
  return {.pool = &subject.pool,
          .queues = subject.queues,
          .depth = static_cast<std::uint16_t>(subject.depth),
          .offloads = offloads,
          .event = {count, &subject.events[static_cast<std::size_t>(end)]}};
}

/// Byte number `index` of test frame `number`: a header to everybody, from a local address that
/// tells the conversation, of a type for local experiments (IEEE 802 §9.2.3); then what tells
/// frame and place apart.
inline std::byte frame_byte(std::uint32_t number, std::uint32_t index) {
  if (index < 6) return std::byte{0xff};
  if (index < 8) return std::byte{index == 6 ? std::uint8_t{2} : std::uint8_t{0}};
  if (index < 12) return static_cast<std::byte>(conversation >> (8 * (index - 8)));
  if (index == 12) return std::byte{0x88};
  if (index == 13) return std::byte{0xb5};
  if (index < 18) return static_cast<std::byte>(number >> (8 * (index - 14)));
  return static_cast<std::byte>(number * 31 + index * 7 + (index >> 8));
}
/// Whose frame number is in it; from 18 bytes on.
inline std::uint32_t frame_number(const Buffer& frame) {
  std::uint32_t number = 0;
  if (frame.length() >= 18) std::memcpy(&number, frame.data() + 14, sizeof number);
  return number;
}

inline void write_frame(Buffer& buffer, std::uint32_t number, std::uint32_t from,
                        std::uint32_t length) {
  std::byte* const bytes = buffer.append(length);
  for (std::uint32_t i = 0; i < length; ++i) bytes[i] = frame_byte(number, from + i);
}
inline Packet make_frame(Subject& subject, std::uint32_t number, std::uint32_t length) {
  Packet frame = subject.pool.allocate();
  if (frame) write_frame(*frame, number, 0, length);
  return frame;
}
/// Whether it is what make_frame() made, or a short one that was filled up.
inline bool is_frame(const Buffer& frame, std::uint32_t number, std::uint32_t length) {
  const std::uint64_t all = packet_length(frame);
  if (length >= kSmallest ? all != length : all < length || all > kSmallest) return false;
  std::uint32_t at = 0;
  for (const Buffer* part = &frame; part != nullptr; part = part->next()) {
    for (const std::byte byte : part->bytes()) {
      if (at < length && byte != frame_byte(number, at)) return false;
      ++at;
    }
  }
  return true;
}
/// Whether it is one of this conversation.
inline bool is_test_frame(const Buffer& frame) {
  if (frame.length() < 14) return false;
  for (std::uint32_t i = 6; i < 14; ++i) {
    if (frame.data()[i] != frame_byte(0, i)) return false;
  }
  return true;
}

/// Packets of the first queue of `device` that has some.
inline std::size_t receive_any(Subject& subject, Netdev& device, std::span<Packet> into) {
  std::size_t count = 0;
  for (std::uint16_t queue = 0; queue < subject.queues && count == 0; ++queue) {
    count = device.receive(queue, into);
  }
  return count;
}
/// The frames of one sender, at the receiver: each comes once, on whichever queue; on each queue
/// they keep their order.
struct Arrivals {
  static constexpr std::uint32_t kMost = 500;
  std::uint32_t count = 0;
  std::array<std::uint32_t, Told::kQueues> next{};  ///< of each queue: earlier ones come no more
  std::array<bool, kMost> seen{};

  /// False where frame `number` may not come on `queue` now.
  bool note(std::uint16_t queue, std::uint32_t number) {
    if (number >= kMost || number < next[queue] || seen[number]) return false;
    next[queue] = number + 1;
    seen[number] = true;
    ++count;
    return true;
  }
};

inline void disarm_all(Subject& subject, Netdev& device, unsigned wishes) {
  for (std::uint16_t queue = 0; queue < subject.queues; ++queue) device.disarm(queue, wishes);
}
/// Whether none of the wishes holds for any queue: then all are armed, else none.
inline bool arm_all(Subject& subject, Netdev& device, unsigned wishes) {
  for (std::uint16_t queue = 0; queue < subject.queues; ++queue) {
    if (device.arm(queue, wishes)) continue;
    disarm_all(subject, device, wishes);
    return false;
  }
  return true;
}

/// Test frame `number`, if `device` receives it; others, of an earlier conversation or of a host's
/// own, are left out.
inline Packet next_frame(Subject& subject, Netdev& device, std::uint32_t number) {
  Packet one;
  subject.comes([&] {
    return receive_any(subject, device, {&one, 1}) == 1 && is_test_frame(*one) &&
           frame_number(*one) == number;
  });
  if (one && frame_number(*one) != number) one.reset();
  return one;
}
inline bool send_one(Subject& subject, Netdev& device, Packet packet, std::uint16_t queue = 0) {
  return subject.comes([&] { return device.send(queue, {&packet, 1}) == 1; });
}
/// Whether frame `number` arrives at the right as it was sent at the left, on that queue.
inline bool crosses(Subject& subject, std::uint32_t number, std::uint32_t length,
                    std::uint16_t queue = 0) {
  if (!send_one(subject, subject.left, make_frame(subject, number, length), queue)) return false;
  const Packet frame = next_frame(subject, subject.right, number);
  return frame && is_frame(*frame, number, length);
}
/// Receives what comes unexpectedly, and throws it away.
inline void drain(Subject& subject, Netdev& device) {
  subject.settle();
  std::array<Packet, 8> some;
  while (receive_any(subject, device, some) > 0) {
  }
}

/// Opens both ends for a check, and closes them after it.
class Opened {
 public:
  explicit Opened(Subject& subject, std::uint32_t offloads = 0)
      : subject_(subject),
        ok(subject.left.open(settings(subject, 0, offloads)).ok() &&
           subject.right.open(settings(subject, 1, offloads)).ok() && subject.comes([&] {
             return subject.left.state() == Netdev::State::kUp &&
                    subject.right.state() == Netdev::State::kUp;
           })) {
    if (!ok) return;
    // What was under way when an earlier check closed them mostly comes before these.
    ++conversation;
    static_cast<void>(crosses(subject, 0, kSmallest));
    static_cast<void>(send_one(subject, subject.right, make_frame(subject, 0, kSmallest)));
    static_cast<void>(next_frame(subject, subject.left, 0));
    drain(subject, subject.left);
    drain(subject, subject.right);
    ++conversation;
  }
  ~Opened() {
    subject_.left.close();
    subject_.right.close();
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;

 private:
  Subject& subject_;

 public:
  const bool ok;
};

}  // namespace atl::netdev_conformance
