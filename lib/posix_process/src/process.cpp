// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/assert.hpp>
#include <atoll/posix/process.hpp>

namespace atl {
namespace {

constinit Process first{Process::kFirst, 0};
constinit std::size_t slots = 0;  // boot steps run one after the other

}  // namespace

std::size_t Process::next_slot() {
  ATOLL_ASSERT(slots < kMostParts);
  return slots++;
}

Result<void> posix_process_init() {
  sched::current().process = &first;
  return {};
}

}  // namespace atl
