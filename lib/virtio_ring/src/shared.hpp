// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atomic>
#include <cstdint>
#include <type_traits>

/// Words that the device reads or writes at the same time.
namespace atl::virtio {

template <typename T>
T load(const T& word) {
  return std::atomic_ref<T>{const_cast<T&>(word)}.load(std::memory_order_relaxed);
}
template <typename T>
T load_acquire(const T& word) {
  return std::atomic_ref<T>{const_cast<T&>(word)}.load(std::memory_order_acquire);
}
template <typename T>
void store(T& word, std::type_identity_t<T> value) {
  std::atomic_ref<T>{word}.store(value, std::memory_order_relaxed);
}
template <typename T>
void store_release(T& word, std::type_identity_t<T> value) {
  std::atomic_ref<T>{word}.store(value, std::memory_order_release);
}

/// Whether an index that went from `before` to `now` has gone past `event` (virtio 1.2
/// §2.7.10, vring_need_event()).
constexpr bool passes(std::uint16_t event, std::uint16_t before, std::uint16_t now) {
  return static_cast<std::uint16_t>(now - event - 1) < static_cast<std::uint16_t>(now - before);
}

}  // namespace atl::virtio
