// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot_info_entry.hpp>
#include <atoll/device_tree_boot.hpp>

#include "boot_index.hpp"
#include "bytes.hpp"

namespace atl::device_tree {

using namespace std::string_view_literals;

constinit BootIndex boot_index;

namespace {

/// Adds each range of the node's `reg`; of kind kKept, as a reservation.
void add_ranges(const Node& node, BootInfo& info, MemoryKind kind) {
  for (std::size_t entry = 0;; ++entry) {
    const auto range = node.reg(entry);
    if (!range.ok()) return;
    if (kind == MemoryKind::kKept) {
      boot_entry::reserve(info, range.value());
    } else {
      boot_entry::add_region(info, range.value(), kind);
    }
  }
}

void add_memory(const Tree& tree, BootInfo& info) {
  for (std::uint16_t i = 1; i < tree.node_count(); ++i) {
    if (!boot_index.records[i].is_memory) continue;
    const Node node = tree.node(i);
    if (node.parent().is_root() && node.enabled()) add_ranges(node, info, MemoryKind::kUsable);
  }
}

/// /reserved-memory (§3.5). A child without `reg` asks for memory of a size,
/// anywhere, and nobody in this image answers it.
void add_reserved(Node reserved_memory, BootInfo& info) {
  for (const Node node : reserved_memory.children()) {
    if (!node.enabled()) continue;
    const bool unmapped{node.property("no-map"sv)};
    add_ranges(node, info, unmapped ? MemoryKind::kReserved : MemoryKind::kKept);
  }
}

/// The bytes of `property` inside the blob, which the entry may write.
std::span<std::byte> writable(const Property& property) {
  return {const_cast<std::byte*>(property.value.data()), property.value.size()};
}

void wipe(const Property& property) {
  for (std::byte& byte : writable(property)) byte = std::byte{0};
}

/// An address that takes one cell or two (Linux
/// Documentation/devicetree/bindings/chosen.txt, linux,initrd-start).
std::optional<std::uint64_t> address_of(const Node& node, std::string_view name) {
  const auto property = node.property(name);
  if (!property || (property.value.size() != 4 && property.value.size() != 8)) {
    return std::nullopt;
  }
  return load_cells(property.value.data(), static_cast<std::uint32_t>(property.value.size() / 4));
}

void find_console(const Tree& tree, const Node& chosen, BootScan& scan) {
  const auto path = chosen.string("stdout-path"sv);
  if (!path.ok()) return;
  // Behind a colon stand the line's settings (§3.6).
  std::string_view text = path.value();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ':') text.remove_suffix(text.size() - i);
  }
  const auto node = tree.find(text);
  if (!node) return;
  const auto registers = node->reg(0);
  if (!registers.ok()) return;
  scan.console = registers.value();
  scan.console_is_pl011 = node->is_compatible("arm,pl011"sv);
}

/// /chosen (§3.6, and Linux's bindings for the rest).
void read_chosen(const Tree& tree, const Node& chosen, BootInfo& info, BootScan& scan) {
  if (const auto arguments = chosen.property("bootargs"sv)) {
    boot_entry::copy_command_line(
        info, {reinterpret_cast<const char*>(arguments.value.data()), arguments.value.size()});
  }
  const auto start = address_of(chosen, "linux,initrd-start"sv);
  const auto end = address_of(chosen, "linux,initrd-end"sv);
  if (start && end && *start < *end) {
    info.initial_ram_disk = {PhysAddr{*start}, *end - *start};
    boot_entry::reserve(info, info.initial_ram_disk);
  }
  if (const auto seed = chosen.property("rng-seed"sv)) {
    boot_entry::copy_random_seed(info, seed.value);
    wipe(seed);
  }
  if (const auto seed = chosen.property("kaslr-seed"sv); seed && seed.value.size() == 8) {
    scan.layout_seed = load_cells(seed.value.data(), 2);
    wipe(seed);
  }
  find_console(tree, chosen, scan);
}

}  // namespace

Result<BootScan> scan_boot(std::byte* blob, PhysAddr address, BootInfo& info) {
  auto created = Tree::create({blob, kMaxBlobSize}, boot_index.records);
  if (!created.ok()) return fail(created.error());
  const Tree& tree = boot_index.tree.emplace(created.value());
  info.device_tree = {address, tree.used_size()};

  add_memory(tree, info);
  if (info.region_count == 0) return fail(Errc::kNoData);
  for (std::size_t i = 0;; ++i) {
    const auto range = tree.reservation(i);
    if (!range) break;
    boot_entry::reserve(info, *range);
  }
  boot_entry::reserve(info, info.device_tree);

  BootScan scan;
  scan.tree = &tree;
  for (const Node child : tree.root().children()) {
    const char* const name = child.name_text();
    if (*name == 'r' && is_text(name, "reserved-memory"sv)) add_reserved(child, info);
    if (*name == 'c' && is_text(name, "chosen"sv)) read_chosen(tree, child, info, scan);
    // Linux Documentation/devicetree/bindings/arm/xen.txt
    if (*name == 'h' && child.is_compatible("xen,xen"sv)) scan.on_xen = true;
  }
  return scan;
}

}  // namespace atl::device_tree
