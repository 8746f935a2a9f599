// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include "subject.hpp"

namespace atl::alloc_conformance {

/// xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift
/// generators, scrambled", 2016): the same sequence everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15 | 1) {}
  std::uint64_t next() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545f4914f6cdd1d;
  }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() >> 11) % bound; }

 private:
  std::uint64_t state_;
};

/// Random operations next to a list of what must be there.
class RandomModel {
 public:
  RandomModel(Subject& model_subject, std::uint64_t seed) : subject(model_subject), random_(seed) {}

  void run(unsigned steps) {
    const std::size_t in_use = subject.memory.statistics().in_use;
    for (unsigned step = 0; step != steps && subject.broken_promise == nullptr; ++step) {
      Slot& slot = slots_[random_.below(kSlots)];
      if (slot.block == nullptr)
        allocate(slot);
      else if (random_.below(3) == 0)
        resize(slot);
      else
        free(slot);
    }
    for (Slot& slot : slots_)
      if (slot.block != nullptr) free(slot);
    MUST(subject.memory.statistics().in_use == in_use);
  }

 private:
  static constexpr std::size_t kSlots = 80;
  struct Slot {
    void* block = nullptr;
    std::size_t size = 0;
    std::size_t usable = 0;
    std::uint32_t tag = 0;
  };

  std::size_t some_size() {
    switch (random_.below(16)) {
      case 0:
        return random_.below(30000);
      case 1:
      case 2:
        return random_.below(5000);
      default:
        return random_.below(300);
    }
  }

  /// Nothing that is in use, but `slot`, meets the block in `slot`.
  void settle(Slot& slot, std::size_t size) {
    slot.size = size;
    slot.usable = subject.memory.usable_size(slot.block);
    slot.tag = ++tags_;
    MUST(slot.usable >= size);
    for (const Slot& other : slots_) {
      const bool apart = &other == &slot || other.block == nullptr ||
                         !overlap(slot.block, slot.usable, other.block, other.usable);
      MUST(apart);
    }
    fill(slot.block, slot.usable, slot.tag);
  }

  void allocate(Slot& slot) {
    const std::size_t size = some_size();
    const std::size_t alignment = std::size_t{1} << (random_.below(4) == 0 ? random_.below(14) : 0);
    slot.block = subject.memory.allocate(size, alignment);
    // An allocator that never reuses memory ends here sooner or later.
    if (slot.block == nullptr) {
      MUST(!subject.memory.reuses_memory());
      return;
    }
    MUST(is_aligned(slot.block, alignment));
    settle(slot, size);
  }

  void resize(Slot& slot) {
    const std::size_t size = some_size();
    MUST(holds(slot.block, slot.usable, slot.tag));
    void* const block = subject.memory.resize(slot.block, size);
    if (block == nullptr) {
      MUST(!subject.memory.reuses_memory());
      MUST(holds(slot.block, slot.usable, slot.tag));
      return;
    }
    slot.block = block;
    MUST(is_aligned(block, kMaxAlign));
    MUST(holds(block, size < slot.size ? size : slot.size, slot.tag));
    settle(slot, size);
  }

  void free(Slot& slot) {
    MUST(holds(slot.block, slot.usable, slot.tag));
    subject.memory.free(slot.block);
    slot = {};
  }

  Subject& subject;
  Random random_;
  std::uint32_t tags_ = 0;
  Slot slots_[kSlots];
};

template <std::uint64_t kSeed>
void random_operations_agree_with_a_model(Subject& subject) {
  RandomModel{subject, kSeed}.run(4000);
}

}  // namespace atl::alloc_conformance
