// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/assert.hpp>
#include <atoll/list.hpp>
#include <cstdint>

namespace atl {

namespace detail {

/// A node of an AVL tree; the shape is kept by functions that know no type, so
/// that an image holds them once.
struct TreeNode {
  TreeNode* parent = nullptr;
  TreeNode* child[2] = {};   // [0] comes before, [1] after
  std::uint32_t height = 0;  // 0: in no tree; a leaf has 1

  constexpr TreeNode() = default;
  TreeNode(const TreeNode&) = delete;
  TreeNode& operator=(const TreeNode&) = delete;
};

/// Hangs `node` into the empty place at `parent` (null: the root) and balances.
void tree_insert(TreeNode*& root, TreeNode* parent, unsigned side, TreeNode& node);
void tree_remove(TreeNode*& root, TreeNode& node);
/// The outermost node on `side`, null in an empty tree.
TreeNode* tree_end(TreeNode* root, unsigned side);
/// The next node in the direction of `side`, null at the end.
TreeNode* tree_neighbour(TreeNode& node, unsigned side);

}  // namespace detail

/// What an object carries in order to be in one Tree at a time; asserted
/// unlinked at destruction, like ListHook.
class TreeHook : private detail::TreeNode {
 public:
  constexpr TreeHook() = default;
  ~TreeHook() { ATOLL_ASSERT(!linked()); }

  [[nodiscard]] bool linked() const { return height != 0; }

 private:
  template <typename T, TreeHook T::*Hook, typename Before>
  friend class Tree;
};

/// Objects in order, neither owned nor copied: insert, remove and search in
/// O(log n), at worst 1.44 log2(n) levels. `Before` is a stateless ordering:
/// `bool operator()(const T&, const T&)`, and for searches by key also (const T&,
/// const Key&) and (const Key&, const T&). Equal elements keep the order in
/// which they came. What the order depends on must not change while linked.
///
/// Any context; takes no lock. A tree that is destroyed forgets its objects.
template <typename T, TreeHook T::*Hook, typename Before>
class Tree {
  using Node = detail::TreeNode;

 public:
  constexpr Tree() = default;
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  [[nodiscard]] bool empty() const { return root_ == nullptr; }

  void insert(T& element) {
    ATOLL_ASSERT(!(element.*Hook).linked());
    Node* parent = nullptr;
    unsigned side = 0;
    for (Node* at = root_; at != nullptr; at = at->child[side]) {
      parent = at;
      side = Before{}(element, *object(at)) ? 0 : 1;
    }
    detail::tree_insert(root_, parent, side, element.*Hook);
  }

  /// Takes `element`, which is in this tree, out of it.
  void remove(T& element) {
    ATOLL_ASSERT((element.*Hook).linked());
    detail::tree_remove(root_, element.*Hook);
  }

  /// The outermost elements; null in an empty tree. O(log n).
  [[nodiscard]] T* first() const { return object(detail::tree_end(root_, 0)); }
  [[nodiscard]] T* last() const { return object(detail::tree_end(root_, 1)); }

  /// The neighbours of `element`; null at the ends. O(1) amortised.
  [[nodiscard]] static T* next(T& element) {
    return object(detail::tree_neighbour(element.*Hook, 1));
  }
  [[nodiscard]] static T* previous(T& element) {
    return object(detail::tree_neighbour(element.*Hook, 0));
  }

  /// The first element that is not before `key`; null where all are.
  template <typename Key>
  [[nodiscard]] T* lower_bound(const Key& key) const {
    Node* found = nullptr;
    for (Node* at = root_; at != nullptr;) {
      const bool is_before = Before{}(*object(at), key);
      if (!is_before) found = at;
      at = at->child[is_before ? 1 : 0];
    }
    return object(found);
  }

  /// The first element after `key`; null where there is none.
  template <typename Key>
  [[nodiscard]] T* upper_bound(const Key& key) const {
    Node* found = nullptr;
    for (Node* at = root_; at != nullptr;) {
      const bool is_after = Before{}(key, *object(at));
      if (is_after) found = at;
      at = at->child[is_after ? 0 : 1];
    }
    return object(found);
  }

 private:
  static T* object(Node* node) {
    if (node == nullptr) return nullptr;
    return detail::object_of<T, TreeHook, Hook>(static_cast<TreeHook*>(node));
  }

  Node* root_ = nullptr;
};

}  // namespace atl
