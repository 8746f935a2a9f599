// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/interruption.hpp>
#include <atoll/posix/once.hpp>
#include <atoll/posix/thread.hpp>

namespace atl::posix {

Result<bool> Once::begin() {
  while (true) {
    const Result<bool> ours = core_.begin(Deadline::never(), handled_meanwhile());
    if (ours.ok()) return ours.value();
    if (ours.error() != Errc::kInterrupted) return fail(ours.error());
    run_handlers();
  }
}

void Once::end(bool is_done) { core_.end(is_done); }

Result<void> Once::call(void (*function)()) {
  if (!TRY(begin())) return {};
  CleanupHandler ended{[](void* once) { static_cast<Once*>(once)->end(false); }, this, nullptr};
  push_cleanup(ended);
  function();
  pop_cleanup(ended);
  end(true);
  return {};
}

}  // namespace atl::posix
