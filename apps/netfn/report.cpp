// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "report.hpp"

#include <atoll/console.hpp>

namespace netfn {

namespace {

class Lines final : public atl::PacketNetwork::Report {
 public:
  void end() {
    say("\nnetfn: all: received {}, made {}, sent {}, dropped {}\n", received_, made_, sent_,
        dropped_);
  }

 private:
  void do_begin(std::string_view name, unsigned line) override {
    if (begun_) say("\n");
    begun_ = true;
    separator_ = ":";
    if (line == 0) {
      say("netfn: {}", name);
    } else {
      say("netfn: {} (line {})", name, line);
    }
  }
  void do_count(Kind kind, std::string_view name, std::uint64_t value) override {
    if (kind == Kind::kDropped) dropped_ += value;
    if (kind == Kind::kMade) made_ += value;
    if (name == "received") received_ += value;
    if (name == "sent") sent_ += value;
    say("{} {}{} {}", separator_, kind == Kind::kDropped ? "dropped " : "", name, value);
    separator_ = ",";
  }

  bool begun_ = false;
  const char* separator_ = ":";
  std::uint64_t received_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t made_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace

void write(std::string_view pattern, std::span<const atl::FormatArgument> arguments) {
  std::array<char, 320> room;
  atl::TextWriter text{room};
  atl::format(text, pattern, arguments);
  atl::console::write(text.view());
}

void report(const atl::PacketNetwork& network) {
  Lines lines;
  network.report(lines);
  lines.end();
}

}  // namespace netfn
