// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/irq.hpp>
#include <atoll/pci.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "../../pci_host/tests/fake_config.hpp"

namespace atl::pci::test {

/// Lines and their handlers.
class FakeLines final : public irq::Domain {
 public:
  struct Entry {
    irq::Handler handler;
    void* context;
    irq::Trigger trigger;
  };
  std::map<std::uint32_t, Entry> connected;
  std::set<std::uint32_t> unmasked;
  Errc fault{};

  /// The line signals once; nothing where it is masked.
  void fire(std::uint32_t line) {
    if (unmasked.contains(line)) connected.at(line).handler(connected.at(line).context);
  }

 private:
  Result<void> do_connect(std::uint32_t line, irq::Trigger trigger, irq::Handler handler,
                          void* context) override {
    if (fault != Errc{}) return fail(fault);
    if (!connected.emplace(line, Entry{handler, context, trigger}).second) return fail(Errc::kBusy);
    return {};
  }
  void do_disconnect(std::uint32_t line) override {
    connected.erase(line);
    unmasked.erase(line);
  }
  void do_unmask(std::uint32_t line) override { unmasked.insert(line); }
  void do_mask(std::uint32_t line) override { unmasked.erase(line); }
};

/// What this library stands on, as tests set it.
struct FakeMachine {
  FakeLines root;
  FakeLines lines;
  /// Of connect_message(): where messages go, and what the next one takes.
  PhysAddr message_address{0xfee0'0000};
  std::uint32_t next_message = 100;
  std::uint32_t message_data_offset = 0;  // added to the line
  Errc message_fault{};
  std::vector<std::uint32_t> sources;  ///< that messages were connected for
  Errc source_fault{};
  /// Of line_of_pin(), by pin.
  std::map<unsigned, std::uint32_t> pins{{1, 20}, {2, 21}, {3, 20}, {4, 23}};
  /// Memory of devices, by page, and what was mapped of it.
  std::map<std::uint64_t, std::vector<std::uint32_t>> memory;
  std::vector<PhysRange> mapped;
};
inline FakeMachine* machine = nullptr;

}  // namespace atl::pci::test
