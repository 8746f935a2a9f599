// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/arch/boot.hpp>
#include <atoll/boot_arm64/platform.hpp>
#include <atoll/boot_info_entry.hpp>
#include <atoll/device_tree_boot.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/stack_protector.hpp>

#include <atoll/boot_arm64/image.hpp>
#include "address_space.hpp"
#include "boot_stack.hpp"
#include "failure.hpp"
#include "identity_map.hpp"

namespace atl::boot_arm64 {

// Not zeroed at boot: nothing reads a stack before it was written.
[[gnu::section(".bss.atoll_not_zeroed")]] BootStack boot_stack;

namespace {

constinit CpuLocal boot_cpu;

// Kept over the jump: the argument of start().
constinit VirtAddr console_registers;

const char* describe(Errc error) {
  switch (error) {
    case Errc::kInvalidArgument:
      return "the loader gave no device tree (x0)";
    case Errc::kNoSpace:
      return "the device tree has more nodes than DEVICE_TREE_MAX_NODES";
    case Errc::kNoData:
      return "the device tree names no memory";
    default:
      return "the device tree is malformed";
  }
}

// Spreads what the machine offers over 64 bits. (The multiplier is 2^64 divided
// by the golden ratio.)
class Mixer {
 public:
  void add(std::uint64_t value) {
    state_ = (state_ ^ value) * 0x9e37'79b9'7f4a'7c15;
    state_ ^= state_ >> 29;
  }
  [[nodiscard]] std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0;
};

std::uint64_t boot_seed(const device_tree::BootScan& scan, const BootInfo& info) {
  Mixer mixer;
  mixer.add(arch::Cpu::cycle_counter());
  mixer.add(scan.layout_seed);
  // The seed also feeds the generator of `random`: this sees a digest of it.
  for (const std::byte byte : info.random_seed()) {
    mixer.add(std::to_integer<std::uint64_t>(byte));
  }
  mixer.add(arch::Cpu::hardware_random().value_or(0));
  return mixer.value();
}

// RAM that the direct map has no place for is as good as not there.
void leave_out_unreachable(BootInfo& info) {
  for (const MemoryRegion& region : info.memory()) {
    if (region.range.end() <= PhysAddr{kPhysicalEnd}) continue;
    const PhysRange unreachable{PhysAddr{kPhysicalEnd}, ~std::uint64_t{0} - kPhysicalEnd};
    boot_entry::add_region(info, unreachable, MemoryKind::kReserved);
    return;
  }
}

// 0 where the console is no PL011.
PhysAddr find_uart(const device_tree::BootScan& scan) {
  if (scan.console.empty()) return default_uart(&scan);
  return scan.console_is_pl011 ? scan.console.start : PhysAddr{};
}

// The first code in the kernel's half, on the boot stack.
[[noreturn]] void arrive() {
  arch::Cpu::set_cpu_local(boot_cpu);
  start(console_registers);
}

}  // namespace

// Called by entry.S on the identity map, the image relocated to where it lies.
extern "C" [[noreturn]] void atoll_boot_arm64_enter(std::byte* blob, std::uint64_t loader_level,
                                                    std::uint64_t identity_root,
                                                    std::uint64_t identity_top) {
  const PhysAddr image_start{VirtAddr::of(__image_start).value()};
  const PhysAddr tables_start{VirtAddr::of(__boot_tables_start).value()};
  // Loaders at EL1 have a hypervisor above them, those at EL2 at most firmware.
  failure_context = {default_uart(nullptr).value(),
                     loader_level == 2 ? arch::Conduit::kSmc : arch::Conduit::kHvc, identity_root,
                     identity_top, tables_start.value()};
  catch_entry_traps();

  BootInfo& info = boot_info_for_entry();
  const std::uint64_t image_size = tables_start - image_start;

  const auto scanned = device_tree::scan_boot(blob, PhysAddr{VirtAddr::of(blob).value()}, info);
  if (!scanned.ok()) fail(describe(scanned.error()));
  const device_tree::BootScan& scan = scanned.value();
  const PhysAddr uart = find_uart(scan);
  if (uart != PhysAddr{}) failure_context.uart = uart.value();
  if (const char* problem = prepare(scan, info)) fail(problem);
  leave_out_unreachable(info);

  const std::uint64_t seed = boot_seed(scan, info);
  stack_protector::set(seed);
  const KernelLayout layout = choose_layout(seed * 0xd6e8'feb8'6659'fd93, image_size);
  info.image_base = layout.image;
  info.image = {image_start, image_size};
  const auto tables = build_tables(layout, info, uart, tables_start, PhysAddr{identity_top});
  if (!tables.ok()) fail("the image has too little room for the page tables");
  // What is behind the tables, the identity map's own included, is free again.
  info.image.size = tables.value().end - image_start;
  boot_entry::reserve(info, info.image);

  direct_map_base = layout.direct_map;
  if (uart != PhysAddr{}) {
    console_registers = uart_page(layout, image_size) + uart.value() % kPageSize;
  }
  const std::uint64_t delta = layout.image.value() - image_start.value();
  const auto up = [&](const auto* what) { return VirtAddr::of(what).value() + delta; };
  const std::uint64_t entry = reinterpret_cast<std::uintptr_t>(&arrive) + delta;
  std::uint64_t stack_top = up(&boot_stack);
  asm("" : "+r"(stack_top));  // with -mcmodel=tiny no address reaches 64 KiB into an object
  stack_top += sizeof boot_stack;
  atoll_arm64_relocate(image_start.value(), delta);
  atoll_arm64_enter_kernel(tables.value().root.value(), delta, stack_top, entry,
                           seed * 0xaef1'7502'108e'f2d9, ~seed * 0xdb4f'0b91'75ae'2165, 0, 0);
}

}  // namespace atl::boot_arm64
