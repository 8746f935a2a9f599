// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch/gic_registers.hpp>
#include <atoll/arch/interrupts.hpp>
#include <atoll/config/irq_gic.hpp>
#include <atoll/device_tree.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/irq.hpp>
#include <atoll/irq_lpi.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/vm.hpp>
#include <cstring>
#include <type_traits>

#include "gic.hpp"

namespace atl {
namespace {

using arch::GicRegisters;

constinit irq::HandlerTable handlers;
using Messages = std::conditional_t<config::irq_gic::kLpis, irq::Lpis<Mmio>, irq::NoLpis<Mmio>>;
constinit irq::Gic<Mmio, GicRegisters, Messages> gic{handlers};
// Version 3: where the redistributors are, for CPUs that start later.
constinit PhysRange redistributors;
constinit std::uint64_t stride = 0;
// Of them the boot CPU's.
constinit PhysAddr boot_redistributor;

constexpr std::uint64_t kFrame = 0x10000;

// A byte for each line of messages, a bit for each line (IHI 0069H §5.1).
constexpr PageCount kLpiConfiguration = PageCount::holding(irq::lpi::kEnd - irq::lpi::kFirst);
constexpr PageCount kLpiPending = PageCount::holding(irq::lpi::kEnd / 8);
constexpr PageCount kLpiPendingAlignment{16};

Result<Mmio> map(PhysRange whole, std::uint64_t offset, std::uint64_t size) {
  if (whole.size < size || offset > whole.size - size) return fail(Errc::kBadMessage);
  return Mmio{TRY(vm::map_device({whole.start + offset, size}))};
}

// This CPU's redistributor among those that follow each other (IHI 0069H
// §12.10); only the pages in use are mapped, since a region may span megabytes.
Result<void> start_this_cpu(std::uint32_t cpu) {
  constexpr std::uint64_t kType = 0x008;
  constexpr std::uint64_t kHasVirtualLpis = 1u << 1, kLast = 1u << 4;
  for (std::uint64_t offset = 0; offset < redistributors.size;) {
    const Mmio frame = TRY(map(redistributors, offset, kPageSize));
    const std::uint64_t type = frame.read<std::uint64_t>(kType);
    if (type >> 32 == GicRegisters::affinity()) {
      if (config::irq_gic::kLpis && cpu == 0) boot_redistributor = redistributors.start + offset;
      return gic.start_cpu_v3(cpu, frame, TRY(map(redistributors, offset + kFrame, kPageSize)));
    }
    if ((type & kLast) != 0) break;
    offset += stride != 0 ? stride : (type & kHasVirtualLpis) != 0 ? 4 * kFrame : 2 * kFrame;
  }
  return fail(Errc::kNoDevice);
}

}  // namespace

Result<void> irq_gic_probe_v2(const device_tree::Device& node) {
  if (gic.present()) return fail(Errc::kBusy);
  const PhysRange cpu = TRY(node.reg(1));
  const Mmio distributor = TRY(map(TRY(node.reg(0)), 0, kPageSize));
  gic.start_v2(distributor, TRY(map(cpu, 0, kPageSize)));
  return {};
}

Result<void> irq_gic_probe_v3(const device_tree::Device& node) {
  if (gic.present()) return fail(Errc::kBusy);
  // Up to the last GICD_IROUTER (IHI 0069H §12.8).
  constexpr std::uint64_t kDistributorSize = 0x8000;
  redistributors = TRY(node.reg(1));
  if (const auto property = node.property("redistributor-stride")) stride = TRY(property.u64());
  gic.start_v3(TRY(map(TRY(node.reg(0)), 0, kDistributorSize)));
  if (auto done = start_this_cpu(arch::Cpu::cpu_local().index); !done) {
    gic.give_up();
    return done;
  }
  return {};
}

Result<void> irq_gic_init() {
  if (!gic.present()) return fail(Errc::kNoDevice);
  arch::open_interrupts();
  return {};
}

Result<void> irq_gic_init_cpu() {
  const std::uint32_t cpu = arch::Cpu::cpu_local().index;
  if (redistributors.empty()) {
    gic.start_cpu_v2(cpu);
    return {};
  }
  return start_this_cpu(cpu);
}

namespace {

Result<std::uint32_t> open_lpis(PhysAddr configuration, PhysAddr pending,
                                void (*make_pending)(std::uint32_t line)) {
  const auto fill = [](PhysAddr start, PageCount pages, std::byte value) {
    std::memset(to_virtual(start).as<void>(), std::to_integer<int>(value), pages.bytes());
  };
  fill(configuration, kLpiConfiguration, irq::Lpis<Mmio>::kEnabled);
  fill(pending, kLpiPending, std::byte{0});
  return gic.open_lpis(configuration, pending, make_pending);
}

}  // namespace

Result<irq::lpi::Target> irq::lpi::open(void (*make_pending)(std::uint32_t line)) {
  const PhysAddr pending = TRY(page_alloc::allocate(kLpiPending, kLpiPendingAlignment));
  const auto configuration = page_alloc::allocate(kLpiConfiguration);
  if (configuration.ok()) {
    const auto opened = open_lpis(configuration.value(), pending, make_pending);
    if (opened.ok()) return Target{boot_redistributor, opened.value()};
    page_alloc::free(configuration.value(), kLpiConfiguration);
    page_alloc::free(pending, kLpiPending);
    return fail(opened.error());
  }
  page_alloc::free(pending, kLpiPending);
  return fail(Errc::kNoMemory);
}

namespace irq {

Domain& root() { return gic; }
void raise(std::uint32_t line) { gic.raise(line); }
void dispatch(std::uint32_t /*vector*/) { gic.dispatch(); }

// Software interrupts (IHI 0069H §2.2.1).
std::uint32_t line_of(Message message) { return static_cast<std::uint32_t>(message); }
void send(Message message, std::uint32_t cpu) { gic.send(line_of(message), cpu); }

}  // namespace irq
}  // namespace atl
