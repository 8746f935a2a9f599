// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/format.hpp>
#include <atoll/shutdown.hpp>

// The linker script's bounds of .note.gnu.build-id.
extern "C" const unsigned char __build_id_start[];
extern "C" const unsigned char __build_id_end[];

namespace atl::shutdown {
namespace {

// An ELF note: three words (sizes of name and descriptor, type), the name
// "GNU" with its NUL, the descriptor (System V ABI, Note Section).
constexpr std::size_t kHeaderBytes = 16;
constexpr std::size_t kMaxIdBytes = 32;

}  // namespace

std::string_view build_id() {
  static constinit std::array<char, 2 * kMaxIdBytes + 1> room{};
  TextWriter id{room};
  for (const unsigned char* at = __build_id_start + kHeaderBytes; at < __build_id_end; ++at) {
    id.hex(*at, 2);
  }
  if (id.view().empty()) id.character('0');
  return id.view();
}

}  // namespace atl::shutdown
