// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "monitor_words.hpp"

#include <cstddef>

namespace atl::command_line {
namespace {

// QEMU's microvm appends the first; the others are in every guide and template.
constexpr char kAnywhere[] =
    "virtio_mmio.device=\0"
    "console=\0"
    "root=\0"
    "panic=\0"
    "reboot=\0"
    "pci=\0"
    "earlyprintk\0"
    "earlyprintk=\0"
    "earlycon\0"
    "earlycon=\0";

// Firecracker's default line, and what it adds for a root device.
constexpr char kBeforeArguments[] =
    "ro\0"
    "rw\0"
    "quiet\0"
    "nomodule\0"
    "nomodules\0"
    "rootfstype=\0"
    "swiotlb=\0"
    "i8042.\0"
    "8250.\0";

}  // namespace

bool is_listed(std::string_view word, std::string_view list) {
  while (!list.empty()) {
    const std::size_t size = list.find('\0');
    const std::string_view entry{list.data(), size};
    const bool prefix = entry.back() == '=' || entry.back() == '.';
    if (prefix ? word.starts_with(entry) : word == entry) return true;
    list.remove_prefix(size + 1);
  }
  return false;
}

bool is_monitor_word(std::string_view word, bool in_arguments) {
  return is_listed(word, {kAnywhere, sizeof kAnywhere - 1}) ||
         (!in_arguments && is_listed(word, {kBeforeArguments, sizeof kBeforeArguments - 1}));
}

}  // namespace atl::command_line
