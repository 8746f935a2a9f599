// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

/// What CPUS_TESTS do to the machine of several CPUs.
namespace atl::host {

/// Lines of irq::root() from this one to 31 are nobody's.
inline constexpr std::uint32_t kFirstFreeLine = 8;

/// Makes `line` pending on the CPU with index `cpu`. Any context.
void raise_at(std::uint32_t cpu, std::uint32_t line);

/// What Cpu::relax() does for others who wait, beside letting interrupts in; null for
/// nothing.
void set_relax_hook(void (*hook)());

/// CPUs stand still for a moment now and then, where they mask interrupts; while there is
/// one of these, one time in a few. For tests of two CPUs that must just miss each other.
class [[nodiscard]] Stumbling {
 public:
  static constexpr unsigned kSeldom = 1024;
  static constexpr unsigned kOften = 24;

  Stumbling();
  ~Stumbling();
  Stumbling(const Stumbling&) = delete;
  Stumbling& operator=(const Stumbling&) = delete;
};

}  // namespace atl::host
