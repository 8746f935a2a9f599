// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/backtrace.hpp>
#include <atoll/format.hpp>
#include <atoll/types.hpp>
#include <cstddef>
#include <cstdint>

/// The lines of a panic's report. No allocation, no lock; what is corrupt is left
/// out, never followed. `make symbolize` and `make crash-report` read them.
namespace atl::report {

/// A line of the report.
void emit(const char* line);

/// `cpu 0, image base 0x... build <id>`.
void emit_identity();

/// `#0 image+0x1234 (0xffffffff80001234)`, and ` interrupted` where that is no return
/// address: where a function on the stack goes on.
void emit_frame(std::size_t number, arch::CallSite site);
/// `lr image+0x1234 (...)`: the link register, which may be the innermost caller.
void emit_link(std::uintptr_t address);

/// The call sites from `frame_pointer` outwards, counted from `number`; those of a
/// recursion once.
void emit_backtrace(std::uintptr_t frame_pointer, std::size_t number);

/// `stack ffff...: ` and four words, as many lines as PANIC_STACK_WORDS asks for.
void emit_stack(VirtAddr from);

/// Appends ` function+0x12` to `line` for a place in the image, where the image holds
/// the names of its functions (PANIC_NAMES): names.cpp, else no_names.cpp. A return
/// address is the function's with the call, and may be behind its end.
void append_name(TextWriter& line, std::uint64_t offset, bool is_return_address);

}  // namespace atl::report
