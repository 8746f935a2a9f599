// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <cstdint>

/// Interrupts: one root controller (the provider: irq_lapic, irq_gic) and
/// chained domains (IOAPIC, event channels, MSI).
namespace atoll::irq {

/// Runs in interrupt context: interrupts masked, must not wait.
using Handler = void (*)(void* context);

/// How a line signals (device tree specification, interrupts; IOAPIC §3.2.4).
enum class Trigger : std::uint8_t { kEdgeRising, kEdgeFalling, kLevelHigh, kLevelLow };

/// A controller: a numbered set of lines, each with at most one handler.
class Domain {
 public:
  Domain(const Domain&) = delete;
  Domain& operator=(const Domain&) = delete;

  /// Routes `line` to `handler` on the boot CPU, still masked. kInvalidArgument
  /// for a line the controller lacks, kBusy where one is connected already.
  Result<void> connect(std::uint32_t line, Trigger trigger, Handler handler, void* context) {
    return do_connect(line, trigger, handler, context);
  }
  /// Masks `line` and forgets its handler.
  void disconnect(std::uint32_t line) { do_disconnect(line); }
  /// Any context.
  void unmask(std::uint32_t line) { do_unmask(line); }
  void mask(std::uint32_t line) { do_mask(line); }

 protected:
  constexpr Domain() = default;
  ~Domain() = default;

 private:
  virtual Result<void> do_connect(std::uint32_t line, Trigger trigger, Handler handler,
                                  void* context) = 0;
  virtual void do_disconnect(std::uint32_t line) = 0;
  virtual void do_unmask(std::uint32_t line) = 0;
  virtual void do_mask(std::uint32_t line) = 0;
};

/// The controller the CPU itself listens to. x86_64: lines are the vectors
/// 32..255 of the boot CPU's IDT; arm64: GIC INTIDs (private ones are those of
/// the calling CPU). Valid after the boot step of `irq`.
Domain& root();

/// Interrupt lines as machines number them: x86_64 global system interrupts
/// (IOAPIC), arm64 the root itself.
Domain& machine_lines();

/// The provider's part of interrupt entry: finds the sources, calls their
/// handlers, acknowledges them. Called by lib/irq only.
void dispatch(std::uint32_t vector);

}  // namespace atoll::irq
