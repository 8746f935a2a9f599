// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/console.hpp>
#include <atoll/shutdown.hpp>
#include <string_view>

#include "misdeeds.hpp"
#include "survivals.hpp"

namespace {

int number(std::string_view text) {
  int value = 0;
  for (char digit : text) value = value * 10 + (digit - '0');
  return value;
}

// Sleeps until a stop request ends the image.
void wait_for_stop() {
  atl::console::write("waiting\n");
  while (true) {
    atl::arch::Cpu::disable_interrupts();
    if (!atl::shutdown::stop_requested()) atl::arch::Cpu::wait_for_interrupt();
    atl::arch::Cpu::enable_interrupts();
  }
}

void hang() {
  while (true) atl::arch::Cpu::relax();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view how = argc > 1 ? argv[1] : "";
  if (how == "return") return number(argv[2]);
  if (how == "exit") atl::shutdown::exit(number(argv[2]));
  if (how == "hang") hang();
  if (how == "wait") wait_for_stop();
  if (how == "fault-in-interrupt") return survive_a_fault_in_an_interrupt() ? 0 : 1;
  if (misdeed(how)) {
    atl::console::write("nothing stopped it\n");
    return 99;
  }
  atl::console::write("say how to end\n");
  return 2;
}
