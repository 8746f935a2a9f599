// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_xen.hpp"

#include <gtest/gtest.h>

#include <atoll/deadline.hpp>
#include <atoll/xen/events.hpp>
#include <atoll/xen/grants.hpp>

namespace fake {

void raise(std::uint32_t number) {
  Port& port = ports.at(number);
  if (!port.listens) {
    port.pending = true;
    return;
  }
  port.handler(port.context);
}

}  // namespace fake

namespace atl {

namespace xen {

Result<GrantRef> grant(DomainId to, PhysAddr page, bool writable) {
  static GrantRef next = 8;
  EXPECT_EQ(to, 0);
  EXPECT_TRUE(page.is_aligned(kPageSize));
  if (fake::grants.size() >= fake::grants_left) return fail(Errc::kNoSpace);
  fake::grants[++next] = {page, writable, false};
  return next;
}

Result<void> revoke(GrantRef ref) {
  const auto found = fake::grants.find(ref);
  EXPECT_NE(found, fake::grants.end()) << "it was not given";
  if (found->second.in_use) return fail(Errc::kBusy);
  fake::grants.erase(found);
  return {};
}

namespace {

class Ports final : public irq::Domain {
  Result<void> do_connect(std::uint32_t line, irq::Trigger, irq::Handler handler,
                          void* context) override {
    fake::Port& port = fake::ports.at(line);
    EXPECT_EQ(port.handler, nullptr);
    port.handler = handler;
    port.context = context;
    return {};
  }
  void do_disconnect(std::uint32_t line) override { fake::ports.at(line) = {}; }
  void do_unmask(std::uint32_t line) override {
    const auto found = fake::ports.find(line);
    if (found == fake::ports.end()) return;
    found->second.listens = true;
    if (std::exchange(found->second.pending, false)) fake::raise(line);
  }
  void do_mask(std::uint32_t line) override { fake::ports.at(line).listens = false; }
};
Ports the_ports;

}  // namespace

irq::Domain& events() { return the_ports; }

Result<Port> open_port(DomainId other) {
  static Port next = 3;
  EXPECT_EQ(other, 0);
  if (fake::ports.size() >= fake::ports_left) return fail(Errc::kNoSpace);
  fake::ports[++next] = {};
  return next;
}

Result<void> close_port(Port port) {
  EXPECT_EQ(fake::ports.at(port).handler, nullptr) << "it is still connected";
  fake::ports.erase(port);
  return {};
}

void notify(Port port) {
  EXPECT_TRUE(fake::ports.contains(port));
  if (fake::notified) fake::notified(port);
}

}  // namespace xen

namespace deadline {
Deadline after(Nanoseconds) { return Deadline::never(); }
}  // namespace deadline

}  // namespace atl
