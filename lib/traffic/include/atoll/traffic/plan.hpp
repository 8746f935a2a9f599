// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/format.hpp>
#include <atoll/traffic/frame.hpp>
#include <atoll/traffic/sizes.hpp>
#include <atoll/types.hpp>
#include <optional>
#include <span>
#include <string_view>

namespace atl::traffic {

/// What is to be sent and counted, as command lines say it.
struct Plan {
  static constexpr std::uint64_t kMostBatch = 256;

  // Names of interfaces; empty for none. `wire` joins two, and then nothing is sent or counted.
  std::string_view send;
  std::string_view count;
  std::array<std::string_view, 2> wire{};
  bool cable = false;  ///< two more interfaces, the ends of a cable inside the image
  bool help = false;   ///< nothing else counts

  std::uint64_t packets = 0;  ///< the end comes after so many; 0 for never
  Nanoseconds duration{};     ///< or after so long; 0 for never
  Sizes sizes;
  std::uint32_t flows = 1;
  std::uint64_t rate = 0;    ///< packets per second; 0 for what there is room for
  std::uint32_t batch = 32;  ///< packets that are handed over at once, at most
  std::uint64_t window = 0;  ///< packets on their way at the same time; 0 for no bound
  std::uint32_t run = 1;
  Payload payload = Payload::kPattern;
  Nanoseconds patience = 2_s;   ///< for the next packet, until the rest counts as lost
  Nanoseconds progress = 10_s;  ///< between reports meanwhile; 0 for none

  std::optional<MacAddress> from_mac;    ///< else that of the interface that sends
  std::optional<MacAddress> to_mac;      ///< else that of the interface that counts, or everybody's
  IpAddress from = ipv4(198, 18, 0, 1);  // RFC 2544, appendix C.2.2
  IpAddress to = ipv4(198, 19, 0, 1);
  std::uint16_t from_port = 49'152;  // RFC 6335 §6: for everybody
  std::uint16_t to_port = 9;         // discard, RFC 863: a host does not answer
};

/// The plan that `words` tell, whose text it refers to. kInvalidArgument, with a sentence in
/// `complaint` that says what to write instead. Any context.
Result<Plan> parse_plan(std::span<const char* const> words, TextWriter& complaint);

/// Calls `write` with each line of what `help` shows, line ends included.
void show_options(void (*write)(std::string_view line));

}  // namespace atl::traffic
