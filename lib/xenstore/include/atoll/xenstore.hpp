// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/wait.hpp>
#include <atoll/xenstore_request.hpp>
#include <cstdint>
#include <span>
#include <string_view>

/// Xenstore, for a thread that waits for the answer (xen/docs/misc/xenstore.txt,
/// which says what each operation does). Paths that do not begin with "/" are
/// relative to this domain's own directory.
///
/// Errors of all functions: those of xenstore itself (kNoEntry, kAccessDenied, ...),
/// kNoDevice without xenstore, kProtocol where the daemon's answer makes no sense,
/// kTimedOut and kInterrupted as of a wait.
namespace atl::xenstore {

/// All that is done under one is done at once, or not at all.
struct Transaction {
  std::uint32_t id = 0;  ///< 0: none
};

/// How long to wait, and under which transaction.
struct How {
  Transaction transaction{};
  Deadline deadline = Deadline::never();
};

/// The value of node `path`, in `into`. kOverflow where it is longer.
Result<std::string_view> read(std::string_view path, std::span<char> into, How how = {});

/// Sets the value of `path`, and makes it and its parents where they do not exist.
Result<void> write(std::string_view path, std::string_view value, How how = {});

/// Makes `path` with an empty value where it does not exist.
Result<void> make_directory(std::string_view path, How how = {});

/// Removes `path` and what is below. kNoEntry where even its parent does not exist.
Result<void> remove(std::string_view path, How how = {});

/// The names below `path`, each followed by a NUL, in `into`. kOverflow where they
/// do not fit.
Result<std::string_view> list(std::string_view path, std::span<char> into, How how = {});

/// A new transaction, which end() must end.
Result<Transaction> begin(Deadline deadline = Deadline::never());

/// Ends a transaction: does what was asked for under it if `commit`. kTryAgain where
/// somebody else changed what it has read or written: begin anew.
Result<void> end(Transaction transaction, bool commit, Deadline deadline = Deadline::never());

}  // namespace atl::xenstore
