// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_xenstore.hpp"

#include <algorithm>
#include <atoll/wait_queue.hpp>
#include <atoll/xenstore.hpp>
#include <vector>

namespace atl {

namespace xenstore {

class Connection {
 public:
  static void complete(Request& request, Errc error, std::size_t size) {
    request.error_ = error;
    request.size_ = size;
    request.done(request);
  }
};

namespace {

struct Watcher {
  Watch* watch;
  Watch::Changed changed;
};
std::vector<Watcher> watchers;

void tell(const std::string& path) {
  for (const Watcher& one : std::vector{watchers}) {
    if (one.watch->path() == path) one.changed(*one.watch, path);
  }
}

}  // namespace

Result<std::string_view> read(std::string_view path, std::span<char> into, How) {
  const auto found = fake::nodes.find(std::string(path));
  if (found == fake::nodes.end()) return fail(Errc::kNoEntry);
  if (found->second.size() > into.size()) return fail(Errc::kOverflow);
  std::ranges::copy(found->second, into.begin());
  return std::string_view{into.data(), found->second.size()};
}

Result<void> write(std::string_view path, std::string_view value, How) {
  fake::nodes[std::string(path)] = value;
  if (fake::written) fake::written(std::string(path));
  return {};
}

Result<void> remove(std::string_view path, How) {
  const std::string below = std::string(path) + "/";
  const auto gone = std::erase_if(fake::nodes, [&](const auto& node) {
    return node.first == path || node.first.starts_with(below);
  });
  if (gone == 0) return fail(Errc::kNoEntry);
  return {};
}

void submit(Request& request) {
  const auto found = fake::nodes.find(std::string(request.path));
  if (found == fake::nodes.end()) return Connection::complete(request, Errc::kNoEntry, 0);
  const std::size_t size = std::min(found->second.size(), request.reply.size());
  std::copy_n(found->second.begin(), size, request.reply.begin());
  Connection::complete(request, Errc{}, found->second.size());
}

void set(Watch& watch) {
  ++fake::watches;
  watchers.push_back({&watch, watch.changed_});
  watch.changed_(watch, watch.path());
}
void unset(Watch& watch) {
  --fake::watches;
  std::erase_if(watchers, [&](const Watcher& one) { return one.watch == &watch; });
}

}  // namespace xenstore

Result<void> WaitQueue::wait(Guard&, Deadline, Interruptions) {
  // The node changes, and the watch is told of it when it is asked again.
  return fail(fake::wait != nullptr && fake::wait() ? Errc::kInterrupted : Errc::kTimedOut);
}
std::size_t WaitQueue::wake_all(Guard&) { return 0; }

}  // namespace atl

namespace fake {

void set(const std::string& path, const std::string& value) {
  nodes[path] = value;
  atl::xenstore::tell(path);
}
void remove(const std::string& path) {
  nodes.erase(path);
  atl::xenstore::tell(path);
}
void forget_watches() {
  atl::xenstore::watchers.clear();
  watches = 0;
}

}  // namespace fake
