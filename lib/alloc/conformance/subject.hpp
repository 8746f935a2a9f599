// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/alloc.hpp>
#include <cstddef>
#include <cstdint>

/// What atoll/alloc.hpp promises, as one check per "must". They know no test
/// framework, so that the same code runs on the host, in an image, and against
/// allocators that are broken on purpose.
namespace atl::alloc_conformance {

/// An allocator under test, and what was found wrong with it.
class Subject {
 public:
  /// Makes an allocator that holds nothing yet.
  using Factory = Result<Owned<Allocator>> (*)();

  Subject(Allocator& allocator, Factory another) : memory(allocator), factory(another) {}

  /// Notes the first promise that was not kept.
  bool expect(bool kept, const char* promise, unsigned line) {
    if (!kept && broken_promise == nullptr) {
      broken_promise = promise;
      broken_line = line;
    }
    return kept;
  }

  Allocator& memory;
  Factory factory;
  const char* broken_promise = nullptr;
  unsigned broken_line = 0;
};

using Check = void (*)(Subject&);

/// Ends the check where `promise` is not kept; needs a `Subject& subject`.
#define MUST(...)                                                                        \
  do {                                                                                   \
    if (!subject.expect(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __LINE__)) return; \
  } while (false)

/// A byte that tells block, place and neighbour apart.
inline unsigned char pattern(std::uint32_t tag, std::size_t index) {
  return static_cast<unsigned char>(tag * 31 + index * 7 + (index >> 8));
}

inline void fill(void* block, std::size_t size, std::uint32_t tag) {
  auto* bytes = static_cast<unsigned char*>(block);
  for (std::size_t i = 0; i != size; ++i) bytes[i] = pattern(tag, i);
}

inline bool holds(const void* block, std::size_t size, std::uint32_t tag) {
  const auto* bytes = static_cast<const unsigned char*>(block);
  for (std::size_t i = 0; i != size; ++i)
    if (bytes[i] != pattern(tag, i)) return false;
  return true;
}

inline bool is_aligned(const void* block, std::size_t alignment) {
  return (reinterpret_cast<std::uintptr_t>(block) & (alignment - 1)) == 0;
}

/// Whether [left, left + left_size) and [right, right + right_size) meet.
inline bool overlap(const void* left, std::size_t left_size, const void* right,
                    std::size_t right_size) {
  const auto a = reinterpret_cast<std::uintptr_t>(left);
  const auto b = reinterpret_cast<std::uintptr_t>(right);
  return a < b + right_size && b < a + left_size;
}

inline constexpr std::size_t kMaxAlign = alignof(std::max_align_t);

}  // namespace atl::alloc_conformance
