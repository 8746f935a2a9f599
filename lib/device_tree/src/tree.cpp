// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/device_tree_node.hpp>

#include "bytes.hpp"

namespace atl::device_tree {

using namespace std::string_view_literals;

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

constexpr std::uint32_t kReservationSize = 16;

/// What the index keeps of properties, told by their names.
class Notes {
 public:
  explicit Notes(const char* strings) : strings_(strings) {}

  /// Whether the property may be one: all but a few are told by one character and
  /// their size.
  [[nodiscard]] bool may_keep(std::uint32_t name, std::uint32_t size) const {
    const char first = strings_[name];
    return first == 'c' || (first == 'p' && size == 4) || (first == 'd' && size == 7);
  }

  /// Keeps the property whose token is at `offset`, if it is one of those.
  [[gnu::noinline]] void keep(NodeRecord& record, std::uint32_t name, std::uint32_t offset,
                              std::span<const std::byte> value) {
    const char* const text = strings_ + name;
    // Blobs share one copy of a name: read once, then told by its offset.
    if (name == compatible_name_ || is_text(text, "compatible"sv)) {
      compatible_name_ = name;
      record.compatible = offset;
    } else if (is_text(text, "phandle"sv) && value.size() == 4) {
      record.phandle = load_cell(value.data());
    } else if (is_text(text, "device_type"sv) && value.size() == 7) {
      record.is_memory = is_text(reinterpret_cast<const char*>(value.data()), "memory"sv);
    }
  }

 private:
  const char* strings_;
  std::uint32_t compatible_name_ = 0xffffffff;
};

}  // namespace

Result<Tree> Tree::create(std::span<const std::byte> blob, std::span<NodeRecord> records) {
  const std::byte* const base = blob.data();
  if (base == nullptr || reinterpret_cast<std::uintptr_t>(base) % 8 != 0) {
    return fail(Errc::kInvalidArgument);
  }
  if (blob.size() < kHeaderSize || load_cell(base + kMagic) != kMagicValue) {
    return fail(Errc::kBadMessage);
  }
  // A loader may count room for changes, more of it than `blob` covers; the blocks decide.
  const std::uint32_t claimed = load_cell(base + kTotalSize);
  const auto total = static_cast<std::uint32_t>(claimed < blob.size() ? claimed : blob.size());
  if (total < kHeaderSize || load_cell(base + kVersion) < kOurVersion ||
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
  for (const std::uint32_t end :
       {tree.structure_ + tree.structure_size_, tree.strings_ + tree.strings_size_}) {
    if (end > tree.used_size_) tree.used_size_ = end;
  }
  TRY(tree.build_index(records));
  return tree;
}

Result<void> Tree::build_index(std::span<NodeRecord> records) {
  const std::byte* const block = structure(0);
  const std::byte* const end = block + structure_size_;
  const std::uint32_t strings_size = strings_size_;
  NodeRecord* const first = records.data();
  NodeRecord* const limit = first + (records.size() < 0xffff ? records.size() : 0xffff);
  NodeRecord* next = first;
  NodeRecord* current = nullptr;  // null outside the root
  bool properties_allowed = false;
  Notes notes{string_at(0)};

  // The block's size is a multiple of 4, and so is every step: where something
  // is left, a cell is.
  for (const std::byte* at = block; at != end;) {
    const std::byte* const token = at;
    const std::uint32_t kind = load_cell(token);
    at += 4;
    if (kind == kProperty) {
      // Properties come before child nodes (§5.4.2).
      if (!properties_allowed || end - at < 8) return fail(Errc::kBadMessage);
      const std::uint32_t size = load_cell(at);
      const std::uint32_t name = load_cell(at + 4);
      at += 8;
      // What fits also fits with its padding.
      if (name >= strings_size || size > static_cast<std::size_t>(end - at)) {
        return fail(Errc::kBadMessage);
      }
      if (notes.may_keep(name, size)) {
        notes.keep(*current, name, static_cast<std::uint32_t>(token - block), {at, size});
      }
      at += align_cell(size);
    } else if (kind == kBeginNode) {
      if (current == nullptr && next != first) return fail(Errc::kBadMessage);
      if (next == limit) return fail(Errc::kNoSpace);
      next->name = static_cast<std::uint32_t>(at - block);
      std::uint32_t word = 0;
      do {
        if (at == end) return fail(Errc::kBadMessage);
        word = load_cell(at);
        at += 4;
        // Until some byte of `word` is zero.
      } while (((word - 0x01010101U) & ~word & 0x80808080U) == 0);
      next->properties = static_cast<std::uint32_t>(at - block);
      next->compatible = 0;
      next->phandle = 0;
      next->parent = static_cast<std::uint16_t>(current == nullptr ? 0 : current - first);
      next->is_memory = false;
      current = next++;
      properties_allowed = true;
    } else if (kind == kEndNode) {
      if (current == nullptr) return fail(Errc::kBadMessage);
      current->subtree_end = static_cast<std::uint16_t>(next - first);
      current = current == first ? nullptr : first + current->parent;
      properties_allowed = false;
    } else if (kind == kEnd) {
      if (current != nullptr || next == first) return fail(Errc::kBadMessage);
      records_ = first;
      node_count_ = static_cast<std::uint16_t>(next - first);
      return {};
    } else if (kind != kNop) {
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

std::span<const std::byte> Tree::value_at(std::uint32_t offset) const {
  const std::byte* const token = structure(offset);
  return {token + kPropertyHeader, load_cell(token + 4)};
}

}  // namespace atl::device_tree
