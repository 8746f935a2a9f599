// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <cstdint>
#include <string_view>

/// Calls to Xen. Any context, and before relocation; numbers and structures are
/// those of Xen's public headers (<atoll/xen/abi.hpp>).
///
/// A structure that is handed over lies at a virtual address that is mapped, and is
/// read and written by Xen during the call.
namespace atl::xen {

using DomainId = std::uint16_t;

/// Calls `number` (__HYPERVISOR_*). Xen's error numbers are Linux's
/// (xen/include/public/errno.h).
Result<std::uint64_t> hypercall(std::uint32_t number, std::uint64_t a = 0, std::uint64_t b = 0,
                                std::uint64_t c = 0, std::uint64_t d = 0);

/// Calls `number` for the usual `command` and its `argument`.
template <typename Argument>
Result<std::uint64_t> hypercall(std::uint32_t number, std::uint32_t command, Argument& argument) {
  return hypercall(number, command, reinterpret_cast<std::uintptr_t>(&argument));
}

/// Parameter `index` (HVM_PARAM_*) of this domain; where the toolstack has set
/// none, mostly 0.
Result<std::uint64_t> parameter(std::uint32_t index);

/// Writes to Xen's own console, which only the first domain may: else
/// kNotPermitted.
Result<std::uint64_t> write_console(std::string_view text);

/// Ends this domain for a SHUTDOWN_* reason; returns only where Xen refuses.
void end_domain(std::uint32_t reason);

/// x86_64: true where this CPU is one of Xen's; decides how hypercalls are made,
/// and comes before the first of them.
bool detect();

}  // namespace atl::xen
