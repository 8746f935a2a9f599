// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "section.hpp"

#include <any>
#include <array>
#include <cstdint>
#include <limits>
#include <list>
#include <memory>
#include <memory_resource>
#include <new>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace {

struct Counted : std::enable_shared_from_this<Counted> {
  Counted() { ++alive; }
  ~Counted() { --alive; }
  static inline int alive = 0;
};

struct alignas(256) Aligned {
  char bytes[300];
};

/// Takes all memory that there is, and gives it back as it is left.
std::size_t exhaust() {
  std::list<std::vector<char>> all;
  std::size_t taken = 0;
  for (std::size_t size = 1 << 20; size > 256;) {
    try {
      all.emplace_back(size);
      taken += size;
    } catch (const std::bad_alloc&) {
      size /= 2;
    }
    if (taken > std::size_t{1} << 28) break;  // enough, where there is more than a machine's
  }
  return taken;
}

}  // namespace

void memory() {
  auto shared = std::make_shared<Counted>();
  std::weak_ptr<Counted> weak = shared;
  auto same = shared->shared_from_this();
  std::cout << Counted::alive << ' ' << shared.use_count() << ' ' << weak.expired() << '\n';
  shared.reset();
  same.reset();
  std::cout << Counted::alive << ' ' << weak.expired() << '\n';
  const std::unique_ptr<int, void (*)(int*)> owned{new int(3), [](int* number) {
                                                     std::cout << "deleted " << *number << '\n';
                                                     delete number;
                                                   }};
  const auto aligned = std::make_unique<Aligned[]>(3);
  std::cout << reinterpret_cast<std::uintptr_t>(aligned.get()) % 256 << '\n';

  std::array<std::byte, 1024> room;
  std::pmr::monotonic_buffer_resource arena{room.data(), room.size(),
                                            std::pmr::null_memory_resource()};
  std::pmr::vector<std::pmr::string> names{&arena};
  try {
    for (int i = 0; i < 100; ++i)
      names.emplace_back("a name that is too long for the object itself");
  } catch (const std::bad_alloc& error) {
    std::cout << "arena: " << error.what() << ' ' << (names.size() > 3) << '\n';
  }
  std::pmr::unsynchronized_pool_resource pool;
  std::pmr::list<int> pooled{{1, 2, 3}, &pool};
  std::pmr::synchronized_pool_resource locked;
  std::pmr::vector<int> in_pool{{4, 5}, &locked};
  std::cout << pooled.size() << in_pool.size() << '\n';

  std::variant<int, std::string, double> one = "text";
  std::cout << one.index() << ' '
            << std::visit([](const auto& value) { return sizeof value > 16; }, one) << '\n';
  std::optional<std::string> maybe = "some";
  std::cout << maybe.value_or("none") << '\n';
  std::cout << (exhaust() > (1U << 20)) << '\n';
  std::cout << "and lives on: " << std::string(100, 'x').size() << '\n';
}
