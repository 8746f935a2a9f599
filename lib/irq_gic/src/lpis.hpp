// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/irq_lpi.hpp>
#include <atoll/mmio.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace atl::irq {

/// Lines of messages, which stand in memory rather than in registers (Arm IHI 0069H §5.1). They
/// are all enabled for good: what is masked is remembered by its handler's entry, since a
/// command for each change would cost more than the one interrupt that comes.
template <RegisterIo Io>
class Lpis {
 public:
  /// What the byte of each line in the configuration says (§5.1.1): enabled, a priority as of
  /// other lines.
  static constexpr std::byte kEnabled{0x80 | 1u << 1 | 1u << 0};

  [[nodiscard]] bool contains(std::uint32_t line) const {
    return raise_ != nullptr && line >= lpi::kFirst && line < lpi::kEnd;
  }
  void raise(std::uint32_t line) const { raise_(line); }

  /// The boot CPU's, awake.
  void set_redistributor(Io redistributor) { redistributor_ = redistributor; }

  /// Opens them; `distributor_type` is GICD_TYPER. `configuration` has a byte for each,
  /// `pending` a bit for each line that any GIC has, zeros. The processor's number. Errors of
  /// lpi::open().
  Result<std::uint32_t> open(std::uint32_t distributor_type, PhysAddr configuration,
                             PhysAddr pending, void (*make_pending)(std::uint32_t line)) {
    const auto type = redistributor_.template read<std::uint64_t>(kType);
    const bool present = (distributor_type >> 17 & 1) != 0 && (type & kPhysical) != 0;
    if (!present || (distributor_type >> 19 & 0x1f) + 1 < lpi::kBits)
      return fail(Errc::kNotSupported);
    const auto control = redistributor_.template read<std::uint32_t>(kControl);
    if ((control & kEnable) != 0) return fail(Errc::kBusy);
    redistributor_.template write<std::uint64_t>(
        kProperties, configuration.value() | kCoherent | (lpi::kBits - 1));
    // Attributes that it does not have read as others. Without snooping, tables would have to
    // be cleaned out of caches.
    if ((redistributor_.template read<std::uint64_t>(kProperties) & kShareability) == 0)
      return fail(Errc::kNotSupported);
    redistributor_.template write<std::uint64_t>(kPending, pending.value() | kCoherent | kZeros);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    redistributor_.template write<std::uint32_t>(kControl, control | kEnable);
    raise_ = make_pending;
    return static_cast<std::uint32_t>(type >> 8 & 0xffff);
  }

 private:
  // GICR_CTLR, GICR_TYPER, GICR_PROPBASER, GICR_PENDBASER (§12.11).
  static constexpr std::uint64_t kControl = 0x000, kType = 0x008;
  static constexpr std::uint64_t kProperties = 0x070, kPending = 0x078;
  static constexpr std::uint32_t kEnable = 1u << 0;
  static constexpr std::uint64_t kPhysical = 1u << 0;
  static constexpr std::uint64_t kShareability = 3u << 10;
  static constexpr std::uint64_t kCoherent = 1u << 10 | 7u << 7;  // inner shareable, write-back
  static constexpr std::uint64_t kZeros = std::uint64_t{1} << 62;

  Io redistributor_{};
  void (*raise_)(std::uint32_t line) = nullptr;
};

/// Of an image that takes no messages, or another way.
template <RegisterIo Io>
struct NoLpis {
  [[nodiscard]] static constexpr bool contains(std::uint32_t /*line*/) { return false; }
  static void raise(std::uint32_t /*line*/) {}
  static void set_redistributor(Io /*redistributor*/) {}
  static Result<std::uint32_t> open(std::uint32_t, PhysAddr, PhysAddr, void (*)(std::uint32_t)) {
    return fail(Errc::kNotSupported);
  }
};

}  // namespace atl::irq
