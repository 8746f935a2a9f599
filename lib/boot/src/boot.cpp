// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "interrupts.hpp"

#include <atoll/arch.hpp>
#include <atoll/boot.hpp>
#include <atoll/console.hpp>
#include <atoll/generated.hpp>
#include <atoll/shutdown.hpp>

namespace atl {
namespace {

/// Boot steps that succeeded, which are the ones to end.
constinit unsigned completed_steps = 0;

void run_terminators() { generated::run_terminators(completed_steps); }

[[noreturn]] void fail_boot(const char* step, Errc error) {
  console::fresh_line();
  console::write("boot step ");
  console::write(step);
  console::write(" failed: ");
  console::write(to_string(error));
  console::write("\n");
  run_terminators();
  shutdown::crash();
}

}  // namespace

[[noreturn]] void boot() {
  const char* step = "";
  const auto done = generated::run_boot_sequence(step, completed_steps);
  if (!done) fail_boot(step, done.error());
  shutdown::set_terminators(run_terminators);
  if constexpr (kMaxCpus > 1) start_further_cpus();
  open_interrupts();
  generated::run_program();
}

Result<void> boot_cpu(const char*& failed_step) { return generated::run_cpu_sequence(failed_step); }

}  // namespace atl
