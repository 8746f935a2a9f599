// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/assert.hpp>
#include <bit>
#include <cstddef>

namespace atl {

namespace detail {

/// The address of the object that has `hook` as its member `Hook`. A pointer to
/// a data member is the member's offset (Itanium C++ ABI §2.3.1).
template <typename T, typename H, H T::*Hook>
T* object_of(H* hook) {
  return reinterpret_cast<T*>(reinterpret_cast<std::byte*>(hook) -
                              std::bit_cast<std::ptrdiff_t>(Hook));
}

struct ListNode {
  ListNode* next = nullptr;
  ListNode* previous = nullptr;

  constexpr ListNode() = default;
  ListNode(const ListNode&) = delete;
  ListNode& operator=(const ListNode&) = delete;

  void insert_before(ListNode& other) {
    next = &other;
    previous = other.previous;
    other.previous->next = this;
    other.previous = this;
  }
  void unlink() {
    previous->next = next;
    next->previous = previous;
    next = nullptr;
    previous = nullptr;
  }
};

}  // namespace detail

/// What an object carries in order to be in one List at a time. It must have
/// left the list when it is destroyed: asserted.
///
/// An object of static storage with a hook would need a destructor call at
/// exit, which images do not have: put such objects in a Late<T>
/// (atoll/late.hpp).
class ListHook : private detail::ListNode {
 public:
  constexpr ListHook() = default;
  ~ListHook() { ATOLL_ASSERT(!linked()); }

  [[nodiscard]] bool linked() const { return next != nullptr; }

 private:
  template <typename T, ListHook T::*Hook>
  friend class List;
};

/// A doubly linked list of objects that it neither owns nor copies. `Hook` may
/// be a private member where List<T, &T::hook_> is named inside T or a friend.
///
/// Any context; takes no lock: whoever shares a list holds one. Every
/// operation is O(1). A list that is destroyed forgets its objects, so empty it
/// before; it does not move.
template <typename T, ListHook T::*Hook>
class List {
  using Node = detail::ListNode;

 public:
  class Iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = T*;
    using reference = T&;

    constexpr Iterator() = default;
    T& operator*() const { return *List::object(node_); }
    T* operator->() const { return List::object(node_); }
    Iterator& operator++() { return node_ = node_->next, *this; }
    Iterator& operator--() { return node_ = node_->previous, *this; }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    Iterator operator--(int) {
      Iterator before = *this;
      --*this;
      return before;
    }
    bool operator==(const Iterator&) const = default;

   private:
    friend class List;
    explicit Iterator(Node* node) : node_(node) {}
    Node* node_ = nullptr;
  };

  constexpr List() { ends_.next = ends_.previous = &ends_; }
  List(const List&) = delete;
  List& operator=(const List&) = delete;

  [[nodiscard]] bool empty() const { return ends_.next == &ends_; }
  /// Null where the list is empty.
  [[nodiscard]] T* front() const { return empty() ? nullptr : object(ends_.next); }
  [[nodiscard]] T* back() const { return empty() ? nullptr : object(ends_.previous); }

  void push_back(T& element) { link(element, ends_); }
  void push_front(T& element) { link(element, *ends_.next); }
  /// Puts `element` in front of `position`, which is in this list.
  void insert_before(T& position, T& element) { link(element, node(position)); }

  /// Takes `element`, which is in this list, out of it.
  void remove(T& element) {
    ATOLL_ASSERT(contains_hook_of(element));
    node(element).unlink();
  }
  /// Takes the first element out; null where there is none.
  T* pop_front() {
    T* const first = front();
    if (first != nullptr) node(*first).unlink();
    return first;
  }

  /// Removing the element an iterator stands on ends that iterator: advance
  /// first.
  Iterator begin() const { return Iterator{ends_.next}; }
  Iterator end() const { return Iterator{const_cast<Node*>(&ends_)}; }

 private:
  static Node& node(T& element) { return element.*Hook; }
  static T* object(Node* node) {
    return detail::object_of<T, ListHook, Hook>(static_cast<ListHook*>(node));
  }
  static bool contains_hook_of(T& element) { return (element.*Hook).linked(); }
  static void link(T& element, Node& before) {
    ATOLL_ASSERT(!contains_hook_of(element));
    node(element).insert_before(before);
  }

  Node ends_;  // next: the first element, previous: the last
};

}  // namespace atl
