// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>
#include <cstddef>
#include <cstdint>

/// What image.ld defines. Hidden, so that each is reached relative to the
/// program counter, before relocation too.
#pragma GCC visibility push(hidden)
extern "C" {
extern std::byte __image_start[];
extern std::byte __text_end[];      // code: [__image_start, __text_end)
extern std::byte __rodata_start[];  // constants, relocated ones included
extern std::byte __rodata_end[];
extern std::byte __data_start[];
extern std::byte __boot_tables_start[];
extern std::byte __boot_identity_root[];  // the last page of the tables
extern std::byte __build_id_start[];
extern std::byte __build_id_end[];
}
#pragma GCC visibility pop
