// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// A flattened device tree (Devicetree Specification v0.4, chapter 5), read in
/// place through an index that one pass over its structure block builds.
///
/// Nothing here allocates, waits or keeps state: any context. Views and handles
/// live as long as the blob and the index memory do. A blob is hostile until
/// Tree::create() has accepted it; after that every offset in it is known to
/// lie inside, and what a property holds is checked where it is read.
namespace atl::device_tree {

class Tree;

/// The bytes of one property, in the blob; false where a node has none of the name.
/// Two words, so that it travels in registers.
struct Property {
  std::span<const std::byte> value;

  explicit operator bool() const { return value.data() != nullptr; }

  /// The value as one big-endian number. kBadMessage unless it has exactly
  /// that size (§2.2.4 <u32>, <u64>).
  [[nodiscard]] Result<std::uint32_t> u32() const;
  [[nodiscard]] Result<std::uint64_t> u64() const;
  /// Number `index` of an array of cells. kOutOfRange beyond the end.
  [[nodiscard]] Result<std::uint32_t> cell(std::size_t index) const;
  /// String `index` of a <stringlist>, without its NUL. kNoEntry beyond the
  /// last; kBadMessage when the list does not end in a NUL.
  [[nodiscard]] Result<std::string_view> string(std::size_t index = 0) const;
};

/// What the index keeps per node; filled by Tree::create().
struct NodeRecord {
  std::uint32_t name;         ///< offsets into the structure block: of the name,
  std::uint32_t properties;   ///< of the first token behind it,
  std::uint32_t compatible;   ///< of the token of `compatible`, 0 without one
  std::uint32_t phandle;      ///< 0 without one
  std::uint16_t parent;       ///< the root is its own
  std::uint16_t subtree_end;  ///< the first record behind this node's descendants
  bool is_memory;             ///< device_type is "memory" (§3.4)
};

/// Cells that a bus uses for its children's addresses and sizes (§2.3.5), each
/// at most 2.
struct BusCells {
  std::uint32_t address;
  std::uint32_t size;
};

struct Interrupt;

/// A node; a small handle, to be passed by value.
class Node {
 public:
  Node(const Tree& tree, std::uint16_t index) : tree_(&tree), index_(index) {}

  /// With its unit address ("pl011@9000000"); empty for the root.
  [[nodiscard]] std::string_view name() const { return name_text(); }
  /// The same, ending in a NUL: to compare names without measuring them first.
  [[nodiscard]] const char* name_text() const;
  /// Its place in the index: a parent's is below its children's.
  [[nodiscard]] std::uint16_t index() const { return index_; }
  /// 0 without one.
  [[nodiscard]] std::uint32_t phandle() const;
  [[nodiscard]] bool is_root() const { return index_ == 0; }
  /// The root's parent is the root.
  [[nodiscard]] Node parent() const;
  bool operator==(const Node&) const = default;

  /// Linear in this node's properties; so are the functions below.
  [[nodiscard]] Property property(std::string_view name) const;
  /// kNoEntry without the property, else as Property's.
  [[nodiscard]] Result<std::uint32_t> u32(std::string_view name) const;
  [[nodiscard]] Result<std::string_view> string(std::string_view name) const;

  /// `compatible`'s strings, most specific first; empty without them.
  [[nodiscard]] Property compatible() const;
  [[nodiscard]] bool is_compatible(std::string_view identity) const;
  /// status is absent, "okay" or "ok" (§2.3.4).
  [[nodiscard]] bool enabled() const;

  /// Entry `index` of `reg` (§2.3.6), translated through the `ranges` of every
  /// bus above (§2.3.8) to a physical address.
  /// kNoEntry: no such property or entry. kNotSupported: a bus on the way has
  /// no `ranges`, does not map it, or has more than two cells of address or
  /// size. kBadMessage: sizes that do not fit, or a range that wraps.
  [[nodiscard]] Result<PhysRange> reg(std::size_t index) const;

  /// Interrupt number `index`: of `interrupts-extended` where there is one,
  /// else of `interrupts` with the nearest interrupt parent (§2.4.1).
  /// kNoEntry: no such property or entry. kBadMessage: no controller, or cells
  /// that do not fit its #interrupt-cells (1 to 4).
  [[nodiscard]] Result<Interrupt> interrupt(std::size_t index) const;
  /// The node that the interrupts of this one go to, whether or not it has any.
  [[nodiscard]] std::optional<Node> interrupt_parent() const;

  class Children;
  [[nodiscard]] Children children() const;

 private:
  /// kBadMessage, or kNotSupported for more than two.
  [[nodiscard]] Result<BusCells> bus_cells() const;

  const Tree* tree_;
  std::uint16_t index_;
};

/// An interrupt as its controller's binding encodes it (§2.4.1.1).
struct Interrupt {
  Node controller;
  std::array<std::uint32_t, 4> cells;
  std::size_t count;
};

/// `for (Node child : node.children())`, in the blob's order.
class Node::Children {
 public:
  class Iterator {
   public:
    Iterator(const Tree& tree, std::uint16_t index) : tree_(&tree), index_(index) {}
    Node operator*() const { return {*tree_, index_}; }
    Iterator& operator++();
    bool operator==(const Iterator&) const = default;

   private:
    const Tree* tree_;
    std::uint16_t index_;
  };

  Children(const Tree& tree, std::uint16_t first, std::uint16_t end)
      : tree_(&tree), first_(first), end_(end) {}
  [[nodiscard]] Iterator begin() const { return {*tree_, first_}; }
  [[nodiscard]] Iterator end() const { return {*tree_, end_}; }

 private:
  const Tree* tree_;
  std::uint16_t first_;
  std::uint16_t end_;
};

/// A checked blob with its index.
class Tree {
 public:
  /// Checks `blob` and indexes it into `records`, both of which must outlive
  /// the tree. One pass over the structure block. `blob` may be longer than
  /// the tree's own idea of its size.
  ///
  /// kInvalidArgument: `blob` is not 8-byte aligned (§5.6). kBadMessage:
  /// malformed, or a version that does not say it can be read as 17 (§5.2).
  /// kNoSpace: more nodes than `records`.
  static Result<Tree> create(std::span<const std::byte> blob, std::span<NodeRecord> records);

  /// The same tree where blob and index are seen at other addresses: after the
  /// image has moved.
  [[nodiscard]] Tree moved_to(const std::byte* blob, const NodeRecord* records) const;

  [[nodiscard]] Node root() const { return {*this, 0}; }
  [[nodiscard]] std::uint16_t node_count() const { return node_count_; }
  /// `index` below node_count().
  [[nodiscard]] Node node(std::uint16_t index) const { return {*this, index}; }

  /// By full path ("/soc/uart@1000") or one that begins with an alias
  /// ("serial0"); a component without unit address names the first match
  /// (§2.2.3, §3.3).
  [[nodiscard]] std::optional<Node> find(std::string_view path) const;
  [[nodiscard]] std::optional<Node> by_phandle(std::uint32_t phandle) const;
  /// The first node from `first` on that is compatible with `identity`.
  [[nodiscard]] std::optional<Node> next_compatible(std::string_view identity,
                                                    std::uint16_t first = 0) const;

  /// Entry `index` of the memory reservation block (§5.3); empty behind the
  /// last.
  [[nodiscard]] std::optional<PhysRange> reservation(std::size_t index) const;
  /// Bytes from the blob's start to the end of its last block.
  [[nodiscard]] std::uint32_t used_size() const { return used_size_; }

 private:
  friend class Node;
  friend class Node::Children::Iterator;

  Tree() = default;
  Result<void> build_index(std::span<NodeRecord> records);
  [[nodiscard]] const NodeRecord& record(std::uint16_t index) const { return records_[index]; }
  [[nodiscard]] const std::byte* structure(std::uint32_t offset) const {
    return blob_ + structure_ + offset;
  }
  [[nodiscard]] const char* string_at(std::uint32_t offset) const {
    return reinterpret_cast<const char*>(blob_ + strings_ + offset);
  }
  /// Of the property whose token is at `offset` of the structure block.
  [[nodiscard]] std::span<const std::byte> value_at(std::uint32_t offset) const;

  const std::byte* blob_ = nullptr;
  const NodeRecord* records_ = nullptr;
  std::uint32_t structure_ = 0;
  std::uint32_t structure_size_ = 0;
  std::uint32_t strings_ = 0;
  std::uint32_t strings_size_ = 0;
  std::uint32_t reservations_ = 0;
  std::uint32_t reservation_count_ = 0;
  std::uint32_t used_size_ = 0;
  std::uint16_t node_count_ = 0;
};

inline const char* Node::name_text() const {
  return reinterpret_cast<const char*>(tree_->structure(tree_->record(index_).name));
}

inline Node::Children::Iterator& Node::Children::Iterator::operator++() {
  index_ = tree_->record(index_).subtree_end;
  return *this;
}

}  // namespace atl::device_tree
