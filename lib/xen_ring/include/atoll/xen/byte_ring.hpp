// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// Both ends of a ring of bytes (xen/include/public/io/console.h, xs_wire.h): two
/// indices that count bytes for ever, each written by one end.
namespace atl::xen {

/// The room of a ring, a power of two, and its indices, all in the shared page.
struct ByteRing {
  std::span<char> room;
  std::uint32_t* consumed;
  std::uint32_t* produced;
};

/// One end's view of a ring.
class RingEnd {
 public:
  constexpr RingEnd() = default;

 protected:
  /// Takes over a ring where its other end left it.
  RingEnd(const ByteRing& ring, std::uint32_t* mine, std::uint32_t* theirs)
      : ring_(ring), mine_(mine), theirs_(theirs), position_(load(mine)) {}

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(ring_.room.size()); }
  [[nodiscard]] std::uint32_t position() const { return position_; }
  /// The other end's index.
  [[nodiscard]] std::uint32_t theirs() const { return load(theirs_); }
  [[nodiscard]] char& at(std::uint32_t index) const { return ring_.room[index & (size() - 1)]; }
  /// Tells the other end, after what was done to the bytes.
  void advance(std::uint32_t position) {
    position_ = position;
    std::atomic_ref<std::uint32_t>{*mine_}.store(position, std::memory_order_release);
  }

 private:
  static std::uint32_t load(std::uint32_t* index) {
    return std::atomic_ref<std::uint32_t>{*index}.load(std::memory_order_acquire);
  }

  ByteRing ring_{};
  std::uint32_t* mine_ = nullptr;
  std::uint32_t* theirs_ = nullptr;
  std::uint32_t position_ = 0;
};

/// The end that writes.
class ByteProducer : RingEnd {
 public:
  constexpr ByteProducer() = default;
  explicit ByteProducer(const ByteRing& ring) : RingEnd(ring, ring.produced, ring.consumed) {}

  /// Writes what there is room for; how much that was, 0 for a full ring. kProtocol
  /// where the other end says that it has read what was never written.
  Result<std::size_t> put(std::string_view text) {
    const std::uint32_t used = position() - theirs();
    if (used > size()) return fail(Errc::kProtocol);
    const std::size_t count = text.size() < size() - used ? text.size() : size() - used;
    std::uint32_t next = position();
    for (std::size_t i = 0; i < count; ++i) at(next++) = text[i];
    advance(next);
    return count;
  }
  /// Bytes that can be written now; kProtocol as above.
  [[nodiscard]] Result<std::size_t> room() const {
    const std::uint32_t used = position() - theirs();
    if (used > size()) return fail(Errc::kProtocol);
    return std::size_t{size() - used};
  }
};

/// The end that reads.
class ByteConsumer : RingEnd {
 public:
  constexpr ByteConsumer() = default;
  explicit ByteConsumer(const ByteRing& ring) : RingEnd(ring, ring.consumed, ring.produced) {}

  /// Reads what is there; how much that was. kProtocol where the other end says that
  /// it has written more than the ring holds.
  Result<std::size_t> get(std::span<char> into) {
    const std::size_t there = TRY(available());
    const std::size_t count = into.size() < there ? into.size() : there;
    std::uint32_t next = position();
    for (std::size_t i = 0; i < count; ++i) into[i] = at(next++);
    advance(next);
    return count;
  }
  /// Bytes that can be read now; kProtocol as above.
  [[nodiscard]] Result<std::size_t> available() const {
    const std::uint32_t there = theirs() - position();
    if (there > size()) return fail(Errc::kProtocol);
    return std::size_t{there};
  }
};

}  // namespace atl::xen
