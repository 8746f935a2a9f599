// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/traffic/sender.hpp>
#include <atoll/traffic/tally.hpp>
#include <cstdint>

namespace atl::traffic {

inline constexpr Nanoseconds kNever{~std::uint64_t{0}};

/// Carries out a plan that sends, counts or does both. One thread; never blocks: who calls it
/// does step() as long as that does something, then look(), and sleeps until next() or until a
/// device has something to say, if arm() allows.
class Trial final : public OnHeap<Trial> {
 public:
  /// What it works with, all of which outlives it: null where the plan does not do that. The
  /// devices are open, and may be one.
  struct Parts {
    Sender* sender = nullptr;
    Netdev* counter = nullptr;
    Tally* tally = nullptr;
  };
  Trial(const Plan& plan, const Parts& parts, Nanoseconds now)
      : plan_(plan), parts_(parts), start_(now), active_(now) {}

  /// Receives and sends, a batch each at most: whether there was something to do.
  bool step();
  /// Sees what time it is: whether that was all, or there is no hope for the rest.
  bool look(Nanoseconds now);
  /// When look() is needed at the latest.
  [[nodiscard]] Nanoseconds next() const;
  /// Asks the devices for their events. False where there is something to do already.
  bool arm();
  /// Sends no more: what is under way may still come.
  void stop() { stopping_ = true; }

  /// Whether all that was sent or asked for has arrived as it was sent, once, and in order;
  /// of a sender alone, whether all has gone.
  [[nodiscard]] bool is_good() const;
  /// Packets that were sent and never arrived. Of a counter alone: as far as it can tell.
  [[nodiscard]] std::uint64_t lost() const;
  /// How often a full window was given up, because nothing came for as long as the plan waits.
  [[nodiscard]] std::uint64_t stalls() const { return stalls_; }
  /// From the beginning to the last packet that look() knew of.
  [[nodiscard]] Nanoseconds took() const { return active_ - start_; }

 private:
  [[nodiscard]] std::uint64_t sent() const { return parts_.sender ? parts_.sender->sent() : 0; }
  [[nodiscard]] std::uint64_t arrived() const {
    return parts_.tally ? parts_.tally->counts().arrived : 0;
  }
  [[nodiscard]] std::uint64_t under_way() const;
  [[nodiscard]] std::uint64_t may_send() const;
  [[nodiscard]] bool sends() const;
  [[nodiscard]] bool waits() const;
  std::size_t receive(Netdev& device, bool counts);

  const Plan& plan_;
  const Parts parts_;
  Nanoseconds start_;
  Nanoseconds active_;        // when something was last sent or received
  std::uint64_t events_ = 0;  // packets sent and received
  std::uint64_t events_then_ = 0;
  std::uint64_t due_ = 0;  // packets that the rate allows
  std::uint64_t given_up_ = 0;
  std::uint64_t stalls_ = 0;
  bool stopping_ = false;
  std::array<Packet, Plan::kMostBatch> received_;
};

}  // namespace atl::traffic
