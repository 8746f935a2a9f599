// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot_info_entry.hpp>
#include <atoll/boot_pvh/start_info.hpp>
#include <cstddef>
#include <cstring>
#include <span>

namespace atl::boot_pvh {

namespace {

constexpr std::uint32_t kMagic = 0x336e'c578;
/// Maps of real machines have a few dozen entries; a count far above is a lie
/// that would cost a long walk.
constexpr std::uint32_t kMaxMemoryEntries = 1024;
constexpr std::uint64_t kPhysicalLimit = std::uint64_t{1} << 52;

/// struct hvm_start_info; the last two members since version 1.
struct StartInfo {
  std::uint32_t magic;
  std::uint32_t version;
  std::uint32_t flags;
  std::uint32_t module_count;
  std::uint64_t modules;
  std::uint64_t command_line;
  std::uint64_t rsdp;
  std::uint64_t memory_map;
  std::uint32_t memory_map_entries;
  std::uint32_t reserved;
};
static_assert(sizeof(StartInfo) == 56 && offsetof(StartInfo, memory_map) == 40);

/// struct hvm_modlist_entry.
struct Module {
  std::uint64_t start;
  std::uint64_t size;
  std::uint64_t command_line;
  std::uint64_t reserved;
};

/// struct hvm_memmap_table_entry; the types are those of the E820 map (ACPI
/// 6.5 §15.1).
struct MemoryEntry {
  std::uint64_t start;
  std::uint64_t size;
  std::uint32_t type;
  std::uint32_t reserved;
};
static_assert(sizeof(MemoryEntry) == 24);

constexpr std::uint32_t kTypeRam = 1;
constexpr std::uint32_t kTypeAcpi = 3;

/// The bytes [address, address + size), or null where they are not reached.
const char* reach(PhysicalWindow window, std::uint64_t address, std::uint64_t size) {
  if (address == 0 || address > window.limit || size > window.limit - address) return nullptr;
  return VirtAddr{window.offset + address}.as<const char>();
}

template <typename T>
bool load(PhysicalWindow window, std::uint64_t address, T& out) {
  const char* bytes = reach(window, address, sizeof(T));
  if (bytes != nullptr) std::memcpy(&out, bytes, sizeof(T));
  return bytes != nullptr;
}

const char* read_memory_map(const StartInfo& start, PhysicalWindow window, BootInfo& info) {
  if (start.memory_map_entries == 0) return "the loader's memory map is empty";
  if (start.memory_map_entries > kMaxMemoryEntries) return "the loader's memory map is too long";
  for (std::uint32_t i = 0; i < start.memory_map_entries; ++i) {
    MemoryEntry entry;
    if (!load(window, start.memory_map + std::uint64_t{i} * sizeof entry, entry)) {
      return "the loader's memory map is out of reach";
    }
    boot_entry::add_region(info, {PhysAddr{entry.start}, entry.size}, kind_of_e820(entry.type));
  }
  return nullptr;
}

const char* read_command_line(const StartInfo& start, PhysicalWindow window, BootInfo& info) {
  if (start.command_line == 0) return nullptr;
  const char* text = reach(window, start.command_line, 1);
  if (text == nullptr) return "the loader's command line is out of reach";
  const std::uint64_t room = window.limit - start.command_line;
  const std::uint64_t most = BootInfo::kMaxCommandLine + 1;
  boot_entry::copy_command_line(info, {text, static_cast<std::size_t>(room < most ? room : most)});
  return nullptr;
}

/// Module 0 is the RAM disk; further ones are not read.
const char* read_modules(const StartInfo& start, PhysicalWindow window, BootInfo& info) {
  if (start.module_count == 0) return nullptr;
  Module module;
  if (!load(window, start.modules, module)) return "the loader's module list is out of reach";
  if (module.start >= kPhysicalLimit || module.size > kPhysicalLimit - module.start) {
    return "the loader's RAM disk is no range of memory";
  }
  info.initial_ram_disk = {PhysAddr{module.start}, module.size};
  boot_entry::reserve(info, info.initial_ram_disk);
  return nullptr;
}

}  // namespace

MemoryKind kind_of_e820(std::uint32_t type) {
  if (type == kTypeRam) return MemoryKind::kUsable;
  return type == kTypeAcpi ? MemoryKind::kAcpi : MemoryKind::kReserved;
}

const char* read_start_info(PhysAddr address, PhysicalWindow window, BootInfo& info,
                            MemoryMap other_map) {
  StartInfo start;
  if (!load(window, address.value(), start)) return "the start info is out of reach";
  if (start.magic != kMagic) return "the start info has no magic number: not a PVH loader";
  const char* problem = nullptr;
  if (start.version != 0) {
    problem = read_memory_map(start, window, info);
  } else {
    problem = other_map == nullptr ? "the loader gave no memory map (start info version 0)"
                                   : other_map(info);
  }
  if (problem != nullptr) return problem;
  if ((problem = read_command_line(start, window, info)) != nullptr) return problem;
  if ((problem = read_modules(start, window, info)) != nullptr) return problem;
  if (start.rsdp < kPhysicalLimit) info.acpi_rsdp = PhysAddr{start.rsdp};
  return nullptr;
}

}  // namespace atl::boot_pvh
