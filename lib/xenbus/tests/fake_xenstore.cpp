// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_xenstore.hpp"

#include <algorithm>
#include <atoll/wait_queue.hpp>
#include <atoll/xenstore.hpp>

namespace atl {

namespace xenstore {

Result<std::string_view> read(std::string_view path, std::span<char> into, How) {
  const auto found = fake::nodes.find(std::string(path));
  if (found == fake::nodes.end()) return fail(Errc::kNoEntry);
  if (found->second.size() > into.size()) return fail(Errc::kOverflow);
  std::ranges::copy(found->second, into.begin());
  return std::string_view{into.data(), found->second.size()};
}

Result<void> write(std::string_view path, std::string_view value, How) {
  fake::nodes[std::string(path)] = value;
  return {};
}

void set(Watch&) { ++fake::watches; }
void unset(Watch&) { --fake::watches; }

}  // namespace xenstore

Result<void> WaitQueue::wait(Guard&, Deadline, Interruptions) {
  // The node changes, and the watch is told of it when it is asked again.
  return fail(fake::wait != nullptr && fake::wait() ? Errc::kInterrupted : Errc::kTimedOut);
}
std::size_t WaitQueue::wake_all(Guard&) { return 0; }

}  // namespace atl
