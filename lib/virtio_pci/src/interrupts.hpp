// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/pci.hpp>
#include <atoll/pci_messages.hpp>
#include <atoll/pci_pin.hpp>
#include <atoll/virtio.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace atl::virtio_pci {

/// The interrupts of a device: messages where it has some and the machine takes them, one for
/// what all share and further ones for queues of their own; else its pin.
class Interrupts {
 public:
  /// No message is sent (§4.1.4.3, VIRTIO_MSI_NO_VECTOR).
  static constexpr std::uint16_t kNone = 0xffff;

  explicit Interrupts(const pci::Device& device) : device_(device) {}
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// Connects what all share to `handler`, unless it is: the vector for it, kNone where it is
  /// the pin. Errors of pci::Pin::connect().
  Result<std::uint16_t> connect_shared(irq::Handler handler, void* context);
  /// A message of its own for `interrupt`; none where there is none left. After
  /// connect_shared().
  std::optional<std::uint16_t> connect_own(virtio::Interrupt interrupt);
  /// All of them.
  void disconnect();

 private:
  static constexpr std::size_t kMostMessages = 17;

  enum class Means : std::uint8_t { kNothing, kMessages, kPin };

  pci::Device device_;
  Means connected_ = Means::kNothing;
  pci::MsixTable table_;
  std::array<irq::DeviceMessage, kMostMessages> room_{};
  unsigned used_ = 0;  // messages
  pci::Pin pin_;
};

}  // namespace atl::virtio_pci
