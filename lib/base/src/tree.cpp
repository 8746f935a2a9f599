// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/tree.hpp>

namespace atl::detail {
namespace {

std::uint32_t height_of(const TreeNode* node) { return node == nullptr ? 0 : node->height; }

void update_height(TreeNode& node) {
  const std::uint32_t before = height_of(node.child[0]);
  const std::uint32_t after = height_of(node.child[1]);
  node.height = (before > after ? before : after) + 1;
}

/// The pointer that leads to `node`.
TreeNode*& link_to(TreeNode*& root, TreeNode& node) {
  TreeNode* const parent = node.parent;
  if (parent == nullptr) return root;
  return parent->child[parent->child[1] == &node ? 1 : 0];
}

/// Puts `replacement` (null allowed) where `node` hangs.
void replace(TreeNode*& root, TreeNode& node, TreeNode* replacement) {
  link_to(root, node) = replacement;
  if (replacement != nullptr) replacement->parent = node.parent;
}

/// Lifts node's child of `side` above it: one level up for that side.
TreeNode& lift(TreeNode*& root, TreeNode& node, unsigned side) {
  TreeNode& child = *node.child[side];
  TreeNode* const inner = child.child[1 - side];
  replace(root, node, &child);
  node.child[side] = inner;
  if (inner != nullptr) inner->parent = &node;
  child.child[1 - side] = &node;
  node.parent = &child;
  update_height(node);
  update_height(child);
  return child;
}

/// Restores heights and balance from `node` up, until nothing changes.
void balance_from(TreeNode*& root, TreeNode* node) {
  while (node != nullptr) {
    const std::uint32_t old_height = node->height;
    const std::uint32_t before = height_of(node->child[0]);
    const std::uint32_t after = height_of(node->child[1]);
    if (before > after + 1 || after > before + 1) {
      const unsigned high = after > before ? 1 : 0;
      TreeNode& child = *node->child[high];
      if (height_of(child.child[1 - high]) > height_of(child.child[high])) {
        lift(root, child, 1 - high);
      }
      node = &lift(root, *node, high);
    } else {
      update_height(*node);
    }
    if (node->height == old_height) return;
    node = node->parent;
  }
}

}  // namespace

void tree_insert(TreeNode*& root, TreeNode* parent, unsigned side, TreeNode& node) {
  node.parent = parent;
  node.child[0] = nullptr;
  node.child[1] = nullptr;
  node.height = 1;
  (parent == nullptr ? root : parent->child[side]) = &node;
  balance_from(root, parent);
}

void tree_remove(TreeNode*& root, TreeNode& node) {
  TreeNode* unbalanced = node.parent;
  if (node.child[0] == nullptr || node.child[1] == nullptr) {
    replace(root, node, node.child[node.child[0] == nullptr ? 1 : 0]);
  } else {
    // The next node has no child before it, so it can take node's place.
    TreeNode& next = *tree_end(node.child[1], 0);
    unbalanced = next.parent == &node ? &next : next.parent;
    replace(root, next, next.child[1]);
    next.child[0] = node.child[0];
    next.child[1] = node.child[1];
    next.height = node.height;
    for (TreeNode* child : next.child) {
      if (child != nullptr) child->parent = &next;
    }
    replace(root, node, &next);
  }
  node.parent = nullptr;
  node.child[0] = nullptr;
  node.child[1] = nullptr;
  node.height = 0;
  balance_from(root, unbalanced);
}

TreeNode* tree_end(TreeNode* root, unsigned side) {
  while (root != nullptr && root->child[side] != nullptr) root = root->child[side];
  return root;
}

TreeNode* tree_neighbour(TreeNode& node, unsigned side) {
  if (node.child[side] != nullptr) return tree_end(node.child[side], 1 - side);
  TreeNode* at = &node;
  while (at->parent != nullptr && at->parent->child[side] == at) at = at->parent;
  return at->parent;
}

}  // namespace atl::detail
