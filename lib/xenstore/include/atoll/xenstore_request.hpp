// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/result.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// Xenstore without waiting: for interrupt handlers, and for what must not wait.
namespace atl::xenstore {

/// The numbers are those of the protocol (xen/include/public/io/xs_wire.h).
enum class Operation : std::uint32_t {
  kList = 1,
  kRead = 2,
  kWatch = 4,
  kUnwatch = 5,
  kBegin = 6,
  kEnd = 7,
  kWrite = 11,
  kMakeDirectory = 12,
  kRemove = 13,
};

class Connection;

/// One exchange. Its members up to `context` are its owner's to fill in, and stay as
/// they are from submit() until `done` is called; then it may be used again. May be
/// a constinit object.
class Request {
 public:
  /// In interrupt context, or in submit() and cancel().
  using Done = void (*)(Request& request);

  Operation operation{};
  std::uint32_t transaction = 0;
  std::string_view path;    ///< without a NUL
  std::string_view value;   ///< of kWrite; the token of kWatch; else empty
  std::span<char> reply{};  ///< where the answer goes; what does not fit is left out
  Done done = nullptr;      ///< may be null
  void* context = nullptr;

  /// The answer's length, which may be more than was room for, or the error. Valid
  /// in `done` and after it.
  [[nodiscard]] Result<std::size_t> result() const {
    if (error_ != Errc{}) return fail(error_);
    return size_;
  }

 private:
  friend class Connection;

  Request* next_ = nullptr;
  std::uint32_t number_ = 0;
  Errc error_{};
  std::size_t size_ = 0;
};

/// Sends `request`; nothing for one that is under way already. Any context. Without
/// xenstore it is done at once, with kNoDevice.
void submit(Request& request);

/// Takes back a request that is under way: it is done with kCancelled, if it is not
/// done already. The daemon may do what it asks for all the same. Any context.
void cancel(Request& request);

/// The last word of an image, when nothing else runs any more, whatever it was doing:
/// sends `request` and gives the daemon time until it has answered. Takes no lock, and
/// tells nobody. False where it was not done within bounds.
bool submit_last(Request& request);

/// Is told of changes at and below a path. May be a constinit object; lives until it
/// was unset, or as long as the image.
class Watch {
 public:
  /// In interrupt context: once when the watch is set, then for each change.
  /// `path` is that of what changed, as the daemon says it.
  using Changed = void (*)(Watch& watch, std::string_view path);

  constexpr Watch(std::string_view path, Changed changed) : path_(path), changed_(changed) {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  [[nodiscard]] std::string_view path() const { return path_; }

 private:
  [[nodiscard]] std::string_view token() const { return {token_.data(), token_.size()}; }

  friend class Connection;
  friend void set(Watch& watch);
  friend void unset(Watch& watch);

  std::string_view path_;
  Changed changed_;
  Watch* next_ = nullptr;
  Request request_{};
  // By which the daemon names it.
  std::array<char, 3> token_{};
};

/// Sets `watch`. Any context; once for each.
void set(Watch& watch);

/// Ends a watch that was set. Waits: in a thread only. Nothing is told to it afterwards.
void unset(Watch& watch);

}  // namespace atl::xenstore
