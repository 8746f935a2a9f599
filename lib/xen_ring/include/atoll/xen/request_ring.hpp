// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/result.hpp>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <type_traits>

/// The frontend's side of a ring of requests and responses (xen/include/public/io/
/// ring.h): a page shared with a backend, which is not trusted.
namespace atl::xen {

/// What stands at the beginning of the page. The backend writes response_produced and
/// request_event, at any time.
struct RequestRingHeader {
  std::uint32_t request_produced;
  std::uint32_t request_event;
  std::uint32_t response_produced;
  std::uint32_t response_event;
  std::array<std::byte, 48> padding;
};
static_assert(sizeof(RequestRingHeader) == 64);

/// Who shares one serialises. Neither waits nor allocates.
template <typename Request, typename Response>
requires std::is_trivially_copyable_v<Request> && std::is_trivially_copyable_v<Response>
class RequestRing {
  static constexpr std::size_t kPage = 4096;
  static constexpr std::size_t kEntrySize = sizeof(Request) > sizeof(Response) ? sizeof(Request)
                                                                               : sizeof(Response);

 public:
  /// Entries of a ring of one page.
  static constexpr std::uint32_t kSize =
      std::bit_floor(static_cast<std::uint32_t>((kPage - sizeof(RequestRingHeader)) / kEntrySize));

  constexpr RequestRing() = default;

  /// Makes an empty ring of `page`, 4096 bytes, before the backend hears of it.
  explicit RequestRing(std::byte* page)
      : header_(reinterpret_cast<RequestRingHeader*>(page)),
        entries_(page + sizeof(RequestRingHeader)) {
    std::memset(page, 0, kPage);
    header_->request_event = 1;
    header_->response_event = 1;
  }

  /// How many more requests can be put: each holds its entry until its response was taken.
  [[nodiscard]] std::uint32_t room() const { return kSize - (produced_ - taken_); }

  /// The entry that the next request goes to, and the one that the next response comes in.
  /// Some protocols have no other identifier: each response comes where its request was.
  [[nodiscard]] std::uint32_t next_request() const { return produced_ & (kSize - 1); }
  [[nodiscard]] std::uint32_t next_response() const { return taken_ & (kSize - 1); }

  /// Puts a request, which the backend sees after publish(). kTryAgain in a full ring.
  Result<void> put(const Request& request) {
    if (room() == 0) return fail(Errc::kTryAgain);
    std::memcpy(entry(produced_), &request, sizeof request);
    ++produced_;
    return {};
  }

  /// Shows the backend what was put; true where it wants to be told by an event.
  bool publish() {
    const std::uint32_t old = published_;
    published_ = produced_;
    atomic(header_->request_produced).store(produced_, std::memory_order_release);
    // Its wish is read after it can see the requests.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    const std::uint32_t wish = atomic(header_->request_event).load(std::memory_order_relaxed);
    return produced_ - wish < produced_ - old;
  }

  /// The next response, a copy that the backend cannot change any more; none where none
  /// has come. kProtocol where it claims to have answered more than was asked: the ring
  /// is of no use then.
  Result<std::optional<Response>> take() {
    const std::uint32_t there =
        atomic(header_->response_produced).load(std::memory_order_acquire) - taken_;
    if (there > published_ - taken_) return fail(Errc::kProtocol);
    if (there == 0) return std::optional<Response>{};
    Response response;
    std::memcpy(&response, entry(taken_), sizeof response);
    // Nothing below may look at the entry again.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    ++taken_;
    return std::optional<Response>{response};
  }

  /// Asks for an event at the next response; true where one has come meanwhile, and
  /// take() is due again.
  bool ask_for_event() {
    atomic(header_->response_event).store(taken_ + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return atomic(header_->response_produced).load(std::memory_order_relaxed) != taken_;
  }

 private:
  static std::atomic_ref<std::uint32_t> atomic(std::uint32_t& index) {
    return std::atomic_ref<std::uint32_t>{index};
  }
  std::byte* entry(std::uint32_t index) const {
    return entries_ + (index & (kSize - 1)) * kEntrySize;
  }

  RequestRingHeader* header_ = nullptr;
  std::byte* entries_ = nullptr;
  std::uint32_t produced_ = 0;   // put
  std::uint32_t published_ = 0;  // shown
  std::uint32_t taken_ = 0;      // responses
};

/// Which requests are under way, by the identifiers that their responses carry: a
/// backend's word for one is checked before anything is done with it.
template <typename Context, std::size_t kCount>
class PendingRequests {
 public:
  using Id = std::uint16_t;
  static_assert(kCount <= 0xffff);

  constexpr PendingRequests() {
    for (std::size_t i = 0; i < kCount; ++i) next_[i] = static_cast<Id>(i + 1);
  }

  /// An identifier for a request. kTryAgain when as many are under way as there are.
  Result<Id> add(Context context) {
    if (free_ == kCount) return fail(Errc::kTryAgain);
    const Id id = free_;
    free_ = next_[id];
    next_[id] = kPending;
    contexts_[id] = context;
    return id;
  }

  /// What belongs to an identifier, while its request is under way; else null.
  [[nodiscard]] const Context* find(std::uint64_t id) const {
    return id < kCount && next_[id] == kPending ? &contexts_[id] : nullptr;
  }

  /// What belongs to a response's identifier, which is free again. kProtocol for one
  /// that no request under way has.
  Result<Context> take(std::uint64_t id) {
    if (id >= kCount || next_[id] != kPending) return fail(Errc::kProtocol);
    next_[id] = free_;
    free_ = static_cast<Id>(id);
    return contexts_[id];
  }

 private:
  static constexpr Id kPending = 0xffff;

  std::array<Context, kCount> contexts_{};
  std::array<Id, kCount> next_{};  // of the free ones; kPending of the others
  Id free_ = 0;
};

}  // namespace atl::xen
