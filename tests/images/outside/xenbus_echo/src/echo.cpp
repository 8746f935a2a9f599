// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/boot_info.hpp>
#include <atoll/console.hpp>
#include <atoll/deadline.hpp>
#include <atoll/format.hpp>
#include <atoll/xen/events.hpp>
#include <atoll/xen/grants.hpp>
#include <atoll/xenbus.hpp>

namespace atl {

namespace {

using xenbus::State;

struct alignas(kPageSize) Page {
  std::array<std::byte, kPageSize> bytes;
};
Page page;

void say(const xenbus::Device& device, std::string_view what, std::uint64_t number) {
  std::array<char, 160> room;
  console::write(TextWriter{room}
                     .text(device.node())
                     .text(" ")
                     .text(what)
                     .text(" ")
                     .decimal(number)
                     .text("\n")
                     .view());
}

Result<void> connect(const xenbus::Device& device) {
  const PhysAddr shared = boot_info().image.start + (VirtAddr::of(&page) - boot_info().image_base);
  const xen::GrantRef ref = TRY(xen::grant(device.backend_domain(), shared, true));
  const xen::Port port = TRY(xen::open_port(device.backend_domain()));
  TRY(device.write_number("ring-ref", ref));
  TRY(device.write_number("event-channel", port));
  TRY(device.set_state(State::kInitialised));
  TRY(device.wait_for_backend(State::kConnected, deadline::after(2_s)));
  TRY(device.set_state(State::kConnected));
  say(device, "limit", TRY(device.read_backend_number("limit", 100)));
  return {};
}

}  // namespace

Result<void> xenbus_echo_probe(const xenbus::Device& device);
Result<void> xenbus_echo_probe(const xenbus::Device& device) {
  const auto connected = connect(device);
  if (connected.ok()) {
    say(device, "connected to", device.backend_domain());
    return {};
  }
  (void)device.set_state(State::kClosed);
  return fail(connected.error());
}

}  // namespace atl
