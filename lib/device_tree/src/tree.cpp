// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/device_tree_node.hpp>

#include "bytes.hpp"

namespace atoll::device_tree {
namespace {

// Offsets of the header's cells (§5.2).
constexpr std::size_t kMagic = 0;
constexpr std::size_t kTotalSize = 4;
constexpr std::size_t kStructureOffset = 8;
constexpr std::size_t kStringsOffset = 12;
constexpr std::size_t kReservationsOffset = 16;
constexpr std::size_t kVersion = 20;
constexpr std::size_t kLastCompatibleVersion = 24;
constexpr std::size_t kStringsSize = 32;
constexpr std::size_t kStructureSize = 36;
constexpr std::uint32_t kHeaderSize = 40;

constexpr std::uint32_t kMagicValue = 0xd00dfeed;
constexpr std::uint32_t kOurVersion = 17;

/// The value of a property token starts behind token, length and name offset.
constexpr std::uint32_t kPropertyHeader = 12;

constexpr std::uint32_t kReservationSize = 16;

/// The offset behind the NUL-terminated, padded name at `offset`, or 0 when it
/// does not end before `end`. `offset` and `end` are multiples of 4.
std::uint32_t skip_name(const std::byte* structure, std::uint32_t offset, std::uint32_t end) {
  while (offset < end) {
    const std::uint32_t word = load_cell(structure + offset);
    offset += 4;
    // Some byte of `word` is zero.
    if (((word - 0x01010101U) & ~word & 0x80808080U) != 0) return offset;
  }
  return 0;
}

}  // namespace

Result<Tree> Tree::create(std::span<const std::byte> blob, std::span<NodeRecord> records) {
  const std::byte* const base = blob.data();
  if (base == nullptr || reinterpret_cast<std::uintptr_t>(base) % 8 != 0) {
    return fail(Errc::kInvalidArgument);
  }
  if (blob.size() < kHeaderSize || load_cell(base + kMagic) != kMagicValue) {
    return fail(Errc::kBadMessage);
  }
  const std::uint32_t total = load_cell(base + kTotalSize);
  if (total < kHeaderSize || total > blob.size() || load_cell(base + kVersion) < kOurVersion ||
      load_cell(base + kLastCompatibleVersion) > kOurVersion) {
    return fail(Errc::kBadMessage);
  }

  Tree tree;
  tree.blob_ = base;
  tree.structure_ = load_cell(base + kStructureOffset);
  tree.structure_size_ = load_cell(base + kStructureSize);
  tree.strings_ = load_cell(base + kStringsOffset);
  tree.strings_size_ = load_cell(base + kStringsSize);
  tree.reservations_ = load_cell(base + kReservationsOffset);

  const auto inside = [total](std::uint32_t offset, std::uint32_t size) {
    return offset >= kHeaderSize && offset <= total && size <= total - offset;
  };
  if (!inside(tree.structure_, tree.structure_size_) || tree.structure_ % 4 != 0 ||
      tree.structure_size_ % 4 != 0 || !inside(tree.strings_, tree.strings_size_) ||
      !inside(tree.reservations_, 0) || tree.reservations_ % 8 != 0) {
    return fail(Errc::kBadMessage);
  }
  // A string that starts inside the block then ends inside it.
  if (tree.strings_size_ != 0 && *tree.string_at(tree.strings_size_ - 1) != '\0') {
    return fail(Errc::kBadMessage);
  }

  std::uint32_t at = tree.reservations_;
  while (true) {
    if (total - at < kReservationSize) return fail(Errc::kBadMessage);
    const bool last = (load_cells(base + at, 2) | load_cells(base + at + 8, 2)) == 0;
    at += kReservationSize;
    if (last) break;
    ++tree.reservation_count_;
  }

  tree.used_size_ = at;
  for (const std::uint32_t end : {tree.structure_ + tree.structure_size_,
                                  tree.strings_ + tree.strings_size_}) {
    if (end > tree.used_size_) tree.used_size_ = end;
  }
  TRY(tree.build_index(records));
  return tree;
}

Result<void> Tree::build_index(std::span<NodeRecord> records) {
  records_ = records.data();
  const std::byte* const block = structure(0);
  const char* const strings = string_at(0);
  const std::uint32_t strings_size = strings_size_;
  const std::uint32_t end = structure_size_;
  const std::uint32_t node_limit =
      records.size() < 0xffff ? static_cast<std::uint32_t>(records.size()) : 0xffff;
  std::uint32_t nodes = 0;
  std::uint32_t depth = 0;
  NodeRecord* current = nullptr;
  bool properties_allowed = false;
  // Blobs share one copy of a name: recognised once, then compared by offset.
  constexpr std::uint32_t kUnknown = 0xffffffff;
  std::uint32_t compatible_name = kUnknown;
  std::uint32_t phandle_name = kUnknown;

  std::uint32_t offset = 0;
  while (offset < end) {
    const std::uint32_t at = offset;
    const std::uint32_t token = load_cell(block + at);
    offset += 4;
    // The most frequent first.
    if (token == kProperty) {
      // Properties come before child nodes (§5.4.2).
      if (!properties_allowed || end - offset < 8) return fail(Errc::kBadMessage);
      const std::uint32_t size = load_cell(block + offset);
      const std::uint32_t name = load_cell(block + offset + 4);
      offset += 8;
      // `end` is a multiple of 4, so what fits also fits with its padding.
      if (name >= strings_size || size > end - offset) return fail(Errc::kBadMessage);
      const std::byte* const value = block + offset;
      offset += align_cell(size);
      if (name != compatible_name && name != phandle_name) {
        const char* const text = strings + name;
        if (*text == 'c' && is_text(text, "compatible")) {
          compatible_name = name;
        } else if (*text == 'p' && is_text(text, "phandle")) {
          phandle_name = name;
        } else if (*text == 'd' && size == 7 && is_text(text, "device_type")) {
          current->is_memory = is_text(reinterpret_cast<const char*>(value), "memory");
        }
      }
      if (name == compatible_name) current->compatible = at;
      if (name == phandle_name && size == 4) current->phandle = load_cell(value);
    } else if (token == kBeginNode) {
      if (depth == 0 && nodes != 0) return fail(Errc::kBadMessage);
      if (nodes == node_limit) return fail(Errc::kNoSpace);
      const std::uint32_t name = offset;
      offset = skip_name(block, offset, end);
      if (offset == 0) return fail(Errc::kBadMessage);
      const auto parent = static_cast<std::uint16_t>(nodes == 0 ? 0 : current - records.data());
      current = &records[nodes++];
      *current = {.name = name, .properties = offset, .compatible = 0, .phandle = 0,
                  .parent = parent, .subtree_end = 0, .is_memory = false};
      ++depth;
      properties_allowed = true;
    } else if (token == kEndNode) {
      if (depth == 0) return fail(Errc::kBadMessage);
      --depth;
      current->subtree_end = static_cast<std::uint16_t>(nodes);
      current = &records[current->parent];
      properties_allowed = false;
    } else if (token == kEnd) {
      if (depth != 0 || nodes == 0) return fail(Errc::kBadMessage);
      node_count_ = static_cast<std::uint16_t>(nodes);
      return {};
    } else if (token != kNop) {
      return fail(Errc::kBadMessage);
    }
  }
  return fail(Errc::kBadMessage);
}

Tree Tree::moved_to(const std::byte* blob, const NodeRecord* records) const {
  Tree moved = *this;
  moved.blob_ = blob;
  moved.records_ = records;
  return moved;
}

std::optional<PhysRange> Tree::reservation(std::size_t index) const {
  if (index >= reservation_count_) return std::nullopt;
  const std::byte* const entry = blob_ + reservations_ + index * kReservationSize;
  return PhysRange{PhysAddr{load_cells(entry, 2)}, load_cells(entry + 8, 2)};
}

Property Tree::property_at(std::uint32_t offset) const {
  const std::byte* const token = structure(offset);
  const std::uint32_t size = load_cell(token + 4);
  return {string_at(load_cell(token + 8)), {token + kPropertyHeader, size}};
}

}  // namespace atoll::device_tree
