// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include "bytes.hpp"

// The encoding of definition blocks (ACPI 6.5 §20.2), as far as stepping over
// their objects goes.
namespace atl::acpi::aml {

inline constexpr std::uint8_t kScopeOp = 0x10, kExtension = 0x5b, kRootChar = '\\';
inline constexpr std::size_t kNameSize = 4;  // of one segment, §20.2.2

// A length and the bytes that encode it (§20.2.4): the two high bits of the
// first count those behind it; without them it is 6 bits, with them 4 and 8
// more a byte. It counts itself. 0 where it leads outside.
struct Length {
  std::size_t whole = 0;
  std::size_t encoding = 0;
};
Length length_at(Bytes block, std::size_t at);

// From one object of the block to the next. What has a length and does not
// define names in the root is stepped over; anything else byte by byte, so that
// the walk may get out of step where numbers look like objects.
std::size_t next_object(Bytes block, std::size_t at);

}  // namespace atl::acpi::aml
