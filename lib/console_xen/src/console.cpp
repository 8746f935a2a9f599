// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/console.hpp>
#include <atoll/console_xen.hpp>
#include <atoll/xen/abi.hpp>
#include <atoll/xen/byte_ring.hpp>
#include <atoll/xen/hypercall.hpp>
#include <atoll/xen/pages.hpp>

namespace atl {

namespace {

using namespace xen;

// While the other end's domain does not run, each yield takes a time slice.
constexpr unsigned kMostYields = 10'000;

class RingConsole final : public console::Sink {
 public:
  constexpr RingConsole() = default;

  void start(xencons_interface& page) {
    output_ = ByteProducer{{page.out, &page.out_cons, &page.out_prod}};
    input_ = ByteConsumer{{page.in, &page.in_cons, &page.in_prod}};
    channel_ = static_cast<evtchn_port_t>(parameter(HVM_PARAM_CONSOLE_EVTCHN).value_or(0));
    console::add_sink(*this);
  }

 private:
  void do_write(std::string_view text) override {
    while (!text.empty()) {
      const std::size_t taken = wait_for_room(text);
      if (taken == 0) return;
      text.remove_prefix(taken);
      notify();
    }
  }

  std::size_t wait_for_room(std::string_view text) {
    unsigned yields = stuck_ ? 0 : kMostYields;
    std::size_t taken = output_.put(text).value_or(0);
    for (; taken == 0 && yields != 0; --yields) {
      (void)hypercall(__HYPERVISOR_sched_op, SCHEDOP_yield);
      taken = output_.put(text).value_or(0);
    }
    stuck_ = taken == 0;
    return taken;
  }

  std::size_t do_read(std::span<char> into) override {
    const std::size_t got = input_.get(into).value_or(0);
    if (got != 0) notify();
    return got;
  }

  void notify() {
    evtchn_send wanted{.port = channel_};
    (void)hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_send, wanted);
  }

  ByteProducer output_;
  ByteConsumer input_;
  evtchn_port_t channel_ = 0;
  bool stuck_ = false;
};

/// Xen's own, of the first domain.
class HypervisorConsole final : public console::Sink {
 public:
  constexpr HypervisorConsole() = default;

 private:
  void do_write(std::string_view text) override { (void)write_console(text); }
  std::size_t do_read(std::span<char> into) override {
    return hypercall(__HYPERVISOR_console_io, CONSOLEIO_read, into.size(),
                     reinterpret_cast<std::uintptr_t>(into.data()))
        .value_or(0);
  }
};

constinit RingConsole ring;
constinit HypervisorConsole hypervisor;

}  // namespace

bool console_xen::attach_ring() {
  const VirtAddr page = console_page();
  if (page == VirtAddr{}) return false;
  ring.start(*page.as<xencons_interface>());
  return true;
}

void console_xen::attach_hypervisor() {
  if (write_console({}).ok()) console::add_sink(hypervisor);
}

}  // namespace atl
