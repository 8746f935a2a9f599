// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// A parser with a defect, which `make fuzz TARGET=planted` must find within
// seconds. Not one of the targets: it proves that the others could fail.
#include "../expect.hpp"
#include "../input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Input input{data, size};
  constexpr std::string_view kMagic = "boom";
  if (!input.text().starts_with(kMagic)) return 0;
  // The length that the input claims is not checked against its size.
  const std::size_t claimed = input.text().size() > 4 ? input.text().data()[4] & 0x7f : 0;
  unsigned sum = 0;
  for (std::size_t i = 0; i < claimed; ++i) sum += std::to_integer<unsigned>(input.bytes()[5 + i]);
  FUZZ_EXPECT(sum != 0xffff'ffff);
  return 0;
}
