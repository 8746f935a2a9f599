// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/lock.hpp>
#include <atoll/log.hpp>
#include <atoll/xen/abi.hpp>
#include <atoll/xen/events.hpp>
#include <atoll/xen/hypercall.hpp>
#include <atoll/xen/pages.hpp>
#include <atoll/xenstore_request.hpp>

#include "service.hpp"

#include "connection.hpp"

namespace atl {
namespace xenstore {
namespace {

constinit IrqSpinLock lock;
constinit Connection connection;  // under lock
constinit xen::Port port = 0;
constinit bool receiving = false;  // under lock: somebody delivers

// Sends what there is to send, and hands on what has come.
void serve() {
  for (;;) {
    Connection::Delivery delivery;
    bool moved = false, was_open = false, is_open = false;
    {
      const Guard guard{lock};
      was_open = connection.is_open();
      moved = connection.send();
      if (!receiving) delivery = connection.receive(moved);
      receiving = receiving || delivery;
      is_open = connection.is_open();
    }
    if (moved) xen::notify(port);
    if (was_open && !is_open) {
      log::error("xenstore", "the daemon breaks the protocol: the connection is closed");
    }
    if (!delivery) return;
    delivery.make();
    const Guard guard{lock};
    receiving = false;
  }
}

void on_event(void*) { serve(); }

Result<void> open() {
  const VirtAddr page = xen::store_page();
  if (page == VirtAddr{}) return fail(Errc::kNoDevice);
  port = static_cast<xen::Port>(TRY(xen::parameter(HVM_PARAM_STORE_EVTCHN)));
  auto& ring = *page.as<xenstore_domain_interface>();
  TRY(xen::events().connect(port, irq::Trigger::kEdgeRising, on_event, nullptr));
  connection.open(xen::ByteProducer{{ring.req, &ring.req_cons, &ring.req_prod}},
                  xen::ByteConsumer{{ring.rsp, &ring.rsp_cons, &ring.rsp_prod}});
  xen::events().unmask(port);
  return {};
}

}  // namespace

void submit(Request& request) {
  Errc error{};
  {
    const Guard guard{lock};
    error = connection.add(request).error();
  }
  if (error == Errc{}) return serve();
  if (error == Errc::kAlready) return;
  Connection::complete(request, error);
  if (request.done != nullptr) request.done(request);
}

void cancel(Request& request) {
  bool removed = false;
  {
    const Guard guard{lock};
    removed = connection.remove(request);
  }
  if (!removed) return;
  Connection::complete(request, Errc::kCancelled);
  if (request.done != nullptr) request.done(request);
}

bool submit_last(Request& request) {
  // Each gives the daemon's domain a time slice, where it is not running already.
  constexpr unsigned kMostYields = 100'000;
  if (!connection.add(request).ok()) return false;
  for (unsigned yields = 0; yields < kMostYields && connection.is_open(); ++yields) {
    bool moved = connection.send();
    while (connection.receive(moved)) {
    }
    if (moved) xen::notify(port);
    if (Connection::is_done(request)) return request.result().ok();
    (void)xen::hypercall(__HYPERVISOR_sched_op, SCHEDOP_yield);
  }
  return false;
}

void set(Watch& watch) {
  {
    const Guard guard{lock};
    connection.add(watch);
  }
  watch.request_.operation = Operation::kWatch;
  watch.request_.path = watch.path_;
  watch.request_.value = watch.token();
  submit(watch.request_);
}

void forget(Watch& watch) {
  const Guard guard{lock};
  connection.remove(watch);
}

}  // namespace xenstore

// A domain without xenstore runs all the same.
Result<void> xenstore_init() {
  const auto opened = xenstore::open();
  if (!opened.ok() && xen::store_page() != VirtAddr{}) {
    log::error("xenstore", "no event channel for its ring (error {})",
               static_cast<int>(opened.error()));
  }
  return {};
}

}  // namespace atl
