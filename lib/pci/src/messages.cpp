// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/pci_messages.hpp>
#include <atoll/vm.hpp>

namespace atl::pci {
namespace {

constexpr std::uint8_t kMsiId = 0x05, kMsixId = 0x11;
constexpr std::uint16_t kControl = 2;  // from the capability on, of both

// §6.8.2.
constexpr std::uint16_t kTableSize = 0x7ff, kFunctionMask = 1u << 14, kMsixEnable = 1u << 15;
constexpr std::uint16_t kTable = 4;
constexpr std::uint32_t kBarMask = 7;
constexpr std::uint64_t kEntrySize = 16, kAddress = 0, kUpperAddress = 4, kData = 8;
constexpr std::uint64_t kVectorControl = 12;
constexpr std::uint32_t kVectorMasked = 1;

// §6.8.1.
constexpr std::uint16_t kMsiEnable = 1u << 0, kSeveral = 7u << 4, kWide = 1u << 7;
constexpr std::uint16_t kHasMask = 1u << 8;

void change_control(const Device& device, std::uint16_t capability, std::uint16_t clear,
                    std::uint16_t set) {
  device.host().config->change(device.location(), capability + kControl, clear, set);
}

}  // namespace

Result<MsixTable> MsixTable::open(const Device& device, std::span<irq::DeviceMessage> room) {
  MsixTable opened;
  opened.capability_ = TRY(device.find_capability(kMsixId));
  opened.source_ = TRY(message_source(device.host(), device.location()));
  const auto control =
      device.read<std::uint16_t>(static_cast<std::uint16_t>(opened.capability_ + kControl));
  const auto place =
      device.read<std::uint32_t>(static_cast<std::uint16_t>(opened.capability_ + kTable));
  const std::uint64_t vectors = (control & kTableSize) + std::uint64_t{1};
  auto table = device.map(place & kBarMask, place & ~kBarMask, vectors * kEntrySize);
  if (!table) {
    const bool nowhere = table.error() == Errc::kOutOfRange || table.error() == Errc::kNoEntry ||
                         table.error() == Errc::kInvalidArgument;
    return fail(nowhere ? Errc::kBadMessage : table.error());
  }
  opened.table_ = table.value();
  opened.messages_ = room.first(std::min<std::uint64_t>(room.size(), vectors));
  std::fill(opened.messages_.begin(), opened.messages_.end(), irq::DeviceMessage{});

  // §6.8.3: the function is masked until its vectors are.
  change_control(device, opened.capability_, 0, kFunctionMask | kMsixEnable);
  device.enable(kMemory | kPinDisabled);
  for (std::uint64_t vector = 0; vector < vectors; ++vector)
    opened.table_.write(vector * kEntrySize + kVectorControl, kVectorMasked);
  change_control(device, opened.capability_, kFunctionMask, 0);
  return opened;
}

Result<void> MsixTable::connect(unsigned vector, irq::Handler handler, void* context) {
  if (vector >= messages_.size()) return fail(Errc::kOutOfRange);
  if (connected(vector)) return fail(Errc::kBusy);
  const irq::DeviceMessage message = TRY(irq::connect_message(source_, handler, context));
  messages_[vector] = message;
  const std::uint64_t entry = vector * kEntrySize;
  const std::uint64_t address = message.address.value();
  table_.write(entry + kAddress, static_cast<std::uint32_t>(address));
  table_.write(entry + kUpperAddress, static_cast<std::uint32_t>(address >> 32));
  table_.write(entry + kData, message.data);
  // What is masked from here on is its line, which every controller can.
  table_.write(entry + kVectorControl, std::uint32_t{0});
  return {};
}

void MsixTable::disconnect(unsigned vector) {
  if (!connected(vector)) return;
  const std::uint64_t control = vector * kEntrySize + kVectorControl;
  table_.write(control, kVectorMasked);
  // Read back: nothing is sent any more once the device has it.
  static_cast<void>(table_.read<std::uint32_t>(control));
  irq::root().disconnect(messages_[vector].line);
  messages_[vector] = {};
}

void MsixTable::mask(unsigned vector) {
  if (connected(vector)) irq::root().mask(messages_[vector].line);
}

void MsixTable::unmask(unsigned vector) {
  if (connected(vector)) irq::root().unmask(messages_[vector].line);
}

void MsixTable::close(const Device& device) {
  for (unsigned vector = 0; vector < size(); ++vector) disconnect(vector);
  change_control(device, capability_, kMsixEnable, 0);
  messages_ = {};
}

Result<Msi> Msi::connect(const Device& device, irq::Handler handler, void* context) {
  Msi connected;
  connected.capability_ = TRY(device.find_capability(kMsiId));
  const auto at = [&](unsigned offset) {
    return static_cast<std::uint16_t>(connected.capability_ + offset);
  };
  const auto control = device.read<std::uint16_t>(at(kControl));
  const bool wide = (control & kWide) != 0;
  const auto source = TRY(message_source(device.host(), device.location()));
  const irq::DeviceMessage message = TRY(irq::connect_message(source, handler, context));
  const std::uint64_t address = message.address.value();
  if (message.data > 0xffff || (!wide && address >> 32 != 0)) {
    irq::root().disconnect(message.line);
    return fail(Errc::kNotSupported);
  }
  connected.line_ = message.line;
  // From the address on: 64 bits of it have a register more before the data.
  change_control(device, connected.capability_, kMsiEnable | kSeveral, 0);
  device.write(at(4), static_cast<std::uint32_t>(address));
  if (wide) device.write(at(8), static_cast<std::uint32_t>(address >> 32));
  device.write(at(wide ? 12 : 8), static_cast<std::uint16_t>(message.data));
  if ((control & kHasMask) != 0) device.write(at(wide ? 16 : 12), std::uint32_t{0});
  device.enable(kPinDisabled);
  change_control(device, connected.capability_, 0, kMsiEnable);
  return connected;
}

void Msi::disconnect(const Device& device) {
  change_control(device, capability_, kMsiEnable, 0);
  irq::root().disconnect(line_);
}

}  // namespace atl::pci
