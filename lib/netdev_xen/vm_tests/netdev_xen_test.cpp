// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/netdev/vm_conformance.hpp>

#include "segments.hpp"

// Two interfaces that a bridge joins in the first domain: what is left to it comes out of the
// other one done, or still to be done where that was agreed on.
namespace atl::netdev_conformance {
namespace {

using Checksum = Offload::Checksum;

struct Devices {
  Netdev* left = netdev::find("net0");
  Netdev* right = netdev::find("net1");
  [[nodiscard]] bool are_two() const { return left != nullptr && right != nullptr; }
};

Packet next_segment(Subject& subject, std::uint32_t number) {
  Packet one;
  const bool comes = subject.comes([&] {
    return subject.right.receive(0, {&one, 1}) == 1 && segments::is_of(*one, number);
  });
  if (!comes) one.reset();
  return one;
}

void open_and_run(Check check) {
  const Devices devices;
  if (!devices.are_two()) VM_SKIP("the machine has no two network devices");
  verify(*devices.left, *devices.right, {"netdev_xen", check});
}

/// Opens the left end with all that it has, the right one with `offloads`.
class OpenedTo {
 public:
  OpenedTo(Subject& subject, std::uint32_t offloads) : subject_(subject) {
    const auto left = subject.left.open(settings(subject, 0, ~0u));
    const auto right = subject.right.open(settings(subject, 1, offloads));
    ok = left.ok() && right.ok() && subject.comes([&] {
      return subject.left.state() == Netdev::State::kUp &&
             subject.right.state() == Netdev::State::kUp;
    });
    if (ok) agreed = left.value().offloads;
  }
  ~OpenedTo() {
    subject_.left.close();
    subject_.right.close();
  }
  OpenedTo(const OpenedTo&) = delete;
  OpenedTo& operator=(const OpenedTo&) = delete;

  bool ok = false;
  std::uint32_t agreed = 0;

 private:
  Subject& subject_;
};

void sums(Subject& subject) {
  for (const std::uint32_t offloads : {0u, std::uint32_t{Netdev::kReceiveChecksum}}) {
    const OpenedTo opened{subject, offloads};
    NETDEV_MUST(opened.ok);
    NETDEV_MUST((opened.agreed & Netdev::kSendChecksum) != 0);
    for (const std::uint32_t payload : {0u, 1u, 100u, 1446u}) {
      NETDEV_MUST(send_one(subject, subject.left, segments::make(subject.pool, payload, payload)));
      const Packet got = next_segment(subject, payload);
      NETDEV_MUST(got);
      NETDEV_MUST(segments::has_payload(*got, payload));
      if (got->offload.checksum == Checksum::kPartial) {
        NETDEV_MUST(got->offload.checksum_start == segments::kTcp);
        NETDEV_MUST(got->offload.checksum_offset == segments::kSum - segments::kTcp);
      } else {
        NETDEV_MUST(segments::has_sum(*got));
      }
      NETDEV_MUST((got->offload.checksum == Checksum::kPartial) == (offloads != 0));
    }
  }
}

void cut(Subject& subject) {
  const OpenedTo opened{subject, 0};
  NETDEV_MUST(opened.ok);
  NETDEV_MUST((opened.agreed & Netdev::kSendTcp4) != 0);
  constexpr std::uint32_t kPayload = 20'000;
  NETDEV_MUST(send_one(subject, subject.left, segments::make(subject.pool, 1, kPayload, 1400)));
  for (std::uint32_t at = 0; at < kPayload; at += 1400) {
    const Packet got = next_segment(subject, 1);
    NETDEV_MUST(got);
    NETDEV_MUST(segments::place(*got) == at);
    NETDEV_MUST(packet_length(*got) == segments::kHeaders + std::min(1400u, kPayload - at));
    NETDEV_MUST(segments::has_payload(*got, 1));
    NETDEV_MUST(segments::has_sum(*got));
  }
}

void whole(Subject& subject) {
  const OpenedTo opened{subject, ~0u};
  NETDEV_MUST(opened.ok);
  for (const std::uint32_t payload : {5'000u, 20'000u, 60'000u}) {
    NETDEV_MUST(
        send_one(subject, subject.left, segments::make(subject.pool, payload, payload, 1400)));
    const Packet got = next_segment(subject, payload);
    NETDEV_MUST(got);
    NETDEV_MUST(packet_length(*got) == segments::kHeaders + payload);
    NETDEV_MUST(segments::has_payload(*got, payload));
    NETDEV_MUST(got->offload.checksum == Checksum::kPartial);
    NETDEV_MUST(got->offload.segments == Offload::Segments::kTcp4);
    NETDEV_MUST(got->offload.segment_bytes == 1400);
    NETDEV_MUST(got->offload.header_bytes == segments::kHeaders);
  }
}

void several_queues(Subject& subject) {
  Netdev::Settings wanted = settings(subject, 0);
  wanted.queues = 2;
  const auto left = subject.left.open(wanted);
  const auto right = subject.right.open(wanted);
  const bool up = left.ok() && right.ok() && left.value().queues == 2 &&
                  right.value().queues == 2 && subject.comes([&] {
                    return subject.left.state() == Netdev::State::kUp &&
                           subject.right.state() == Netdev::State::kUp;
                  });
  std::uint32_t arrived = 0;
  constexpr std::uint32_t kFrames = 64;
  for (std::uint32_t number = 0; up && number < kFrames; ++number) {
    Packet frame = make_frame(subject, number, 100);
    const auto queue = static_cast<std::uint16_t>(number % 2);
    subject.comes([&] { return subject.left.send(queue, {&frame, 1}) == 1; });
    Packet one;
    const bool comes = subject.comes([&] {
      for (const std::uint16_t other : {std::uint16_t{0}, std::uint16_t{1}}) {
        if (subject.right.receive(other, {&one, 1}) == 1) {
          return is_test_frame(*one) && is_frame(*one, number, 100);
        }
      }
      return false;
    });
    arrived += comes ? 1 : 0;
  }
  subject.left.close();
  subject.right.close();
  NETDEV_MUST(up);
  NETDEV_MUST(arrived == kFrames);
}

}  // namespace

VM_TEST(NetdevXen, sums_are_added_where_they_are_not_agreed_on) { open_and_run(sums); }
VM_TEST(NetdevXen, segments_are_cut_for_who_takes_none) { open_and_run(cut); }
VM_TEST(NetdevXen, segments_arrive_whole_where_that_was_agreed_on) { open_and_run(whole); }

VM_TEST(NetdevXen, packets_pass_on_several_queues) {
  const Devices devices;
  if (!devices.are_two()) VM_SKIP("the machine has no two network devices");
  if (devices.left->info().queues < 2) VM_SKIP("the backend has one queue");
  open_and_run(several_queues);
}

}  // namespace atl::netdev_conformance
