// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/log.hpp>
#include <atoll/xenbus.hpp>
#include <atoll/xenstore.hpp>

namespace atl {

namespace xenbus {
namespace {

// Names of one directory; more of a kind than fit here are not looked at.
constexpr std::size_t kNames = 512;

void say(std::string_view node, Errc error) {
  log::error("xenbus", "{}: error {}", node, static_cast<int>(error));
}

void probe(const Driver& driver, std::string_view node) {
  const auto device = Device::find(node);
  if (!device.ok()) return say(node, device.error());
  if (const auto probed = driver.probe(device.value()); !probed.ok()) say(node, probed.error());
}

void probe_all(const Driver& driver) {
  const auto kind = Path::make("device", driver.identity);
  if (!kind.ok()) return say(driver.identity, kind.error());
  std::array<char, kNames> room;
  auto names = xenstore::list(kind.value().view(), room);
  if (!names.ok()) {
    if (names.error() != Errc::kNoEntry) say(kind.value().view(), names.error());
    return;
  }
  // Each ends with a NUL.
  for (std::string_view left = names.value(); !left.empty();) {
    const std::size_t end = left.find('\0');
    const std::string_view name{left.data(), end == left.npos ? left.size() : end};
    left.remove_prefix(end == left.npos ? left.size() : end + 1);
    const auto node = Path::make(kind.value().view(), name);
    if (node.ok()) {
      probe(driver, node.value().view());
    } else {
      say(name, node.error());
    }
  }
}

}  // namespace
}  // namespace xenbus

Result<void> xenbus_init() {
  for (const xenbus::Driver& driver : xenbus::drivers()) xenbus::probe_all(driver);
  return {};
}

}  // namespace atl
