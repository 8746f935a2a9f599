// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/assert.hpp>
#include <atoll/log.hpp>

#include "bus.hpp"
#include "bytes.hpp"

namespace atl::device_tree {

using namespace std::string_view_literals;
namespace {

/// Finds drivers for one node after the other.
class Matcher {
 public:
  explicit Matcher(std::span<const Driver> table) : table_(table) {
    for (const Driver& driver : table) {
      shortest_ = std::min(shortest_, driver.identity.size());
      first_letters_ |= bit_of(driver.identity.front());
    }
  }

  /// 1 + the place in the table of the driver for the earliest string of the
  /// node's `compatible` that has one; 0 without one.
  std::uint8_t driver_for(const Node& node) {
    const std::span<const std::byte> list = node.compatible().value;
    // Machines have rows of equal devices: 32 virtio slots in QEMU's virt.
    if (!equal(list, last_list_)) {
      last_list_ = list;
      last_driver_ = search(list);
    }
    return last_driver_;
  }

 private:
  /// By cells, the padding included: where only that differs, search() runs
  /// once more and finds the same.
  static bool equal(std::span<const std::byte> one, std::span<const std::byte> other) {
    if (one.size() != other.size()) return false;
    if (one.data() == other.data()) return true;
    for (std::size_t i = 0; i < one.size(); i += 4) {
      if (load_raw(&one[i]) != load_raw(&other[i])) return false;
    }
    return true;
  }

  static std::uint64_t bit_of(char letter) { return std::uint64_t{1} << (letter & 63); }

  [[nodiscard]] std::uint8_t search(std::span<const std::byte> list) const {
    const char* const text = reinterpret_cast<const char*>(list.data());
    std::size_t start = 0;
    // What is shorter than every identity need not be looked at.
    while (start + shortest_ < list.size()) {
      const bool may_match = (first_letters_ & bit_of(text[start])) != 0;
      for (std::size_t i = 0; may_match && i < table_.size(); ++i) {
        const std::string_view identity = table_[i].identity;
        if (identity.size() < list.size() - start && is_text(text + start, identity)) {
          return static_cast<std::uint8_t>(i + 1);
        }
      }
      while (start + shortest_ < list.size() && text[start] != '\0') ++start;
      ++start;
    }
    return 0;
  }

  std::span<const Driver> table_;
  std::size_t shortest_ = SIZE_MAX / 2;
  std::uint64_t first_letters_ = 0;
  std::span<const std::byte> last_list_;
  std::uint8_t last_driver_ = 0;
};

/// Whether the controller of the node's first interrupt, which stands for all of them, still waits
/// for its probe. A controller that names itself does not wait for itself.
bool controller_pending(const Tree& tree, const Node& node, std::span<const std::uint8_t> pending) {
  std::optional<Node> controller;
  if (const auto extended = node.property("interrupts-extended"sv)) {
    if (extended.value.size() >= 4) controller = tree.by_phandle(load_cell(extended.value.data()));
  } else if (node.property("interrupts"sv)) {
    controller = node.interrupt_parent();
  }
  return controller && controller->index() != node.index() && pending[controller->index()] != 0;
}

/// Never inlined: it is called only when something is wrong, from two places.
[[gnu::noinline]] void report(const Node& node, const char* what) {
  log::error("device_tree", "{}: {}", node.name_text(), what);
}

/// Of an entry of `pending`, beside 1 + the driver's place in the table: others may interrupt
/// through the node.
constexpr std::uint8_t kController = 0x80, kAny = 0xff;

}  // namespace

void probe_all(const Tree& tree, std::span<const Driver> table, std::span<std::uint8_t> pending) {
  ATOLL_ASSERT(table.size() < kController && pending.size() >= tree.node_count());
  Matcher matcher{table};
  std::uint32_t left = 0, controllers = 0;
  for (std::uint16_t i = 0; i < tree.node_count(); ++i) {
    const Node node = tree.node(i);
    pending[i] = 0;
    const std::uint8_t driver = matcher.driver_for(node);
    if (driver == 0 || !node.enabled()) continue;
    const bool controller = static_cast<bool>(node.property("#interrupt-cells"sv));
    pending[i] = controller ? driver | kController : driver;
    controllers += controller;
    ++left;
  }

  // Rounds of controllers, then of everything, each until one settles nothing. Where no controller
  // is left, nobody looks for his own.
  std::uint8_t which = kController;
  bool progress = true;
  while (left != 0 && (progress || which != kAny)) {
    if (!progress) which = kAny;
    progress = false;
    for (std::uint16_t i = 0; i < tree.node_count(); ++i) {
      if ((pending[i] & which) == 0) continue;
      const Node node = tree.node(i);
      if (controllers != 0 && controller_pending(tree, node, pending)) continue;
      const Errc error = table[(pending[i] & ~kController) - 1U].probe(node).error();
      if (error == Errc::kTryAgain) continue;
      if (error != Errc{}) report(node, to_string(error));
      controllers -= pending[i] / kController;
      pending[i] = 0;
      --left;
      progress = true;
    }
  }

  for (std::uint16_t i = 0; i < tree.node_count(); ++i) {
    if (pending[i] != 0) report(tree.node(i), "its device did not come");
  }
}

}  // namespace atl::device_tree
