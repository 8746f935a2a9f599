// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// A machine: the number of its functions, bus and device << 3 | function of each, then 256
// bytes of each and which bits of its first 64 can be written; then function, offset and
// value of what changes between two reads.
#include <algorithm>
#include <array>
#include <atoll/log.hpp>
#include <atoll/pci_messages.hpp>
#include <atoll/pci_pin.hpp>
#include <bit>
#include <vector>

#include "../../../lib/pci/src/walk.hpp"
#include "../../../lib/pci/tests/fake_machine.hpp"
#include "../../../lib/pci_host_device_tree/src/assign.hpp"
#include "../../../lib/pci_host_device_tree/src/bridges.hpp"
#include "../expect.hpp"
#include "../input.hpp"

namespace atl::log {
bool shows(Level) { return false; }
void detail::write(Level, std::string_view, std::string_view, std::span<const FormatArgument>) {}
}  // namespace atl::log

namespace {

using namespace atl;

class Machine final : public pci::ConfigSpace {
 public:
  explicit Machine(Input& input) : input_(input), functions_(input.take<std::uint8_t>() % 32) {
    for (Function& function : functions_) {
      function.bus = input.take<std::uint8_t>();
      function.place = input.take<std::uint8_t>();
    }
    for (Function& function : functions_) {
      function.bytes = input.take<std::array<std::uint8_t, 256>>();
      function.writable = input.take<std::array<std::uint8_t, 64>>();
    }
  }

 private:
  struct Function {
    std::uint8_t bus, place;
    std::array<std::uint8_t, 256> bytes;
    std::array<std::uint8_t, 64> writable;
  };

  Function* find(pci::Location at) {
    const auto found = std::find_if(functions_.begin(), functions_.end(), [&](const Function& one) {
      return one.bus == at.bus && one.place == (at.device << 3 | at.function);
    });
    return found == functions_.end() ? nullptr : &*found;
  }
  Result<void> do_open(std::uint8_t) override { return {}; }
  std::uint32_t do_read(pci::Location at, std::uint16_t offset, std::size_t bytes) override {
    Function* const function = find(at);
    if (function == nullptr || offset + bytes > 256) return ~0u >> (32 - 8 * bytes);
    if (!input_.empty()) {
      Function& changed = functions_[input_.take<std::uint8_t>() % functions_.size()];
      const auto where = input_.take<std::uint8_t>();
      changed.bytes[where] = input_.take<std::uint8_t>();
    }
    std::uint32_t value = 0;
    std::memcpy(&value, &function->bytes[offset], bytes);
    return value;
  }
  void do_write(pci::Location at, std::uint16_t offset, std::size_t bytes,
                std::uint32_t value) override {
    Function* const function = find(at);
    for (std::size_t i = 0; function != nullptr && i < bytes && offset + i < 256; ++i) {
      std::uint8_t& byte = function->bytes[offset + i];
      const std::uint8_t bits = offset + i < 64 ? function->writable[offset + i] : 0xff;
      byte = static_cast<std::uint8_t>((byte & ~bits) | (value >> 8 * i & bits));
    }
  }

  Input& input_;
  std::vector<Function> functions_;
};

constexpr pci::Windows kWindows{{PhysAddr{0x1000'0000}, 0x2eff'0000},
                                {PhysAddr{0x80'0000'0000}, 0x80'0000'0000}};

bool inside(PhysRange window, PhysRange range) {
  return window.contains(range.start) && range.size <= window.end() - range.start;
}

void count(void* calls) { ++*static_cast<unsigned*>(calls); }

Result<void> use(const pci::Device& device) {
  for (const std::uint8_t id : {0x05, 0x09, 0x11}) {
    unsigned found = 0;
    for (;; ++found) {
      const auto at = device.find_capability(id, found);
      if (!at.ok()) break;
      FUZZ_EXPECT(at.value() >= 0x40 && at.value() % 4 == 0 && found < 48);
    }
  }
  for (unsigned index = 0; index < 8; ++index) {
    const auto bar = device.bar(index);
    if (!bar.ok()) continue;
    const PhysRange range = bar.value().range;
    FUZZ_EXPECT(index < 6 && std::has_single_bit(range.size));
    FUZZ_EXPECT(range.start.is_aligned(range.size) && range.start.value() != 0);
    FUZZ_EXPECT(bar.value().is_port || inside(kWindows.low, range) || inside(kWindows.high, range));
  }

  static_cast<void>(pci::requester_of(device.host(), device.location()));

  auto& machine = *pci::test::machine;
  unsigned calls = 0;
  std::array<irq::DeviceMessage, 4> room;
  auto table = pci::MsixTable::open(device, room);
  for (const PhysRange mapped : machine.mapped) {
    FUZZ_EXPECT(mapped.size <= 0x8000);
    FUZZ_EXPECT(inside(kWindows.low, mapped) || inside(kWindows.high, mapped));
  }
  if (table.ok()) {
    for (unsigned vector = 0; vector < table.value().size(); ++vector)
      FUZZ_EXPECT(table.value().connect(vector, count, &calls).ok());
    table.value().close(device);
  }
  auto msi = pci::Msi::connect(device, count, &calls);
  if (msi.ok()) msi.value().disconnect(device);
  FUZZ_EXPECT(machine.root.connected.empty());

  pci::Pin pin;
  if (pin.connect(device, count, &calls).ok()) {
    pin.unmask();
    for (const std::uint32_t line : {20u, 21u, 23u}) machine.lines.fire(line);
    pin.disconnect();
  }
  FUZZ_EXPECT(machine.lines.connected.empty());
  FUZZ_EXPECT(calls <= 1);
  return {};
}

constexpr pci::Driver kTable[] = {{"1af4:1041", use}, {"1234:11e8", use}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const bool assigned : {false, true}) {
    Input input{data, size};
    Machine config{input};
    pci::test::FakeMachine machine;
    pci::test::machine = &machine;
    const pci::Host host{.config = &config,
                         .last_bus = 255,
                         .has_ports = true,
                         .windows = {kWindows.low, kWindows.high}};
    if (assigned) pci::assign(host, kWindows);
    pci::probe_all(host, kTable);
  }
  return 0;
}
