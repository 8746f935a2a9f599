// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/make.hpp>
#include <atoll/traffic/frame.hpp>
#include <cstdint>
#include <span>

namespace atl::traffic {

/// Which packets of one flow have arrived: the last kRemembered of them one by one.
class Flow {
 public:
  /// How far behind in its flow a packet may be that is still told apart.
  static constexpr std::uint64_t kRemembered = 1024;

  enum class Arrival : std::uint8_t {
    kNewest,      ///< the first of its number, and none with a higher one was here before
    kReordered,   ///< the first of its number, behind a higher one (RFC 4737 §3.3)
    kDuplicated,  ///< of a number that was here before
    kStale,       ///< kRemembered or more behind: it cannot be told which of the two
  };
  Arrival note(std::uint64_t number);
  /// One more than the highest number so far.
  [[nodiscard]] std::uint64_t next() const { return next_; }

 private:
  [[nodiscard]] std::uint64_t& word(std::uint64_t number) {
    return seen_[number / 64 % seen_.size()];
  }

  std::uint64_t next_ = 0;
  std::array<std::uint64_t, kRemembered / 64> seen_{};  // bit number % kRemembered
};

/// What a counter has seen of a run.
struct Counts {
  std::uint64_t arrived = 0;        ///< packets that were sent, each once
  std::uint64_t arrived_bytes = 0;  ///< of their frames
  std::uint64_t reordered = 0;      ///< among them
  std::uint64_t duplicated = 0;
  std::uint64_t stale = 0;  ///< reordered so far that they may be duplicates
  std::uint64_t damaged = 0;
  std::uint64_t foreign = 0;  ///< packets of others
};

/// Judges what arrives. One thread at a time.
class Tally final : public OnHeap<Tally> {
 public:
  static constexpr std::uint32_t kMostFlows = 1024;

  /// For `flows` flows, 1 to kMostFlows: 136 bytes for each. kNoMemory.
  static Result<Owned<Tally>> create(std::uint32_t flows, std::uint32_t run, Payload payload);
  /// Only for create().
  Tally(std::span<Flow> flows, std::uint32_t run, Payload payload)
      : flows_(flows), run_(run), payload_(payload) {}
  ~Tally();

  /// Takes note of the bytes of a frame that has arrived.
  void note(std::span<const std::byte> frame);
  /// Takes note of one that is longer than any that was sent.
  void note_foreign() { ++counts_.foreign; }

  [[nodiscard]] const Counts& counts() const { return counts_; }
  /// How many were sent, as far as their numbers tell: a flow's last ones may be missing.
  [[nodiscard]] std::uint64_t known() const;

 private:
  std::span<Flow> flows_;
  std::uint32_t run_;
  Payload payload_;
  Counts counts_;
};

}  // namespace atl::traffic
