// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/assert.hpp>
#include <atoll/pci_config.hpp>

namespace atl::pci {
namespace {

void check(std::uint16_t offset, std::size_t bytes) {
  constexpr std::uint16_t kSize = 4096;
  ATOLL_ASSERT(offset % bytes == 0 && offset < kSize);
}

}  // namespace

std::uint32_t ConfigSpace::read(Location at, std::uint16_t offset, std::size_t bytes) {
  check(offset, bytes);
  const Guard guard{lock_};
  return do_read(at, offset, bytes);
}

void ConfigSpace::write(Location at, std::uint16_t offset, std::size_t bytes, std::uint32_t value) {
  check(offset, bytes);
  const Guard guard{lock_};
  do_write(at, offset, bytes, value);
}

void ConfigSpace::change(Location at, std::uint16_t offset, std::uint16_t clear,
                         std::uint16_t set) {
  check(offset, sizeof clear);
  const Guard guard{lock_};
  const std::uint32_t value = do_read(at, offset, sizeof clear);
  do_write(at, offset, sizeof clear, (value & ~std::uint32_t{clear}) | set);
}

}  // namespace atl::pci
