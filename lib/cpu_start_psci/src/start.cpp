// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/arch.hpp>
#include <atoll/arch/cache.hpp>
#include <atoll/arch/exception_stack.hpp>
#include <atoll/arch/signing_key.hpp>
#include <atoll/boot_arm64/image.hpp>
#include <atoll/boot_info.hpp>
#include <atoll/cpu_start.hpp>
#include <atoll/psci.hpp>
#include <atoll/temporary_table.hpp>

#include "handover.hpp"

namespace atl::cpu_start {
namespace {

constinit std::array<Handover, kMaxCpus> handovers{};
constinit std::array<TemporaryTable, kMaxCpus> temporary{};
constinit std::uint32_t starting = 0;  // CPU index

PhysAddr physical(const volatile void* in_image) {
  return physical_in_image(VirtAddr::of(in_image));
}

// The first code of a CPU in the kernel's half, on its stack.
void arrive(Start& start) {
  arch::Cpu::set_cpu_local(start.local);
  start.entry(start);
}

void write_through(const Handover& handover) {
  arch::clean_cache(VirtAddr::of(&handover), sizeof handover);
}

// Arm DEN 0022E §5.2.2.
Errc error_of(std::int64_t status) {
  constexpr std::int64_t kAlreadyOn = -4, kOnPending = -5;
  return status == kAlreadyOn || status == kOnPending ? Errc::kBusy : Errc::kNoDevice;
}

}  // namespace

Result<void> start(std::uint64_t name, Start& start) {
  starting = start.local.index;
  const PhysRange code{physical(__image_start),
                       static_cast<std::uint64_t>(__text_end - __image_start)};
  TRY(temporary[starting].build(code));
  const arch::SigningKey key = arch::signing_key();
  Handover& handover = handovers[starting];
  handover = {.temporary_root = temporary[starting].root().value(),
              .root = arch::Cpu::kernel_page_table().value(),
              .delta = VirtAddr::of(__image_start).value() - code.start.value(),
              .stack_top = start.stack_top.value(),
              .entry = reinterpret_cast<std::uintptr_t>(&arrive),
              .key_low = key.low,
              .key_high = key.high,
              .exception_stack = starting * sizeof(arch::ExceptionStack),
              .argument = reinterpret_cast<std::uintptr_t>(&start)};
  write_through(handover);

  constexpr std::uint32_t kCpuOn = 0xc400'0003;  // §5.1.4
  const std::int64_t status = psci::call(kCpuOn, name, physical(atoll_cpu_start_entry).value(),
                                         physical(&handover).value());
  if (status == 0) return {};
  finish(name, true);
  return fail(error_of(status));
}

void finish(std::uint64_t, bool arrived) {
  // A CPU that comes late still needs them.
  if (!arrived) return;
  handovers[starting] = {};  // the key is nobody's business any more
  write_through(handovers[starting]);
  temporary[starting].free();
}

}  // namespace atl::cpu_start
