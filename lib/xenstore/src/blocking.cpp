// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/parse.hpp>
#include <atoll/wait_queue.hpp>
#include <atoll/xenstore.hpp>

#include "service.hpp"

namespace atl::xenstore {

namespace {

// Of all threads that wait for answers.
constinit WaitQueue answered;

/// A request whose thread waits for it.
struct Awaited : Request {
  bool is_done = false;  // under answered

  static void finish(Request& request) {
    WaitQueue::Guard guard{answered};
    static_cast<Awaited&>(request).is_done = true;
    answered.wake_all(guard);
  }

  Result<std::size_t> run(Deadline deadline) {
    done = finish;
    submit(*this);
    const Result<void> waited = wait(deadline);
    if (waited.ok()) return result();
    // It lies on this stack: nobody may know of it when this returns.
    cancel(*this);
    (void)wait(Deadline::never(), Interruptions::kNone);
    return fail(waited.error());
  }

  /// Without a deadline, and not to be interrupted.
  void run_to_the_end() {
    done = finish;
    submit(*this);
    (void)wait(Deadline::never(), Interruptions::kNone);
  }

 private:
  Result<void> wait(Deadline deadline, Interruptions by = Interruptions::kAny) {
    WaitQueue::Guard guard{answered};
    while (!is_done) TRY(answered.wait(guard, deadline, by));
    return {};
  }
};

Awaited request(Operation operation, std::string_view path, How how) {
  Awaited made;
  made.operation = operation;
  made.path = path;
  made.transaction = how.transaction.id;
  return made;
}

Result<void> run(Operation operation, std::string_view path, How how, std::string_view value = {}) {
  Awaited made = request(operation, path, how);
  made.value = value;
  TRY(made.run(how.deadline));
  return {};
}

Result<std::string_view> fetch(Operation operation, std::string_view path, std::span<char> into,
                               How how) {
  Awaited made = request(operation, path, how);
  made.reply = into;
  const std::size_t size = TRY(made.run(how.deadline));
  if (size > into.size()) return fail(Errc::kOverflow);
  return std::string_view{into.data(), size};
}

}  // namespace

Result<std::string_view> read(std::string_view path, std::span<char> into, How how) {
  return fetch(Operation::kRead, path, into, how);
}

Result<std::string_view> list(std::string_view path, std::span<char> into, How how) {
  return fetch(Operation::kList, path, into, how);
}

Result<void> write(std::string_view path, std::string_view value, How how) {
  return run(Operation::kWrite, path, how, value);
}

Result<void> make_directory(std::string_view path, How how) {
  return run(Operation::kMakeDirectory, path, how);
}

Result<void> remove(std::string_view path, How how) { return run(Operation::kRemove, path, how); }

Result<Transaction> begin(Deadline deadline) {
  std::array<char, 12> room;
  std::string_view number = TRY(fetch(Operation::kBegin, "", room, {.deadline = deadline}));
  if (number.ends_with('\0')) number.remove_suffix(1);
  const auto id = parse_number(number, 0xffff'ffff);
  if (!id.ok() || id.value() == 0) return fail(Errc::kProtocol);
  return Transaction{static_cast<std::uint32_t>(id.value())};
}

Result<void> end(Transaction transaction, bool commit, Deadline deadline) {
  return run(Operation::kEnd, commit ? "T" : "F", {transaction, deadline});
}

// The answer comes behind the one to set(), unless the daemon breaks its word.
void unset(Watch& watch) {
  Awaited ending = request(Operation::kUnwatch, watch.path(), {});
  ending.value = watch.token();
  forget(watch);
  ending.run_to_the_end();
  cancel(watch.request_);
}

}  // namespace atl::xenstore
