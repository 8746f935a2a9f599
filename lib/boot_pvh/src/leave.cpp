// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot_pvh/address_space.hpp>
#include <atoll/boot_pvh/entry.hpp>

// entry.S.
extern "C" {
[[noreturn]] void atoll_pvh_leave(std::uint64_t root, std::uint64_t root_index,
                                  std::uint64_t target, std::uint64_t stack_top,
                                  std::uint64_t function, std::uint64_t argument);
#pragma GCC visibility push(hidden)
extern std::byte atoll_pvh_arrive[];
#pragma GCC visibility pop
}

namespace atl::boot_pvh {

void leave_load_address(const AddressSpace& space, void (*start)(void*), void* argument) {
  constexpr unsigned kRootShift = 39;
  const auto moved = [&](const volatile void* address) {
    return (space.image + (VirtAddr::of(address) - VirtAddr::of(__image_start))).value();
  };
  atoll_pvh_leave(space.root.value(), space.image.value() >> kRootShift & 511,
                  moved(atoll_pvh_arrive), space.boot_stack_top.value(),
                  moved(reinterpret_cast<void*>(start)), moved(argument));
}

}  // namespace atl::boot_pvh
