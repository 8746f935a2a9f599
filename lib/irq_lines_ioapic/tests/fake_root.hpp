// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/irq.hpp>
#include <map>
#include <set>

namespace atl::irq::test {

/// A root controller that keeps what it was told.
class FakeRoot final : public Domain {
 public:
  std::map<std::uint32_t, Handler> connected;
  std::set<std::uint32_t> unmasked;
  Errc fault{};

 private:
  Result<void> do_connect(std::uint32_t line, Trigger, Handler handler, void*) override {
    if (fault != Errc{}) return fail(fault);
    if (!connected.emplace(line, handler).second) return fail(Errc::kBusy);
    return {};
  }
  void do_disconnect(std::uint32_t line) override {
    connected.erase(line);
    unmasked.erase(line);
  }
  void do_unmask(std::uint32_t line) override { unmasked.insert(line); }
  void do_mask(std::uint32_t line) override { unmasked.erase(line); }
};

extern FakeRoot fake_root;

}  // namespace atl::irq::test
