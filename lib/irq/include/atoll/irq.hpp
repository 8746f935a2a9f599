// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <cstdint>

/// Interrupts: one root controller (the provider: irq_lapic, irq_gic) and
/// chained domains (IOAPIC, event channels, MSI).
namespace atl::irq {

/// Runs in interrupt context: interrupts masked, must not wait.
using Handler = void (*)(void* context);

/// How a line signals (device tree specification, interrupts; IOAPIC §3.2.4).
enum class Trigger : std::uint8_t { kEdgeRising, kEdgeFalling, kLevelHigh, kLevelLow };

[[nodiscard]] constexpr bool is_level(Trigger trigger) {
  return trigger == Trigger::kLevelHigh || trigger == Trigger::kLevelLow;
}

[[nodiscard]] constexpr Trigger trigger_of(bool level, bool active_low) {
  if (level) return active_low ? Trigger::kLevelLow : Trigger::kLevelHigh;
  return active_low ? Trigger::kEdgeFalling : Trigger::kEdgeRising;
}

/// A controller: a numbered set of lines, each with at most one handler.
///
/// Who connects a line disconnects it before its context goes away. A handler
/// that runs on another CPU at that moment may still finish afterwards.
class Domain {
 public:
  Domain(const Domain&) = delete;
  Domain& operator=(const Domain&) = delete;

  /// Routes `line` to `handler` on the boot CPU, still masked. Not from an
  /// interrupt handler. kInvalidArgument for a line or a trigger that the
  /// controller lacks, kBusy where one is connected already, kNoMemory when as
  /// many handlers are connected as the option IRQ_MAX_HANDLERS allows, kNoDevice
  /// where the machine has no such controller.
  Result<void> connect(std::uint32_t line, Trigger trigger, Handler handler, void* context) {
    return do_connect(line, trigger, handler, context);
  }
  /// Masks `line` and forgets its handler; nothing for a line without one.
  void disconnect(std::uint32_t line) { do_disconnect(line); }

  /// A masked line remembers an interrupt that comes (an edge) or that is still
  /// signalled (a level), and tells its handler once it is unmasked. Any
  /// context. Lines without a handler stay as they are.
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
/// 32..254 of the IDT; arm64: GIC INTIDs (private ones are those of the calling
/// CPU). Valid after the boot step of `irq`.
Domain& root();

/// Makes `line` of the root pending, as its device would: what a chained
/// controller's driver retries a lost edge with, and tests count on. x86_64: any
/// vector, on the calling CPU. arm64: a shared or private line. A line without
/// a handler is ignored. Any context.
void raise(std::uint32_t line);

/// What a CPU interrupts another one for. Each has a line of root() on every CPU, which
/// is connected like any other, before further CPUs start.
enum class Message : std::uint8_t {
  kReschedule,  ///< a thread has become ready there
  kCall,        ///< a function is to be called there
  kStop,        ///< the image ends
};

/// The line of root() that `message` arrives on. Any context.
std::uint32_t line_of(Message message);

/// Makes line_of(message) pending on the CPU with index `cpu`, another one, which has
/// run its steps; once more than once without being handled is once. Any context.
void send(Message message, std::uint32_t cpu);

/// Interrupts since boot on this CPU that no handler took. Any context.
std::uint32_t stray_count();

/// The provider's part of interrupt entry: finds the sources, calls their
/// handlers, acknowledges them. Called by lib/irq only.
void dispatch(std::uint32_t vector);

}  // namespace atl::irq
