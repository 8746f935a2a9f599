// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/console.hpp>
#include <atoll/parse.hpp>
#include <string_view>

#include "operations.hpp"

namespace {

struct Operation {
  std::string_view name;
  void (*run)(unsigned times);
};

constexpr Operation kOperations[] = {
    {"yield", operations::yield},
    {"create_join", operations::create_and_join},
    {"mutex", operations::lock_and_unlock},
    {"wake_to_run", operations::wake_to_run},
    {"malloc_32", [](unsigned times) { operations::allocate_and_free(times, 32); }},
    {"malloc_256", [](unsigned times) { operations::allocate_and_free(times, 256); }},
    {"malloc_4000", [](unsigned times) { operations::allocate_and_free(times, 4000); }},
    {"malloc_100000", [](unsigned times) { operations::allocate_and_free(times, 100'000); }},
    {"malloc_mix", operations::allocation_mix},
    {"malloc_trace", operations::replay_trace},
    {"timer_1", [](unsigned times) { operations::arm_and_cancel(times, 1); }},
    {"timer_10000", [](unsigned times) { operations::arm_and_cancel(times, 10'000); }},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3) {
    const auto times = atl::parse_number(argv[2], ~0u);
    for (const Operation& operation : kOperations) {
      if (operation.name == argv[1] && times.ok()) {
        operation.run(static_cast<unsigned>(times.value()));
        return 0;
      }
    }
  }
  atl::console::write("operations: expected the name of one and a number:\n");
  for (const Operation& operation : kOperations) {
    atl::console::write(operation.name);
    atl::console::write("\n");
  }
  return 2;
}
