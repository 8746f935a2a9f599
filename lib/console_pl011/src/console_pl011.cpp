// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/console.hpp>
#include <atoll/console_pl011.hpp>
#include <atoll/device_tree.hpp>
#include <atoll/pl011.hpp>
#include <atoll/vm.hpp>

namespace atl {
namespace {

class Pl011Sink final : public console::Sink {
 public:
  constexpr Pl011Sink() = default;

  [[nodiscard]] bool attached() const { return attached_; }
  void attach(VirtAddr registers) {
    uart_ = Pl011<Mmio>{Mmio{registers}};
    uart_.enable();
    attached_ = true;
  }

 private:
  void do_write(std::string_view text) override { uart_.write(text); }
  std::size_t do_read(std::span<char> into) override { return uart_.read(into); }

  Pl011<Mmio> uart_;
  bool attached_ = false;
};

constinit Pl011Sink sink;

}  // namespace

namespace console_pl011 {

void attach(VirtAddr registers) {
  sink.attach(registers);
  console::add_sink(sink);
}

}  // namespace console_pl011

/// The driver's probe, named in CMakeLists.txt. A further UART is nobody's
/// console: it stays as it is.
Result<void> pl011_probe(const device_tree::Device& node);
Result<void> pl011_probe(const device_tree::Device& node) {
  if (sink.attached()) return {};
  const PhysRange registers = TRY(node.reg(0));
  console_pl011::attach(TRY(vm::map_device(registers)));
  return {};
}

}  // namespace atl
