// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/device_tree_node.hpp>

#include "bytes.hpp"

namespace atl::device_tree {

using namespace std::string_view_literals;

Result<std::uint32_t> Property::u32() const {
  if (value.size() != 4) return fail(Errc::kBadMessage);
  return load_cell(value.data());
}

Result<std::uint64_t> Property::u64() const {
  if (value.size() != 8) return fail(Errc::kBadMessage);
  return load_cells(value.data(), 2);
}

Result<std::uint32_t> Property::cell(std::size_t index) const {
  if (index >= value.size() / 4) return fail(Errc::kOutOfRange);
  return load_cell(value.data() + index * 4);
}

Result<std::string_view> Property::string(std::size_t index) const {
  const char* const text = reinterpret_cast<const char*>(value.data());
  std::size_t start = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (text[i] != '\0') continue;
    if (index-- == 0) return std::string_view{text + start, i - start};
    start = i + 1;
  }
  return fail(start == value.size() ? Errc::kNoEntry : Errc::kBadMessage);
}

std::uint32_t Node::phandle() const { return tree_->record(index_).phandle; }

Node Node::parent() const { return {*tree_, tree_->record(index_).parent}; }

Property Node::property(std::string_view name) const {
  const std::byte* token = tree_->structure(tree_->record(index_).properties);
  const char* const strings = tree_->string_at(0);
  const char first = name.front();
  for (;;) {
    const std::uint32_t kind = load_cell(token);
    if (kind == kProperty) {
      const std::uint32_t size = load_cell(token + 4);
      const char* const text = strings + load_cell(token + 8);
      token += kPropertyHeader;
      if (*text == first && is_text(text, name)) return {{token, size}};
      token += align_cell(size);
    } else if (kind == kNop) {
      token += 4;
    } else {
      return {};
    }
  }
}

Result<std::uint32_t> Node::u32(std::string_view name) const {
  const auto found = property(name);
  if (!found) return fail(Errc::kNoEntry);
  return found.u32();
}

Result<std::string_view> Node::string(std::string_view name) const {
  const auto found = property(name);
  if (!found) return fail(Errc::kNoEntry);
  return found.string();
}

Property Node::compatible() const {
  const std::uint32_t offset = tree_->record(index_).compatible;
  if (offset == 0) return {};
  return {tree_->value_at(offset)};
}

bool Node::is_compatible(std::string_view identity) const {
  const Property list = compatible();
  for (std::size_t i = 0;; ++i) {
    const auto candidate = list.string(i);
    if (!candidate.ok()) return false;
    if (candidate.value() == identity) return true;
  }
}

bool Node::enabled() const {
  const auto status = property("status"sv);
  if (!status) return true;
  const auto text = status.string();
  return text.ok() && (text.value() == "okay"sv || text.value() == "ok"sv);
}

Node::Children Node::children() const {
  return {*tree_, static_cast<std::uint16_t>(index_ + 1), tree_->record(index_).subtree_end};
}

namespace {

/// Takes off the front of `path` what stands before the first '/'.
std::string_view take_component(std::string_view& path) {
  std::size_t size = 0;
  while (size < path.size() && path[size] != '/') ++size;
  const std::string_view component{path.data(), size};
  path.remove_prefix(size);
  return component;
}

/// Whether a component of a path names the node called `name`: in full, or
/// without the unit address.
bool names(std::string_view component, const char* name) {
  bool with_unit = false;
  for (const char c : component) {
    if (*name++ != c) return false;
    with_unit |= c == '@';
  }
  return *name == '\0' || (*name == '@' && !with_unit);
}

std::optional<Node> child_named(Node node, std::string_view component) {
  for (const Node child : node.children()) {
    if (names(component, child.name_text())) return child;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Node> Tree::find(std::string_view path) const {
  if (path.empty()) return std::nullopt;
  std::optional<Node> node = root();
  if (path.front() != '/') {
    const auto aliases = child_named(*node, "aliases"sv);
    if (!aliases) return std::nullopt;
    const auto target = aliases->string(take_component(path));
    // An alias is a full path (§3.3): no alias of an alias, so no loop.
    if (!target.ok() || !target.value().starts_with('/')) return std::nullopt;
    node = find(target.value());
  }
  while (node && !path.empty()) {
    path.remove_prefix(1);
    // "/" alone is the root.
    if (!path.empty()) node = child_named(*node, take_component(path));
  }
  return node;
}

std::optional<Node> Tree::by_phandle(std::uint32_t phandle) const {
  // §2.3.3: 0 and the all-ones value name no node.
  if (phandle == 0 || phandle == 0xffffffff) return std::nullopt;
  for (std::uint16_t i = 0; i < node_count_; ++i) {
    if (records_[i].phandle == phandle) return node(i);
  }
  return std::nullopt;
}

std::optional<Node> Tree::next_compatible(std::string_view identity, std::uint16_t first) const {
  for (std::uint16_t i = first; i < node_count_; ++i) {
    if (node(i).is_compatible(identity)) return node(i);
  }
  return std::nullopt;
}

}  // namespace atl::device_tree
