// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/alloc.hpp>
#include <atoll/owned.hpp>
#include <new>
#include <utility>

/// Objects on the heap. Same context as atoll/alloc.hpp.
namespace atl {

/// A T in memory of `allocator`, for destroy_in(). kNoMemory.
template <typename T, typename... Arguments>
Result<T*> make_in(Allocator& allocator, Arguments&&... arguments) {
  void* const room = allocator.allocate(sizeof(T), alignof(T));
  if (room == nullptr) [[unlikely]]
    return fail(Errc::kNoMemory);
  return ::new (room) T(std::forward<Arguments>(arguments)...);
}

/// Ends `object`, which make_in() made in `allocator`.
template <typename T>
void destroy_in(Allocator& allocator, T& object) {
  object.~T();
  allocator.free(&object);
}

/// The base of a final class whose objects make() makes: it says how
/// Owned<T> ends them. `class Connection final : public OnHeap<Connection>`.
template <typename T>
class OnHeap {
 public:
  static void destroy(T& object) { destroy_in(default_allocator(), object); }

 protected:
  constexpr OnHeap() = default;
  ~OnHeap() = default;
};

/// A T from the default allocator. kNoMemory.
template <typename T, typename... Arguments>
Result<Owned<T>> make(Arguments&&... arguments) {
  return Owned<T>{TRY(make_in<T>(default_allocator(), std::forward<Arguments>(arguments)...))};
}

}  // namespace atl
