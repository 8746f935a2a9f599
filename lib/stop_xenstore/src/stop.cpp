// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/log.hpp>
#include <atoll/shutdown.hpp>
#include <atoll/xen/abi.hpp>
#include <atoll/xen/hypercall.hpp>
#include <atoll/xenstore_request.hpp>

#include "status.hpp"

namespace atl {
namespace {

using xenstore::Operation;
using xenstore::Request;

constexpr std::string_view kWish = "control/shutdown";

// Each is used for one exchange at a time.
constinit Request feature_poweroff, feature_reboot;
constinit Request asking, taking_note;
constinit std::array<char, 16> wish{};
constinit bool asked_again = false;  // the node changed while it was read
constinit bool wants_reboot = false;

void write(Request& request, std::string_view path, std::string_view value) {
  request.operation = Operation::kWrite;
  request.path = path;
  request.value = value;
  submit(request);
}

void obey(std::string_view word) {
  if (word == "reboot") {
    wants_reboot = true;
  } else if (word != "poweroff" && word != "halt") {
    log::error("stop_xenstore", "the toolstack asks for \"{}\", which this image cannot do", word);
    return;
  }
  shutdown::request_stop();
}

void ask();

void on_answer(Request& request) {
  const auto size = request.result();
  request.context = nullptr;
  if (asked_again) return ask();
  if (!size.ok() || size.value() == 0) return;
  // The wish is acknowledged by its disappearance.
  write(taking_note, kWish, "");
  // What is longer than the room is none that could be fulfilled.
  obey({wish.data(), size.value() < wish.size() ? size.value() : wish.size()});
}

void ask() {
  asked_again = asking.context != nullptr;
  if (asked_again) return;
  asking.context = &asking;  // under way
  asking.operation = Operation::kRead;
  asking.path = kWish;
  asking.reply = wish;
  asking.done = on_answer;
  submit(asking);
}

void on_change(xenstore::Watch&, std::string_view) { ask(); }

constinit xenstore::Watch watch{kWish, on_change};

void at_end(std::string_view record) {
  stop_xenstore::report(record);
  if (wants_reboot && record.starts_with("exit")) xen::end_domain(SHUTDOWN_reboot);
}

}  // namespace

Result<void> stop_xenstore_init() {
  write(feature_poweroff, "control/feature-poweroff", "1");
  write(feature_reboot, "control/feature-reboot", "1");
  xenstore::set(watch);
  shutdown::set_end_hook(at_end);
  return {};
}

}  // namespace atl
