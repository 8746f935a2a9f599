// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include <atoll/errc.hpp>
#include <atoll/vm_test.hpp>
#include <cstddef>
#include <cstring>

extern "C" {
int* __errno();
long getrandom(void* out, std::size_t count, unsigned flags);
int getentropy(void* out, std::size_t count);
}

namespace posix_random_test {

using atl::Errc;

VM_TEST(PosixRandom, bytes_differ) {
  unsigned char first[32] = {};
  unsigned char second[32] = {};
  VM_ASSERT(getrandom(first, sizeof first, 0) == 32);
  VM_ASSERT(getentropy(second, sizeof second) == 0);
  VM_EXPECT(std::memcmp(first, second, sizeof first) != 0);
  VM_EXPECT_EQ(getrandom(first, 0, 0), 0);
  VM_EXPECT_EQ(getrandom(first, sizeof first, 1 | 2), 32);
}

VM_TEST(PosixRandom, what_is_refused) {
  unsigned char bytes[300];
  VM_EXPECT_EQ(getrandom(bytes, 1, 8), -1);
  VM_EXPECT_EQ(Errc{*__errno()}, Errc::kInvalidArgument);
  VM_EXPECT_EQ(getentropy(bytes, 257), -1);
  VM_EXPECT_EQ(Errc{*__errno()}, Errc::kInputOutput);
  VM_EXPECT_EQ(getentropy(bytes, 256), 0);
}

}  // namespace posix_random_test
