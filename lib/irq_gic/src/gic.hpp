// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/cpu_local.hpp>
#include <atoll/irq_handlers.hpp>
#include <atoll/lock.hpp>
#include <atoll/mmio.hpp>
#include <atomic>
#include <cstdint>

#include "lpis.hpp"

namespace atl::irq {

/// A GICv2 (Arm IHI 0048B) or GICv3 with affinity routing (Arm IHI 0069H).
/// `System` is the CPU interface of version 3, arch::GicRegisters; `Messages` what the lines of
/// messages need.
///
/// Nothing is done per line before somebody connects it: shared lines are
/// disabled out of reset (IHI 0048B §4.3.5, IHI 0069H §12.9.24), and one that
/// firmware left enabled is disabled when its first interrupt finds no handler.
template <RegisterIo Io, typename System, typename Messages = NoLpis<Io>>
class Gic final : public Domain {
 public:
  /// `handlers` stands apart because it starts as zeros, which this object, with
  /// its pointer to functions, does not.
  constexpr explicit Gic(HandlerTable& handlers) : handlers_(handlers) {}

  [[nodiscard]] bool present() const { return version_ != 0; }

  /// Takes start_v2() or start_v3() back where a CPU cannot follow.
  void give_up() { version_ = 0; }

  /// Opens the distributor and the boot CPU's interface of version 2.
  void start_v2(Io distributor, Io cpu) {
    version_ = 2;
    distributor_ = distributor;
    cpu_ = cpu;
    count_lines();
    distributor_.template write<std::uint32_t>(kControl, 1);
    start_cpu_v2(0);
  }
  void start_cpu_v2([[maybe_unused]] std::uint32_t cpu) {
    if constexpr (kMaxCpus > 1) {
      // The first bytes name the CPU that reads them (IHI 0048B §4.3.12).
      names_[cpu] = distributor_.template read<std::uint8_t>(kTarget);
      if (cpu != 0) open_private_lines(distributor_);
    }
    cpu_.template write<std::uint32_t>(kPriorityMask, 0xf0);
    cpu_.template write<std::uint32_t>(kCpuControl, 1);
  }

  /// Opens the distributor of version 3. Affinity routing goes on before the
  /// group does (IHI 0069H §12.9.4); the two bits mean the same in the register's
  /// layouts with one security state and for the non-secure one of two.
  void start_v3(Io distributor) {
    version_ = 3;
    distributor_ = distributor;
    count_lines();
    distributor_.template write<std::uint32_t>(kControl, kAffinityRouting);
    wait(distributor_, kControl, kDistributorBusy);
    distributor_.template write<std::uint32_t>(kControl, kAffinityRouting | kGroup1);
    wait(distributor_, kControl, kDistributorBusy);
  }
  /// Opens this CPU's interface, whose redistributor is given as its two frames.
  /// kTimedOut where it does not wake up.
  Result<void> start_cpu_v3(std::uint32_t cpu, Io redistributor, Io private_lines) {
    // §12.11.42: awake once both bits are clear.
    const std::uint32_t waker = redistributor.template read<std::uint32_t>(kWaker);
    redistributor.template write<std::uint32_t>(kWaker, waker & ~kProcessorSleep);
    if (!wait(redistributor, kWaker, kChildrenAsleep)) return fail(Errc::kTimedOut);
    private_[cpu] = private_lines;
    if (cpu == 0) lpis_.set_redistributor(redistributor);
    if constexpr (kMaxCpus > 1) {
      names_[cpu] = System::affinity();
      if (cpu != 0) {
        private_lines.template write<std::uint32_t>(kGroup, ~0u);
        open_private_lines(private_lines);
      }
    }
    System::enable();
    return {};
  }

  /// Messages::open().
  Result<std::uint32_t> open_lpis(PhysAddr configuration, PhysAddr pending,
                                  void (*make_pending)(std::uint32_t line)) {
    if (version_ != 3) return fail(Errc::kNotSupported);
    return lpis_.open(distributor_.template read<std::uint32_t>(kType), configuration, pending,
                      make_pending);
  }

  /// Of irq::raise(): pending, as if the device had said so.
  void raise(std::uint32_t line) {
    if (!handlers_.contains(line)) return;
    if (lpis_.contains(line)) return lpis_.raise(line);
    if (version_ == 2 && line < kFirstPrivate) {
      constexpr std::uint32_t kToSelf = 2u << 24;
      distributor_.template write<std::uint32_t>(kGenerate, kToSelf | line);  // IHI 0048B §4.3.15
    } else {
      set_bit(kSetPending, line);
    }
  }

  /// Of irq::send(): `line` is one of software, below 16.
  void send(std::uint32_t line, std::uint32_t cpu) {
    if (version_ == 3) return System::send(line, names_[cpu]);
    // What was stored before is seen by who is interrupted (IHI 0048B §4.3.15).
    std::atomic_thread_fence(std::memory_order_seq_cst);
    distributor_.template write<std::uint32_t>(kGenerate, names_[cpu] << 16 | line);
  }

  /// Of irq::dispatch().
  void dispatch() {
    const std::uint32_t acknowledged =
        version_ == 3 ? System::acknowledge() : cpu_.template read<std::uint32_t>(kAcknowledge);
    // Version 2 has the sender of a software interrupt in the bits above.
    const std::uint32_t line = version_ == 3 ? acknowledged : acknowledged & 0x3ff;
    if (line >= kFirstSpecial && line <= kLastSpecial) return;  // none: nothing to end
    if (!handlers_.run(line)) {
      count_stray();
      if (line < lines_) set_bit(kClearEnable, line);
    }
    if (version_ == 3) return System::end(acknowledged);
    cpu_.template write<std::uint32_t>(kEnd, acknowledged);
  }

 private:
  static constexpr std::uint32_t kFirstPrivate = 16, kFirstShared = 32;
  static constexpr std::uint32_t kFirstSpecial = 1020, kLastSpecial = 1023;

  // Distributor; its per-line registers have the same offsets in a
  // redistributor's second frame.
  static constexpr std::uint64_t kControl = 0x000, kType = 0x004, kGroup = 0x080;
  static constexpr std::uint64_t kSetEnable = 0x100, kClearEnable = 0x180, kSetPending = 0x200;
  static constexpr std::uint64_t kPriority = 0x400, kTarget = 0x800, kConfiguration = 0xc00;
  static constexpr std::uint64_t kGenerate = 0xf00, kRoute = 0x6000;
  static constexpr std::uint32_t kGroup1 = 1u << 1, kAffinityRouting = 1u << 4;
  static constexpr std::uint32_t kDistributorBusy = 1u << 31;
  // Redistributor.
  static constexpr std::uint64_t kWaker = 0x014;
  static constexpr std::uint32_t kProcessorSleep = 1u << 1, kChildrenAsleep = 1u << 2;
  // CPU interface of version 2.
  static constexpr std::uint64_t kCpuControl = 0x00, kPriorityMask = 0x04;
  static constexpr std::uint64_t kAcknowledge = 0x0c, kEnd = 0x10;

  static constexpr std::uint8_t kNormalPriority = 0x80;

  // Of a further CPU, through its own copy of the registers: what do_connect() does for
  // the boot CPU's. Software interrupts are taken; devices' wait to be unmasked.
  static void open_private_lines(const Io& io) {
    constexpr std::uint32_t kSoftware = 0xffff;
    for (std::uint32_t line = 0; line < kFirstShared; line += 4) {
      io.template write<std::uint32_t>(kPriority + line, kNormalPriority * 0x0101'0101u);
    }
    io.template write<std::uint32_t>(kSetEnable, kSoftware);
  }

  // Bits clear after a while; false if they never do.
  static bool wait(const Io& io, std::uint64_t offset, std::uint32_t bits) {
    for (int tries = 0; tries < 1'000'000; ++tries) {
      if ((io.template read<std::uint32_t>(offset) & bits) == 0) return true;
    }
    return false;
  }

  void count_lines() {
    const std::uint32_t blocks = (distributor_.template read<std::uint32_t>(kType) & 0x1f) + 1;
    lines_ = blocks == 32 ? kFirstSpecial : 32 * blocks;
  }

  // Where the registers of `line` are: private lines have a copy per CPU, which
  // version 2 selects by itself.
  Io& registers(std::uint32_t line) {
    return version_ == 3 && line < kFirstShared ? private_[arch::Cpu::cpu_local().index]
                                                : distributor_;
  }
  void set_bit(std::uint64_t base, std::uint32_t line) {
    registers(line).template write<std::uint32_t>(base + line / 32 * 4, 1u << (line % 32));
  }
  void change_bits(std::uint64_t offset, std::uint32_t line, std::uint32_t clear,
                   std::uint32_t set) {
    Io& io = registers(line);
    const std::uint32_t value = io.template read<std::uint32_t>(offset);
    io.template write<std::uint32_t>(offset, (value & ~clear) | set);
  }

  Result<void> do_connect(std::uint32_t line, Trigger trigger, Handler handler,
                          void* context) override {
    if (version_ == 0) return fail(Errc::kNoDevice);
    if (lpis_.contains(line)) {
      const bool fits = trigger == Trigger::kEdgeRising && handler != nullptr;
      return fits ? handlers_.add(line, handler, context) : fail(Errc::kInvalidArgument);
    }
    if (line >= lines_ || handler == nullptr) return fail(Errc::kInvalidArgument);
    // IHI 0048B §1.4.2: shared lines signal high or rising; how a private one
    // signals is fixed by the implementation.
    const bool shared = line >= kFirstShared;
    if (shared && trigger != Trigger::kEdgeRising && trigger != Trigger::kLevelHigh)
      return fail(Errc::kInvalidArgument);
    TRY(handlers_.add(line, handler, context));
    const Guard guard{lock_};
    set_bit(kClearEnable, line);
    registers(line).template write<std::uint8_t>(kPriority + line, kNormalPriority);
    if (version_ == 3) change_bits(kGroup + line / 32 * 4, line, 0, 1u << (line % 32));
    if (!shared) return {};
    const std::uint32_t edge = 2u << (line % 16 * 2);
    change_bits(kConfiguration + line / 16 * 4, line, edge, is_level(trigger) ? 0 : edge);
    if (version_ == 3) {
      const std::uint64_t affinity = System::affinity();
      distributor_.template write<std::uint64_t>(
          kRoute + 8 * line, (affinity & 0xff'ffff) | (affinity & 0xff00'0000) << 8);
    } else if (const auto self = distributor_.template read<std::uint8_t>(kTarget); self != 0) {
      // The first bytes name the CPU that reads them; with one CPU there is
      // nothing to choose and they are 0 (IHI 0048B §4.3.12).
      distributor_.template write<std::uint8_t>(kTarget + line, self);
    }
    return {};
  }

  void do_disconnect(std::uint32_t line) override {
    if (!handlers_.contains(line)) return;
    do_mask(line);
    handlers_.remove(line);
  }

  // The controller itself remembers what comes while a line is disabled; the
  // table covers an interrupt that was already on its way to this CPU.
  void do_unmask(std::uint32_t line) override {
    if (!handlers_.contains(line)) return;
    const bool again = handlers_.unmask(line);
    if (!lpis_.contains(line)) set_bit(kSetEnable, line);
    if (again) raise(line);
  }
  void do_mask(std::uint32_t line) override {
    if (!handlers_.contains(line)) return;
    handlers_.mask(line);
    if (!lpis_.contains(line)) set_bit(kClearEnable, line);
  }

  std::uint32_t version_ = 0;
  std::uint32_t lines_ = 0;
  Io distributor_{};
  Io cpu_{};
  std::array<Io, kMaxCpus> private_{};
  // By CPU index: version 2, its bit among the targets; version 3, its affinity.
  std::array<std::uint32_t, kMaxCpus> names_{};
  [[no_unique_address]] Messages lpis_;
  IrqSpinLock lock_;
  HandlerTable& handlers_;
};

}  // namespace atl::irq
