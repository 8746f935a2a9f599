// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/config/irq.hpp>
#include <atoll/irq.hpp>
#include <atoll/lock.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace atl::irq {

/// Who handles which line of a root controller, and which lines are masked: for
/// providers of `irq`. Constant-initialised; a lookup costs one probe as long
/// as connected lines do not collide modulo IRQ_MAX_HANDLERS.
class HandlerTable {
 public:
  /// Takes `line`, masked. kBusy, kNoMemory. Not from an interrupt handler.
  Result<void> add(std::uint32_t line, Handler handler, void* context);
  /// Forgets `line`. Not from an interrupt handler.
  void remove(std::uint32_t line);
  [[nodiscard]] bool contains(std::uint32_t line) { return find(line) != nullptr; }

  /// Any context; nothing for a line without a handler.
  void mask(std::uint32_t line);
  /// True when an interrupt came while `line` was masked, which the caller then
  /// raises again.
  [[nodiscard]] bool unmask(std::uint32_t line);

  /// Runs the handler of `line`, or remembers the interrupt while it is masked.
  /// False for a line without a handler. In interrupt context.
  bool run(std::uint32_t line);

 private:
  static constexpr std::uint32_t kNeverUsed = 0;  // ends a search
  static constexpr std::uint32_t kRemoved = 1;    // does not
  static constexpr std::uint32_t kMasked = 1;
  static constexpr std::uint32_t kPending = 2;

  struct Entry {
    std::atomic<std::uint32_t> key = kNeverUsed;  // line + 2
    std::atomic<std::uint32_t> state = 0;
    Handler handler = nullptr;
    void* context = nullptr;
  };

  Entry* find(std::uint32_t line);

  IrqSpinLock lock_;
  std::array<Entry, config::irq::kMaxHandlers> entries_;
};

/// The providers' way to count what nobody handles.
void count_stray();

}  // namespace atl::irq
