// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/posix/semaphore.hpp>
#include <string_view>

/// Semaphores that have names: POSIX.1-2017, XSH sem_open(); Linux man-pages sem_overview(7).
/// The names are the program's, and last as long as it does.
///
/// Context of all: a thread of the program. They take time in proportion to how many there are.
namespace atl::posix {

/// Characters of a name, slashes in front not counted.
inline constexpr std::size_t kMostInName = 251;

/// What to do about a name that there is not, or is.
enum class Opening { kExisting, kCreate, kCreateNew };

/// The semaphore of that name: the same object for all that open it, until each has closed it.
/// A new one begins with `value`. kInvalidArgument: a name without a character or with a slash
/// inside, or `value` beyond Semaphore::kMost; kNameTooLong; kNoEntry: not there; kExists: there,
/// and a new one is wanted; kNoMemory.
Result<Semaphore*> open_semaphore(std::string_view name, Opening how, std::uint32_t value = 0);

/// One opening less. kInvalidArgument: not one that is open; kBusy: the last one of a name that
/// is no more, and somebody waits.
Result<void> close_semaphore(Semaphore& semaphore);

/// The name is free; the semaphore stays until it is closed as often as it was opened. kNoEntry;
/// kInvalidArgument and kNameTooLong as above.
Result<void> unlink_semaphore(std::string_view name);

}  // namespace atl::posix
