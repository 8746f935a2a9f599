// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/tree.hpp>

#include <cmath>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <vector>

namespace {

class Item {
 public:
  explicit Item(int key, int serial = 0) : key_(key), serial_(serial) {}
  [[nodiscard]] int key() const { return key_; }
  [[nodiscard]] int serial() const { return serial_; }

  struct Before {
    bool operator()(const Item& a, const Item& b) const { return a.key_ < b.key_; }
    bool operator()(const Item& a, int key) const { return a.key_ < key; }
    bool operator()(int key, const Item& b) const { return key < b.key_; }
  };

 private:
  int key_;
  int serial_;
  atl::TreeHook hook_;

 public:
  using Tree = atl::Tree<Item, &Item::hook_, Before>;
};

/// The keys in order, walked in both directions.
std::vector<int> keys(const Item::Tree& tree) {
  std::vector<int> forward, backward;
  for (Item* at = tree.first(); at != nullptr; at = Item::Tree::next(*at)) {
    forward.push_back(at->key());
  }
  for (Item* at = tree.last(); at != nullptr; at = Item::Tree::previous(*at)) {
    backward.insert(backward.begin(), at->key());
  }
  EXPECT_EQ(forward, backward);
  return forward;
}

void empty(Item::Tree& tree) {
  while (Item* first = tree.first()) tree.remove(*first);
}

/// Checks links, heights and balance below `node`; its height.
unsigned check(const atl::detail::TreeNode* node, const atl::detail::TreeNode* parent) {
  if (node == nullptr) return 0;
  EXPECT_EQ(node->parent, parent);
  const unsigned before = check(node->child[0], node);
  const unsigned after = check(node->child[1], node);
  EXPECT_LE(before, after + 1);
  EXPECT_LE(after, before + 1);
  EXPECT_EQ(node->height, std::max(before, after) + 1);
  return node->height;
}

TEST(TreeTest, an_empty_tree_finds_nothing) {
  const Item::Tree tree;
  EXPECT_TRUE(tree.empty());
  EXPECT_EQ(tree.first(), nullptr);
  EXPECT_EQ(tree.last(), nullptr);
  EXPECT_EQ(tree.lower_bound(1), nullptr);
  EXPECT_EQ(tree.upper_bound(1), nullptr);
}

TEST(TreeTest, equal_elements_keep_the_order_in_which_they_came) {
  Item::Tree tree;
  std::vector<std::unique_ptr<Item>> items;
  for (int i = 0; i < 100; ++i) {
    items.push_back(std::make_unique<Item>(i % 3, i));
    tree.insert(*items.back());
  }
  int last_key = -1;
  int last_serial = -1;
  for (Item* at = tree.first(); at != nullptr; at = Item::Tree::next(*at)) {
    if (at->key() == last_key) {
      EXPECT_GT(at->serial(), last_serial);
    }
    last_key = at->key();
    last_serial = at->serial();
  }
  EXPECT_EQ(tree.lower_bound(1)->serial(), 1);
  EXPECT_EQ(tree.upper_bound(0)->serial(), 1);
  empty(tree);
}

TEST(TreeTest, agrees_with_the_library_over_random_changes) {
  std::mt19937 random{2};
  std::vector<std::unique_ptr<Item>> items;
  for (int i = 0; i < 300; ++i)
    items.push_back(std::make_unique<Item>(static_cast<int>(random() % 200)));
  std::vector<bool> inside(items.size());
  Item::Tree tree;
  std::multiset<int> model;
  for (int step = 0; step < 20000; ++step) {
    const std::size_t which = random() % items.size();
    Item& item = *items[which];
    if (inside[which]) {
      tree.remove(item);
      model.erase(model.find(item.key()));
    } else {
      tree.insert(item);
      model.insert(item.key());
    }
    inside[which] = !inside[which];
    const int key = static_cast<int>(random() % 220) - 10;
    const auto lower = model.lower_bound(key);
    const auto upper = model.upper_bound(key);
    const Item* found = tree.lower_bound(key);
    ASSERT_EQ(found == nullptr, lower == model.end());
    if (found != nullptr) {
      ASSERT_EQ(found->key(), *lower);
    }
    found = tree.upper_bound(key);
    ASSERT_EQ(found == nullptr, upper == model.end());
    if (found != nullptr) {
      ASSERT_EQ(found->key(), *upper);
    }
    if (step % 100 == 0) {
      ASSERT_EQ(keys(tree), (std::vector<int>{model.begin(), model.end()}));
    }
  }
  empty(tree);
  EXPECT_TRUE(tree.empty());
}

struct Node : atl::detail::TreeNode {};

TEST(TreeTest, stays_balanced_for_sorted_and_random_orders) {
  using atl::detail::TreeNode;
  for (const bool sorted : {true, false}) {
    constexpr unsigned kNodes = 1000;
    std::vector<std::unique_ptr<Node>> nodes;
    for (unsigned i = 0; i < kNodes; ++i) nodes.push_back(std::make_unique<Node>());
    std::mt19937 random{3};
    TreeNode* root = nullptr;
    for (auto& node : nodes) {
      TreeNode* parent = nullptr;
      unsigned side = 0;
      for (TreeNode* at = root; at != nullptr; at = at->child[side]) {
        parent = at;
        side = sorted ? 1 : random() % 2;
      }
      atl::detail::tree_insert(root, parent, side, *node);
      check(root, nullptr);
    }
    EXPECT_LE(root->height, 1.44 * std::log2(kNodes + 2));
    std::shuffle(nodes.begin(), nodes.end(), random);
    for (auto& node : nodes) {
      atl::detail::tree_remove(root, *node);
      EXPECT_EQ(node->height, 0u);
      check(root, nullptr);
    }
    EXPECT_EQ(root, nullptr);
  }
}

TEST(TreeDeathTest, misuse_is_asserted) {
  Item::Tree tree;
  auto item = std::make_unique<Item>(1);
  EXPECT_DEATH(tree.remove(*item), "assertion failed");
  tree.insert(*item);
  EXPECT_DEATH(tree.insert(*item), "assertion failed");
  EXPECT_DEATH(item.reset(), "linked");
  tree.remove(*item);
}

}  // namespace
