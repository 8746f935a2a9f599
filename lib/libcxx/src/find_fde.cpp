// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// How libgcc's unwinder finds what it knows of a function (libgcc, unwind-dw2-fde.h). Its
// own way would ask a dynamic linker, or sort all entries in memory that it allocates while
// an exception is on its way, with a lock held; the linker has sorted them already.

#include "eh_frame_header.hpp"

// The linker script's.
extern "C" const std::byte __eh_frame_hdr[];

namespace {

/// struct dwarf_eh_bases.
struct Bases {
  void* text;
  void* data;
  void* function;
};

}  // namespace

extern "C" const void* _Unwind_Find_FDE(void* pc, Bases* bases) {
  const auto found = atl::libcxx::find_entry(__eh_frame_hdr, reinterpret_cast<std::uintptr_t>(pc));
  if (found.description == nullptr) return nullptr;
  *bases = {nullptr, nullptr, reinterpret_cast<void*>(found.function)};
  return found.description;
}
