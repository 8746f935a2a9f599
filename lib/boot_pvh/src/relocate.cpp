// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot_pvh/address_space.hpp>
#include <atoll/boot_pvh/entry.hpp>
#include <bit>
#include <cstddef>

namespace atl::boot_pvh {

namespace {

/// Elf64_Rela (System V ABI, Relocation).
struct Relocation {
  std::uint64_t offset;
  std::uint64_t info;
  std::uint64_t addend;
};

constexpr std::uint64_t kRelative = 8;  // R_X86_64_RELATIVE

}  // namespace

#pragma GCC visibility push(hidden)
extern "C" const Relocation __rela_start[];
extern "C" const Relocation __rela_end[];
extern "C" const std::uint64_t __relr_start[];
extern "C" const std::uint64_t __relr_end[];
#pragma GCC visibility pop

namespace {

/// SHT_RELR (System V ABI, Relative Relocation Table): an even word is the
/// place of one, an odd word a bitmap of the 63 places after the last one.
void relocate_packed(std::uint64_t load_bias, std::uint64_t bias) {
  constexpr unsigned kPlacesInBitmap = 63;
  std::uint64_t* next = nullptr;
  for (const std::uint64_t* at = __relr_start; at != __relr_end; ++at) {
    if ((*at & 1) == 0) {
      next = VirtAddr{*at + load_bias}.as<std::uint64_t>();
      *next++ += bias;
      continue;
    }
    for (std::uint64_t bitmap = *at >> 1; bitmap != 0; bitmap &= bitmap - 1) {
      next[std::countr_zero(bitmap)] += bias;
    }
    next += kPlacesInBitmap;
  }
}

}  // namespace

bool relocate_image(VirtAddr image) {
  const std::uint64_t load_bias = VirtAddr::of(__image_start) - kLinkAddress;
  const std::uint64_t bias = image - kLinkAddress;
  for (const Relocation* at = __rela_start; at != __rela_end; ++at) {
    if ((at->info & 0xffff'ffff) != kRelative) return false;
    *VirtAddr{at->offset + load_bias}.as<std::uint64_t>() = at->addend + bias;
  }
  relocate_packed(load_bias, bias);
  return true;
}

}  // namespace atl::boot_pvh
