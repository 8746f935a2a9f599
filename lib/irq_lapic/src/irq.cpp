// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/irq.hpp>
#include <atoll/irq_handlers.hpp>
#include <atoll/lapic.hpp>

namespace atl::irq {
namespace {

using lapic::Register;

constinit HandlerTable handlers;

// The local APIC has no mask per vector (it has one for each source, which is
// the source's driver's), so the table remembers what comes while a line is
// masked.
class Vectors final : public Domain {
 public:
  constexpr Vectors() = default;

 private:
  // Vectors below 32 are the CPU's own exceptions (SDM 3A §6.3.2).
  static constexpr std::uint32_t kFirst = 32;

  // How a line signals is part of the message that carries it (§11.11.2).
  Result<void> do_connect(std::uint32_t line, Trigger /*trigger*/, Handler handler,
                          void* context) override {
    if (line < kFirst || line >= lapic::kSpuriousVector || handler == nullptr)
      return fail(Errc::kInvalidArgument);
    lapic::let_through(static_cast<std::uint8_t>(line));
    return handlers.add(line, handler, context);
  }
  void do_disconnect(std::uint32_t line) override { handlers.remove(line); }
  void do_unmask(std::uint32_t line) override {
    if (handlers.unmask(line)) raise(line);
  }
  void do_mask(std::uint32_t line) override { handlers.mask(line); }
};

constinit Vectors vectors;

// §11.6.1: fixed delivery, of an edge, asserted.
constexpr std::uint32_t kAssert = 1u << 14;

}  // namespace

Domain& root() { return vectors; }

void raise(std::uint32_t line) {
  if (!handlers.contains(line)) return;
  if (lapic::is_x2apic()) return lapic::write(Register::kSelfInterrupt, line);
  constexpr std::uint32_t kToSelf = 1u << 18;
  lapic::send(0, kToSelf | kAssert | line);
}

std::uint32_t line_of(Message message) {
  constexpr std::uint32_t kFirst = 0xf1;  // among those of the highest priority
  return kFirst + static_cast<std::uint32_t>(message);
}

void send(Message message, std::uint32_t cpu) {
  lapic::send(lapic::id_of(cpu), kAssert | line_of(message));
}

void dispatch(std::uint32_t vector) {
  // Nothing is in service: an end of interrupt would end another one (§11.9).
  if (vector == lapic::kSpuriousVector) return;
  if (!handlers.run(vector)) count_stray();
  lapic::write(Register::kEndOfInterrupt, 0);
}

}  // namespace atl::irq
