// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch/ports.hpp>
#include <atoll/console.hpp>
#include <atoll/ns16550.hpp>
#include <atoll/result.hpp>

namespace atl {

namespace {

/// COM1 of every PC-like machine.
constexpr std::uint16_t kFirstSerialPort = 0x3f8;

class SerialConsole final : public console::Sink {
 public:
  constexpr SerialConsole() = default;
  void start() {
    device_.configure();
    console::add_sink(*this);
  }

 private:
  void do_write(std::string_view text) override { device_.write(text); }
  std::size_t do_read(std::span<char> into) override { return device_.read(into); }

  Ns16550<arch::Ports> device_{arch::Ports{kFirstSerialPort}};
};

constinit SerialConsole serial;

}  // namespace

Result<void> console_ns16550_init() {
  serial.start();
  return {};
}

}  // namespace atl
