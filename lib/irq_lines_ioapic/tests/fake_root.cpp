// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_root.hpp"

namespace atl::irq {

Domain& root() { return test::fake_root; }

namespace test {
FakeRoot fake_root;
}

}  // namespace atl::irq
