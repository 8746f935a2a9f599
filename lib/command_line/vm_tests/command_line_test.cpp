// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/command_line.hpp>
#include <atoll/vm_test.hpp>

VM_TEST(CommandLine, the_program_has_a_name) {
  const auto arguments = atl::program_arguments();
  VM_ASSERT(!arguments.empty());
  VM_EXPECT(arguments[0] == atl::generated::application_name());
}

VM_TEST(CommandLine, arguments_and_environment_end_in_null) {
  const auto arguments = atl::program_arguments();
  VM_EXPECT(arguments.data()[arguments.size()] == nullptr);
  std::size_t variables = 0;
  for (char** at = atl::program_environment(); *at != nullptr; ++at) ++variables;
  VM_EXPECT_LE(variables, atl::kMaxEnvironment);
}

VM_TEST(CommandLine, words_of_monitors_are_not_arguments) {
  for (const std::string_view argument : atl::program_arguments()) {
    VM_EXPECT(!argument.starts_with("virtio_mmio.device="));
  }
}
