// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "text.hpp"

#include <algorithm>
#include <atoll/parse.hpp>
#include <atoll/traffic/mac_address.hpp>
#include <atoll/traffic/plan.hpp>
#include <atoll/traffic/tally.hpp>

namespace atl::traffic {
namespace {

/// Who heeds an option.
enum User : std::uint8_t { kSend = 1, kCount = 2, kWire = 4, kAll = 7 };

struct Option {
  std::string_view name;
  std::string_view expected;  // behind "name=" in a complaint: "a number from 1 to 256"
  std::string_view purpose;   // a line of the help
  std::uint8_t users;
  bool (*parse)(Plan& plan, std::string_view text);
};

/// Whether `text` is a number from `smallest` to `largest`, which goes to `into`.
template <typename T>
bool number(T& into, std::string_view text, std::uint64_t smallest, std::uint64_t largest) {
  const auto value = parse_number(text, largest);
  if (!value.ok() || value.value() < smallest) return false;
  into = static_cast<T>(value.value());
  return true;
}

/// The same, of a time in units of `unit` nanoseconds.
bool duration(Nanoseconds& into, std::string_view text, std::uint64_t unit,
              std::uint64_t smallest) {
  constexpr std::uint64_t kYear = 31'536'000'000'000'000;
  if (!number(into.count, text, smallest, kYear / unit)) return false;
  into.count *= unit;
  return true;
}

template <typename T, typename U>
bool keep(T& into, Result<U> value) {
  if (!value.ok()) return false;
  into = value.value();
  return true;
}

bool parse_wire(Plan& plan, std::string_view text) {
  const auto [one, other, found] = split(text, ",");
  plan.wire = {one, other};
  return !plan.wire[0].empty() && !plan.wire[1].empty() && plan.wire[0] != plan.wire[1];
}

bool parse_payload(Plan& plan, std::string_view text) {
  plan.payload = text == "none" ? Payload::kNone : Payload::kPattern;
  return text == "none" || text == "pattern";
}

constexpr Option kOptions[] = {
    {"send", "an interface: send=net0", "the interface to send on", kAll,
     [](Plan& plan, std::string_view text) { return !(plan.send = text).empty(); }},
    {"count", "an interface: count=net1", "the interface to judge on what arrives", kAll,
     [](Plan& plan, std::string_view text) { return !(plan.count = text).empty(); }},
    {"wire", "two interfaces: wire=net0,net1",
     "hands on between two interfaces, both ways, and does nothing else", kAll, parse_wire},
    {"packets", "a number from 1 on", "ends after so many", kAll,
     [](Plan& plan, std::string_view text) { return number(plan.packets, text, 1, kNumbers - 1); }},
    {"seconds", "a number from 1 on", "ends after so long", kAll,
     [](Plan& plan, std::string_view text) {
       return duration(plan.duration, text, 1'000'000'000, 1);
     }},
    {"bytes", "a size, a range or mix: bytes=64, bytes=64..1514",
     "of each frame with its Ethernet header: 64, 64..1514 in turn, or mix (7 of 64, 4 of 590, "
     "1 of 1514)",
     kSend, [](Plan& plan, std::string_view text) { return keep(plan.sizes, parse_sizes(text)); }},
    {"flows", "a number from 1 to 1024", "that packets take turns in", kSend | kCount,
     [](Plan& plan, std::string_view text) {
       return number(plan.flows, text, 1, Tally::kMostFlows);
     }},
    {"rate", "packets per second, from 1 on", "packets per second, at most", kSend,
     [](Plan& plan, std::string_view text) { return number(plan.rate, text, 1, 1'000'000'000); }},
    {"batch", "a number from 1 to 256", "packets handed over at once, at most: 32", kAll,
     [](Plan& plan, std::string_view text) {
       return number(plan.batch, text, 1, Plan::kMostBatch);
     }},
    {"window", "a number from 1 on",
     "packets under way at most: no queue on their way overflows that has room for so many", kSend,
     [](Plan& plan, std::string_view text) { return number(plan.window, text, 1, kNumbers - 1); }},
    {"from", "an address: from=198.18.0.1, from=fd00:18::1", "IP address of the sender", kSend,
     [](Plan& plan, std::string_view text) { return keep(plan.from, parse_ip(text)); }},
    {"to", "an address: to=198.19.0.1, to=fd00:19::1", "IP address of the receiver", kSend,
     [](Plan& plan, std::string_view text) { return keep(plan.to, parse_ip(text)); }},
    {"from-port", "a number from 1 to 64512", "UDP port of the first flow; the others' follow it",
     kSend,
     [](Plan& plan, std::string_view text) {
       return number(plan.from_port, text, 1, 65'536 - Tally::kMostFlows);
     }},
    {"to-port", "a number from 1 to 65535", "UDP port of the receiver: 9, which nobody answers",
     kSend,
     [](Plan& plan, std::string_view text) { return number(plan.to_port, text, 1, 65'535); }},
    {"from-mac", "an Ethernet address: from-mac=02:00:00:00:00:01",
     "Ethernet address of the sender: the interface's own", kSend,
     [](Plan& plan, std::string_view text) { return keep(plan.from_mac, parse_mac(text)); }},
    {"to-mac", "an Ethernet address: to-mac=02:00:00:00:00:02",
     "of the receiver, or of the router on the way: that of count=, else everybody's", kSend,
     [](Plan& plan, std::string_view text) { return keep(plan.to_mac, parse_mac(text)); }},
    {"payload", "pattern or none",
     "pattern: checked to the last byte; none: only marked, to measure without that cost",
     kSend | kCount, parse_payload},
    {"run", "a number up to 4294967295", "that sender and counter agree on: 1", kSend | kCount,
     [](Plan& plan, std::string_view text) {
       return number(plan.run, text, 0, ~std::uint32_t{0});
     }},
    {"wait", "milliseconds, from 1 on",
     "milliseconds for the next packet, until the rest counts as lost: 2000", kSend | kCount,
     [](Plan& plan, std::string_view text) { return duration(plan.patience, text, 1'000'000, 1); }},
    {"progress", "seconds, 0 for none", "seconds between reports: 10, 0 for none", kAll,
     [](Plan& plan, std::string_view text) {
       return duration(plan.progress, text, 1'000'000'000, 0);
     }},
};

Error complain(TextWriter& complaint, std::string_view what, std::string_view remedy) {
  complaint.text(what).text(": ").text(remedy);
  return fail(Errc::kInvalidArgument);
}

const Option* find_option(std::string_view word) {
  const auto* const option = std::ranges::find(kOptions, split(word, "=").before, &Option::name);
  return option == std::end(kOptions) ? nullptr : option;
}

Result<void> parse_word(Plan& plan, std::string_view word, TextWriter& complaint) {
  if (word == "cable") {
    plan.cable = true;
    return {};
  }
  if (word == "help" || word == "--help") {
    plan.help = true;
    return {};
  }
  const Option* const option = find_option(word);
  if (option == nullptr) return complain(complaint, word, "there is no such option; see help");
  const auto [name, value, is_given] = split(word, "=");
  if (!is_given || !option->parse(plan, value)) {
    complaint.text(word).text(": ").text(option->name).text("= takes ").text(option->expected);
    return fail(Errc::kInvalidArgument);
  }
  return {};
}

/// Whether all of `words` say something about what there is to do.
Result<void> check_use(const Plan& plan, std::span<const char* const> words,
                       TextWriter& complaint) {
  const auto use = [](std::string_view name, User user) {
    return name.empty() ? 0u : unsigned{user};
  };
  const unsigned users = use(plan.send, kSend) | use(plan.count, kCount) | use(plan.wire[0], kWire);
  for (const std::string_view word : words) {
    const Option* const option = find_option(word);
    if (option == nullptr || (option->users & users) != 0) continue;
    return complain(complaint, word,
                    (option->users & kCount) != 0
                        ? "a wire neither sends nor counts; leave it out"
                        : "it is for who sends; add send= or leave it out");
  }
  return {};
}

/// What is right in itself, and does not go together.
Result<void> check(const Plan& plan, TextWriter& complaint) {
  const bool wire = !plan.wire[0].empty();
  if (plan.send.empty() && plan.count.empty() && !wire) {
    return complain(complaint, "nothing to do", "say send=net0 count=net1, or help");
  }
  if (wire && (!plan.send.empty() || !plan.count.empty())) {
    return complain(complaint, "wire= hands on what others send", "leave out send= and count=");
  }
  if (plan.window != 0 && plan.count.empty()) {
    return complain(complaint, "window= looks at what comes back", "add count=");
  }
  if (plan.from.six != plan.to.six) {
    return complain(complaint, "from= and to= are of two versions of IP",
                    "give both, as in from=fd00:18::1 to=fd00:19::1");
  }
  if (plan.payload == Payload::kNone && plan.from.six) {
    return complain(complaint, "payload=none has no checksum, and IPv6 wants one",
                    "leave it out, or send IPv4");
  }
  if (plan.sizes.smallest < smallest_frame(plan.from.six)) {
    return complain(complaint, "bytes= is less than such a frame has",
                    plan.from.six ? "give 80 or more, as in bytes=80..1514" : "give 60 or more");
  }
  return {};
}

}  // namespace

Result<Plan> parse_plan(std::span<const char* const> words, TextWriter& complaint) {
  Plan plan;
  for (const char* const word : words) TRY(parse_word(plan, word, complaint));
  if (plan.help) return plan;
  if (plan.sizes.mixed) plan.sizes.smallest = smallest_frame(plan.from.six);
  TRY(check(plan, complaint));
  TRY(check_use(plan, words, complaint));
  return plan;
}

void show_options(void (*write)(std::string_view line)) {
  write(
      "pktgen sends packets, and judges those that arrive. It ends by itself, or when it is\n"
      "asked to stop; its status is 0 where all that was sent has arrived as it was.\n\n");
  std::array<char, 160> room;
  for (const Option& option : kOptions) {
    TextWriter line{room};
    line.text("  ").text(option.name).character('=');
    while (line.view().size() < 14) line.character(' ');
    write(line.text(option.purpose).character('\n').view());
  }
  write(
      "  cable       adds two interfaces, which a cable inside the image joins\n"
      "  help        this\n");
}

}  // namespace atl::traffic
