// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// The input is a number's text, read in each format beside the host's C library.
#include <string>

#include "../../../lib/libc_newlib_strtold/tests/host_formats.hpp"
#include "../expect.hpp"
#include "../input.hpp"

namespace {

using namespace atl::floating;

template <typename F>
void compare(const std::string& text) {
  const char* const problem = difference_from_host<F>(text);
  if (problem != nullptr) std::fprintf(stderr, "%s\n", problem);
  FUZZ_EXPECT(problem == nullptr);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Input input{data, size};
  const std::string text{input.text().substr(0, input.text().find('\0'))};
  compare<Binary64>(text);
#if LDBL_MANT_DIG == 64
  compare<X87Extended>(text);
#endif
  compare<Binary128>(text);
  return 0;
}
