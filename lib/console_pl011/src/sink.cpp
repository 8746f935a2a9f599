// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "sink.hpp"

#include <atoll/console.hpp>
#include <atoll/console_pl011.hpp>
#include <atoll/pl011.hpp>

namespace atl::console_pl011 {
namespace {

class Pl011Sink final : public console::Sink {
 public:
  constexpr Pl011Sink() = default;

  [[nodiscard]] bool attached() const { return attached_; }
  void attach(VirtAddr registers) {
    uart_ = Pl011<Mmio>{Mmio{registers}};
    attached_ = true;
    console::add_sink(*this);
  }
  void enable() { uart_.enable(); }

 private:
  void do_write(std::string_view text) override { uart_.write(text); }
  std::size_t do_read(std::span<char> into) override { return uart_.read(into); }

  Pl011<Mmio> uart_;
  bool attached_ = false;
};

constinit Pl011Sink sink;

}  // namespace

bool attached() { return sink.attached(); }

void attach_generic(VirtAddr registers) { sink.attach(registers); }

void attach(VirtAddr registers) {
  attach_generic(registers);
  sink.enable();
}

}  // namespace atl::console_pl011
