// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/list.hpp>

#include <list>
#include <memory>
#include <random>
#include <vector>

namespace {

class Item {
 public:
  explicit Item(int value) : value_(value) {}
  [[nodiscard]] int value() const { return value_; }

 private:
  int value_;
  atl::ListHook hook_;

 public:
  using List = atl::List<Item, &Item::hook_>;
};

std::vector<int> values(const Item::List& list) {
  std::vector<int> all;
  for (const Item& item : list) all.push_back(item.value());
  return all;
}

TEST(ListTest, an_empty_list_has_no_ends) {
  Item::List list;
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.front(), nullptr);
  EXPECT_EQ(list.back(), nullptr);
  EXPECT_EQ(list.pop_front(), nullptr);
  EXPECT_EQ(list.begin(), list.end());
}

TEST(ListTest, keeps_the_order_of_pushes_and_inserts) {
  Item::List list;
  Item a{1}, b{2}, c{3}, d{4};
  list.push_back(b);
  list.push_back(d);
  list.push_front(a);
  list.insert_before(d, c);
  EXPECT_EQ(values(list), (std::vector{1, 2, 3, 4}));
  EXPECT_EQ(list.front(), &a);
  EXPECT_EQ(list.back(), &d);
  list.remove(b);
  list.remove(d);
  EXPECT_EQ(values(list), (std::vector{1, 3}));
  EXPECT_EQ(list.pop_front(), &a);
  EXPECT_EQ(list.pop_front(), &c);
  EXPECT_TRUE(list.empty());
}

TEST(ListTest, iterates_backwards_too) {
  Item::List list;
  Item a{1}, b{2};
  list.push_back(a);
  list.push_back(b);
  auto at = list.end();
  EXPECT_EQ((--at)->value(), 2);
  EXPECT_EQ((at--)->value(), 2);
  EXPECT_EQ(at->value(), 1);
  while (list.pop_front() != nullptr) {
  }
}

TEST(ListTest, an_element_can_change_lists) {
  Item::List one, other;
  Item a{1};
  for (int i = 0; i < 3; ++i) {
    one.push_back(a);
    one.remove(a);
    other.push_back(a);
    other.remove(a);
  }
  EXPECT_TRUE(one.empty());
  EXPECT_TRUE(other.empty());
}

TEST(ListTest, agrees_with_the_library_over_random_changes) {
  std::mt19937 random{1};
  std::vector<std::unique_ptr<Item>> items;
  for (int i = 0; i < 50; ++i) items.push_back(std::make_unique<Item>(i));
  Item::List list;
  std::list<int> model;
  for (int step = 0; step < 20000; ++step) {
    Item& item = *items[random() % items.size()];
    const auto known = std::find(model.begin(), model.end(), item.value());
    if (known != model.end()) {
      list.remove(item);
      model.erase(known);
    } else if (random() % 2 == 0) {
      list.push_back(item);
      model.push_back(item.value());
    } else {
      list.push_front(item);
      model.push_front(item.value());
    }
    ASSERT_EQ(values(list), (std::vector<int>{model.begin(), model.end()}));
  }
  while (list.pop_front() != nullptr) {
  }
}

TEST(ListDeathTest, a_linked_element_must_not_be_destroyed) {
  Item::List list;
  auto item = std::make_unique<Item>(1);
  list.push_back(*item);
  EXPECT_DEATH(item.reset(), "linked");
  list.remove(*item);
}

TEST(ListDeathTest, an_element_is_in_one_list_at_a_time) {
  Item::List list, other;
  Item item{1};
  list.push_back(item);
  EXPECT_DEATH(other.push_back(item), "assertion failed");
  list.remove(item);
  EXPECT_DEATH(list.remove(item), "assertion failed");
}

}  // namespace
