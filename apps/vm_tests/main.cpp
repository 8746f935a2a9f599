// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/vm_test.hpp>

int main() { return atl::vm_test::run_all(); }
