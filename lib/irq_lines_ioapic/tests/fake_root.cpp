// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_root.hpp"

namespace atoll::irq {

Domain& root() { return test::fake_root; }

namespace test {
FakeRoot fake_root;
}

}  // namespace atoll::irq
