// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/xen/shared_page.hpp>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace atl::xen {

/// The bits by which Xen says which events of a CPU are pending
/// (<atoll/xen/shared_page.hpp>): one for each port, one for each word of
/// those, one for all. Xen sets them at any time, from other CPUs too. A port's bit is
/// there for all CPUs; the other two are in what `cpu` has of its own.
class PendingEvents {
 public:
  using Word = std::uint64_t;
  static constexpr std::uint32_t kBits = sizeof(Word) * 8;
  static constexpr std::uint32_t kPorts = kBits * kBits;

  PendingEvents(SharedPage& page, SharedCpu& cpu) : page_(page), cpu_(cpu) {}

  void mask_all() {
    for (Word& word : page_.masked) atomic(word).store(~Word{0});
  }
  void mask(std::uint32_t port) { atomic(page_.masked[port / kBits]).fetch_or(bit(port)); }
  void set(std::uint32_t port) { atomic(page_.pending[port / kBits]).fetch_or(bit(port)); }

  /// Calls `handle` with each port that is pending and not masked, its bit cleared
  /// before, until none is left; of those in a word, with the ones that `own(word)` has.
  /// `next` is where the last call ended.
  template <typename Own, typename Handle>
  void take(std::uint32_t& next, Own own, Handle handle) {
    std::atomic_ref<std::uint8_t> any{cpu_.event_pending};
    while (any.exchange(0) != 0) {
      Word words = atomic(cpu_.pending_words).exchange(0);
      while (words != 0) {
        const std::uint32_t word = first_from(words, next / kBits);
        words &= ~(Word{1} << word);
        take_word(word, own(word), next, handle);
      }
    }
  }

 private:
  static std::atomic_ref<Word> atomic(Word& word) { return std::atomic_ref<Word>{word}; }
  static Word bit(std::uint32_t port) { return Word{1} << (port % kBits); }
  /// The number of the first set bit from `start` on, going round.
  static std::uint32_t first_from(Word bits, std::uint32_t start) {
    return (static_cast<std::uint32_t>(
                std::countr_zero(std::rotr(bits, static_cast<int>(start % kBits)))) +
            start) %
           kBits;
  }

  template <typename Handle>
  void take_word(std::uint32_t word, Word left, std::uint32_t& next, Handle handle) {
    // Those that had their turn are not looked at again.
    for (;;) {
      const Word ready =
          atomic(page_.pending[word]).load() & ~atomic(page_.masked[word]).load() & left;
      if (ready == 0) return;
      const std::uint32_t start = next / kBits == word ? next % kBits : 0;
      const std::uint32_t number = first_from(ready, start);
      left &= ~(Word{1} << number);
      const std::uint32_t port = word * kBits + number;
      next = (port + 1) % kPorts;
      atomic(page_.pending[word]).fetch_and(~(Word{1} << number));
      handle(port);
    }
  }

  SharedPage& page_;
  SharedCpu& cpu_;
};

}  // namespace atl::xen
