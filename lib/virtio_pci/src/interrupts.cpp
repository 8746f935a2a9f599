// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "interrupts.hpp"

namespace atl::virtio_pci {

Result<std::uint16_t> Interrupts::connect_shared(irq::Handler handler, void* context) {
  if (connected_ == Means::kMessages) return std::uint16_t{0};
  if (connected_ == Means::kPin) return kNone;
  auto table = pci::MsixTable::open(device_, room_);
  if (table.ok()) {
    table_ = table.value();
    if (table_.connect(0, handler, context).ok()) {
      table_.unmask(0);
      used_ = 1;
      connected_ = Means::kMessages;
      return std::uint16_t{0};
    }
    table_.close(device_);
  }
  TRY(pin_.connect(device_, handler, context));
  pin_.unmask();
  connected_ = Means::kPin;
  return kNone;
}

std::optional<std::uint16_t> Interrupts::connect_own(virtio::Interrupt interrupt) {
  if (connected_ != Means::kMessages || used_ == table_.size()) return std::nullopt;
  if (!table_.connect(used_, interrupt.handler, interrupt.context).ok()) return std::nullopt;
  table_.unmask(used_);
  return static_cast<std::uint16_t>(used_++);
}

void Interrupts::disconnect() {
  if (connected_ == Means::kMessages) table_.close(device_);
  if (connected_ == Means::kPin) pin_.disconnect();
  connected_ = Means::kNothing;
  used_ = 0;
}

}  // namespace atl::virtio_pci
