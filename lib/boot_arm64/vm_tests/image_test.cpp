// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/vm_test.hpp>
#include <cstddef>

#pragma GCC visibility push(hidden)
extern "C" {
extern const std::byte __code_end[];
extern const std::byte __rodata_start[];
}
#pragma GCC visibility pop

namespace atl {
namespace {

VM_TEST(Arm64Image, no_constants_are_left_in_executable_pages) {
  for (const std::byte* at = __code_end; at != __rodata_start; ++at) {
    VM_ASSERT(*at == std::byte{0});
  }
}

}  // namespace
}  // namespace atl
