// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/irq_messages.hpp>
#include <atoll/mmio.hpp>
#include <cstdint>

namespace atl::irq {

/// A frame of GICv2m (Arm DEN 0029, Server Base System Architecture 3.0, appendix E):
/// what is written to one of its registers is made pending as a shared line.
class Frame {
 public:
  static constexpr std::uint64_t kSize = 0x1000;

  constexpr Frame() = default;

  /// The lines of the frame at `address`, whose registers `io` reaches. kBadMessage:
  /// they are no shared lines.
  template <RegisterIo Io>
  static Result<Frame> create(const Io& io, PhysAddr address) {
    constexpr std::uint64_t kType = 0x008;
    const auto type = io.template read<std::uint32_t>(kType);
    Frame frame;
    frame.address_ = address + kSetLine;
    frame.first_ = (type >> 16) & 0x3ff;
    frame.count_ = type & 0x3ff;
    if (frame.first_ < kFirstShared || frame.first_ + frame.count_ > kEndShared)
      return fail(Errc::kBadMessage);
    return frame;
  }

  [[nodiscard]] bool present() const { return count_ != 0; }

  /// Of irq::connect_message().
  Result<DeviceMessage> connect(Handler handler, void* context) const {
    if (!present()) return fail(Errc::kNotSupported);
    for (std::uint32_t line = first_; line < first_ + count_; ++line) {
      auto done = root().connect(line, Trigger::kEdgeRising, handler, context);
      if (done) return DeviceMessage{address_, line, line};
      if (done.error() != Errc::kBusy) return fail(done.error());
    }
    return fail(Errc::kNoMemory);
  }

 private:
  static constexpr std::uint64_t kSetLine = 0x040;
  // Arm IHI 0048B §2.2.1.
  static constexpr std::uint32_t kFirstShared = 32, kEndShared = 1020;

  PhysAddr address_;
  std::uint32_t first_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace atl::irq
