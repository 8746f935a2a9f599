// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <algorithm>
#include <array>
#include <atoll/config/irq.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/irq_lpi.hpp>
#include <atoll/irq_messages.hpp>
#include <atoll/lock.hpp>
#include <atoll/mmio.hpp>
#include <atoll/page_alloc.hpp>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>

namespace atl::irq {
namespace its {

/// Bytes of a service's registers, and of those of them that software uses (Arm IHI 0069H
/// §12.18); devices write to the others.
inline constexpr std::uint64_t kSize = 0x20000, kControlSize = 0x1000;

}  // namespace its

/// The interrupt translation service of a GICv3 (Arm IHI 0069H §5.2): a device writes the number
/// of an event, and by who it is and that number the service finds the line, which is pending at
/// the boot CPU then.
///
/// Tables are made when the first message is connected. Memory that the service has been given
/// stays its own. Commands (§5.3) are awaited one by one.
template <RegisterIo Io>
class Its {
 public:
  constexpr Its() = default;

  /// The service whose control registers `io` reaches, and lie at `address`.
  void set(Io io, PhysAddr address) {
    io_ = io;
    address_ = address;
  }
  [[nodiscard]] bool present() const { return address_ != PhysAddr{}; }

  /// Of irq::connect_message(), for the device `id`. `lpis` opens the GIC's lines, once.
  Result<DeviceMessage> connect(std::uint32_t id, Handler handler, void* context,
                                Result<lpi::Target> (*lpis)()) {
    const Guard guard{lock_};
    if (!tried_) {
      tried_ = true;
      failure_ = open(lpis).error();
    }
    if (const Errc failure = failure_; failure != Errc{}) return fail(failure);
    if (std::uint64_t{id} >> device_bits_ != 0) return fail(Errc::kNotSupported);
    std::uint32_t events = 0;
    for (std::uint32_t index = 0; index < used_; ++index) {
      if (routes_[index].device != id) continue;
      ++events;
      auto done = root().connect(line_of(index), Trigger::kEdgeRising, handler, context);
      if (done) return message(index);
      if (done.error() != Errc::kBusy) return fail(done.error());
    }
    if (used_ == routes_.size() || events >> event_bits_ != 0) return fail(Errc::kNoMemory);
    TRY(root().connect(line_of(used_), Trigger::kEdgeRising, handler, context));
    routes_[used_] = {id, events};
    auto mapped = events == 0 ? add_device(id) : Result<void>{};
    if (mapped) mapped = map(used_);
    if (mapped) return message(used_++);
    root().disconnect(line_of(used_));
    return fail(mapped.error());
  }

  /// Makes a connected line pending. Any context.
  void raise(std::uint32_t line) {
    const Route& route = routes_[line - lpi::kFirst];
    static_cast<void>(give({kInterrupt | std::uint64_t{route.device} << 32, route.event, 0, 0}));
  }

 private:
  struct Route {
    std::uint32_t device = 0;
    std::uint32_t event = 0;
  };
  using Command = std::array<std::uint64_t, 4>;

  // GITS_CTLR, TYPER, CBASER, CWRITER, CREADR, BASER<n>, TRANSLATER (§12.18).
  static constexpr std::uint64_t kControl = 0x0000, kType = 0x0008, kQueue = 0x0080;
  static constexpr std::uint64_t kWriter = 0x0088, kReader = 0x0090, kTables = 0x0100;
  static constexpr std::uint64_t kTranslater = 0x10040;
  static constexpr unsigned kTableCount = 8;
  static constexpr std::uint32_t kEnabled = 1u << 0, kQuiescent = 1u << 31;
  static constexpr std::uint64_t kStalled = 1u << 0;
  // Of GITS_CBASER and GITS_BASER<n>.
  static constexpr std::uint64_t kValid = std::uint64_t{1} << 63;
  static constexpr std::uint64_t kIndirect = std::uint64_t{1} << 62;
  static constexpr std::uint64_t kCoherent = std::uint64_t{7} << 59 | 1u << 10;
  static constexpr std::uint64_t kShareability = 3u << 10;
  static constexpr unsigned kDevices = 1, kCollections = 4;
  static constexpr std::uint64_t kMostTablePages = 256;

  // §5.3. Everything goes to collection 0, the boot CPU's.
  static constexpr std::uint64_t kInterrupt = 0x03, kSync = 0x05, kMapDevice = 0x08;
  static constexpr std::uint64_t kMapCollection = 0x09, kMapEvent = 0x0a;

  static std::uint32_t line_of(std::uint32_t index) { return lpi::kFirst + index; }
  [[nodiscard]] DeviceMessage message(std::uint32_t index) const {
    return {address_ + kTranslater, routes_[index].event, line_of(index)};
  }

  // Zeros, aligned to themselves rounded up to a power of two.
  static Result<PhysAddr> take(PageCount pages) {
    const PhysAddr start = TRY(page_alloc::allocate(pages, PageCount{std::bit_ceil(pages.count)}));
    std::memset(to_virtual(start).as<void>(), 0, pages.bytes());
    return start;
  }

  Result<void> open(Result<lpi::Target> (*lpis)()) {
    const auto type = io_.template read<std::uint64_t>(kType);
    constexpr std::uint64_t kPhysical = 1u << 0;
    if ((type & kPhysical) == 0) return fail(Errc::kNotSupported);
    device_bits_ = (type >> 13 & 0x1f) + 1;
    entry_bytes_ = (type >> 4 & 0xf) + 1;
    // The events that a page of a device's own table has room for.
    const auto room = static_cast<unsigned>(std::bit_width(kPageSize / entry_bytes_)) - 1;
    event_bits_ = std::min<unsigned>((type >> 8 & 0x1f) + 1, room);
    io_.template write<std::uint32_t>(kControl, 0);
    TRY(await_quiet());
    bool has_collections = (type >> 24 & 0xff) != 0;  // GITS_TYPER.HCC: without a table
    for (unsigned table = 0; table < kTableCount; ++table)
      has_collections |= TRY(make_table(table)) == kCollections;
    if (!has_collections) return fail(Errc::kNotSupported);
    const PhysAddr queue = TRY(take(PageCount{1}));
    commands_ = to_virtual(queue);
    io_.template write<std::uint64_t>(kQueue, kValid | kCoherent | queue.value());
    if ((io_.template read<std::uint64_t>(kQueue) & kShareability) == 0)
      return fail(Errc::kNotSupported);
    io_.template write<std::uint64_t>(kWriter, 0);
    const lpi::Target target = TRY(lpis());
    io_.template write<std::uint32_t>(kControl, kEnabled);
    // GITS_TYPER.PTA: what a redistributor is called.
    const bool by_address = (type >> 19 & 1) != 0;
    target_ = by_address ? target.redistributor.value() : std::uint64_t{target.processor} << 16;
    return give({kMapCollection, 0, kValid | target_, 0});
  }

  Result<void> await_quiet() {
    for (int tries = 0; tries < 1'000'000; ++tries)
      if ((io_.template read<std::uint32_t>(kControl) & kQuiescent) != 0) return {};
    return fail(Errc::kTimedOut);
  }

  // Table `number`, where the service wants one that is in use here: what kind it is. It may have
  // a page size, and an entry size, of its own.
  Result<unsigned> make_table(unsigned number) {
    const std::uint64_t at = kTables + 8 * number;
    const auto asked = io_.template read<std::uint64_t>(at);
    const unsigned kind = asked >> 56 & 7;
    if (kind != kDevices && kind != kCollections) return kind;
    const std::uint64_t entry = (asked >> 48 & 0x1f) + 1;
    io_.template write<std::uint64_t>(at, kCoherent | (kind == kDevices ? kIndirect : 0));
    const auto has = io_.template read<std::uint64_t>(at);
    if ((has & kShareability) == 0) return fail(Errc::kNotSupported);
    static constexpr std::array<std::uint64_t, 4> kPages{1, 4, 16, 16};  // of 4, 16, 64 KiB
    const PageCount page{kPages[has >> 8 & 3]};
    std::uint64_t bytes = entry;
    if (kind == kDevices) {
      devices_per_page_ = page.bytes() / entry;
      const std::uint64_t devices = std::uint64_t{1} << device_bits_;
      bytes = devices * entry;
      if ((has & kIndirect) != 0) {
        bytes = (devices + devices_per_page_ - 1) / devices_per_page_ * sizeof(std::uint64_t);
        second_level_ = page;
      }
    }
    const std::uint64_t pages = (bytes + page.bytes() - 1) / page.bytes();
    if (pages > kMostTablePages) return fail(Errc::kNotSupported);
    const PhysAddr table = TRY(take(PageCount{pages * page.count}));
    if (kind == kDevices) devices_ = to_virtual(table);
    // Above 48 bits pages of 64 KiB put the address elsewhere: no machine has RAM for it there.
    if (table.value() >> 48 != 0) return fail(Errc::kNotSupported);
    const std::uint64_t size_of_page = has & 3u << 8;
    io_.template write<std::uint64_t>(
        at, kValid | kCoherent | (has & kIndirect) | table.value() | size_of_page | (pages - 1));
    return kind;
  }

  // The device's table of events, and its place in the table of devices (§5.2.2).
  Result<void> add_device(std::uint32_t id) {
    if (second_level_.count != 0) {
      std::uint64_t& level = devices_.as<std::uint64_t>()[id / devices_per_page_];
      if (level == 0) level = TRY(take(second_level_)).value() | kValid;
    }
    const PhysAddr events = TRY(take(PageCount{1}));
    const std::uint64_t size = event_bits_ - 1;
    return give({kMapDevice | std::uint64_t{id} << 32, size, kValid | events.value(), 0});
  }

  Result<void> map(std::uint32_t index) {
    const Route& route = routes_[index];
    TRY(give({kMapEvent | std::uint64_t{route.device} << 32,
              std::uint64_t{line_of(index)} << 32 | route.event, 0, 0}));
    return give({kSync, 0, target_, 0});
  }

  // Writes a command and waits until it has been read. kTimedOut: it is not; kProtocol: it
  // stops the service. Then nothing is connected any more.
  Result<void> give(const Command& command) {
    auto done = write(command);
    if (!done) failure_ = done.error();
    return done;
  }
  Result<void> write(const Command& command) {
    const Guard guard{queue_lock_};
    std::memcpy(VirtAddr{commands_ + writer_}.as<void>(), command.data(), sizeof command);
    writer_ = (writer_ + sizeof command) % kPageSize;
    std::atomic_thread_fence(std::memory_order_seq_cst);
    io_.template write<std::uint64_t>(kWriter, writer_);
    for (int tries = 0; tries < 1'000'000; ++tries) {
      const auto reader = io_.template read<std::uint64_t>(kReader);
      if ((reader & kStalled) != 0) return fail(Errc::kProtocol);
      if (reader == writer_) return {};
    }
    return fail(Errc::kTimedOut);
  }

  Io io_{};
  PhysAddr address_;
  bool tried_ = false;
  std::atomic<Errc> failure_{};
  unsigned device_bits_ = 0;
  unsigned event_bits_ = 0;
  std::uint64_t entry_bytes_ = 0;
  VirtAddr devices_;
  std::uint64_t devices_per_page_ = 0;
  PageCount second_level_;  // 0: the table has one
  std::uint64_t target_ = 0;
  VirtAddr commands_;
  std::uint64_t writer_ = 0;
  std::uint32_t used_ = 0;
  std::array<Route, config::irq::kMaxHandlers> routes_{};
  SpinLock lock_;
  IrqSpinLock queue_lock_;
};

}  // namespace atl::irq
