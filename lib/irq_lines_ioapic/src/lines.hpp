// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/config/irq.hpp>
#include <atoll/irq.hpp>
#include <atoll/lock.hpp>

#include "ioapic.hpp"

namespace atl::irq {

/// Global system interrupts: each connected one holds a vector of the root.
template <RegisterIo Io>
class IoApicLines final : public Domain {
 public:
  /// Finds the IOAPIC of the machine that has `line`, if one does, and hands it to
  /// add(). Called for lines of no IOAPIC that is known yet.
  using Discover = Result<void> (*)(IoApicLines& lines, std::uint32_t line);

  /// What is known of chips and lines. It stands apart because it starts as
  /// zeros, which the domain, with its pointer to functions, does not.
  class Room {
    friend class IoApicLines;

    struct Route {
      std::uint32_t line = 0;
      std::uint8_t vector = 0;  // 0: free
      bool level = false;
    };

    std::size_t count = 0;
    std::array<IoApic<Io>, 4> chips{};
    std::array<Route, config::irq::kMaxHandlers> routes{};
  };

  constexpr IoApicLines(Room& room, Discover discover, std::uint32_t (*destination)())
      : room_(room), discover_(discover), destination_(destination) {}

  void add(Io io, std::uint32_t first_line) {
    if (room_.count == room_.chips.size()) return;
    room_.chips[room_.count] = IoApic<Io>{io, first_line};
    if (room_.chips[room_.count].present()) ++room_.count;
  }

 private:
  // Vectors from here on, below the local APIC's spurious one: the higher
  // ones are more urgent (SDM 3A §11.8.3.1) and left to timers and messages.
  static constexpr std::uint32_t kFirstVector = 48, kLastVector = 223;

  using Route = typename Room::Route;

  IoApic<Io>* chip(std::uint32_t line) {
    for (std::size_t i = 0; i < room_.count; ++i) {
      if (room_.chips[i].has(line)) return &room_.chips[i];
    }
    return nullptr;
  }
  Route* route(std::uint32_t line) {
    for (Route& candidate : room_.routes) {
      if (candidate.vector != 0 && candidate.line == line) return &candidate;
    }
    return nullptr;
  }
  Route* free_route() {
    for (Route& candidate : room_.routes) {
      if (candidate.vector == 0) return &candidate;
    }
    return nullptr;
  }

  static Result<std::uint8_t> take_vector(Trigger trigger, Handler handler, void* context) {
    for (std::uint32_t vector = kFirstVector; vector <= kLastVector; ++vector) {
      auto done = root().connect(vector, trigger, handler, context);
      if (done) return static_cast<std::uint8_t>(vector);
      if (done.error() != Errc::kBusy) return fail(done.error());
    }
    return fail(Errc::kNoMemory);
  }

  Result<void> do_connect(std::uint32_t line, Trigger trigger, Handler handler,
                          void* context) override {
    if (chip(line) == nullptr) TRY(discover_(*this, line));
    const Guard guard{lock_};
    IoApic<Io>* const owner = chip(line);
    if (owner == nullptr || handler == nullptr) return fail(Errc::kInvalidArgument);
    if (route(line) != nullptr) return fail(Errc::kBusy);
    Route* const taken = free_route();
    if (taken == nullptr) return fail(Errc::kNoMemory);
    // §3.2.4: 8 bits of physical destination.
    const std::uint32_t destination = destination_();
    if (destination > 0xff) return fail(Errc::kNotSupported);
    const std::uint8_t vector = TRY(take_vector(trigger, handler, context));
    *taken = {line, vector, is_level(trigger)};
    // An edge that a masked entry does not see is lost, so that edges are
    // masked at the vector alone.
    owner->route(line, vector, destination, trigger, is_level(trigger));
    return {};
  }

  void do_disconnect(std::uint32_t line) override {
    const Guard guard{lock_};
    Route* const taken = route(line);
    if (taken == nullptr) return;
    chip(line)->clear(line);
    root().disconnect(taken->vector);
    *taken = {};
  }

  void do_unmask(std::uint32_t line) override {
    const Guard guard{lock_};
    const Route* const taken = route(line);
    if (taken == nullptr) return;
    root().unmask(taken->vector);
    if (taken->level) chip(line)->unmask(line);
  }

  void do_mask(std::uint32_t line) override {
    const Guard guard{lock_};
    const Route* const taken = route(line);
    if (taken == nullptr) return;
    if (taken->level) chip(line)->mask(line);
    root().mask(taken->vector);
  }

  Room& room_;
  Discover discover_;
  std::uint32_t (*destination_)();
  IrqSpinLock lock_;
};

}  // namespace atl::irq
