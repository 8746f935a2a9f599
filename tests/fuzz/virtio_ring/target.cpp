// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// What a device may do to a virtqueue: it writes anywhere in the ring, at any time. The first
// byte says of what form and size the ring is, each step is a byte and its values.
#include <algorithm>
#include <array>
#include <atoll/virtio/packed_ring.hpp>
#include <atoll/virtio/split_ring.hpp>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <vector>

#include "../expect.hpp"
#include "../input.hpp"

namespace {

using atl::virtio::Completion;
using atl::virtio::InFlight;
using atl::virtio::RingFault;
using atl::virtio::Segment;

template <typename Ring>
class Driver {
 public:
  Driver(std::uint16_t size, bool event_index)
      : layout_(size),
        // On the heap, so that what is touched outside shows.
        memory_(static_cast<std::byte*>(std::aligned_alloc(16, (layout_.bytes + 15) & ~15u))),
        slots_(size),
        event_index_(event_index) {
    begin();
  }

  void run(Input& input) {
    for (int steps = 0; !input.empty() && steps < 1000; ++steps) step(input);
    end();
  }

 private:
  struct Free {
    void operator()(std::byte* memory) const { std::free(memory); }
  };

  void begin() {
    std::memset(memory_.get(), 0, layout_.bytes);
    ring_ = std::make_unique<Ring>(memory_.get(), slots_, event_index_);
  }
  // The device has been reset: all that was under way comes back, each once.
  void end() {
    while (void* const token = ring_->reclaim()) FUZZ_EXPECT(rooms_.erase(token) == 1);
    FUZZ_EXPECT(rooms_.empty());
    FUZZ_EXPECT(ring_->buffers() == 0);
  }

  void step(Input& input) {
    switch (input.take<std::uint8_t>() % 8) {
      case 0:
        return add(input);
      case 1:
        ring_->publish();
        return;
      case 2:
        return take();
      case 3:
        ring_->enable_interrupts();
        return;
      case 4:
        ring_->disable_interrupts();
        return;
      case 5: {
        const auto offset = input.take<std::uint16_t>() % layout_.bytes;
        memory_.get()[offset] = input.take<std::byte>();
        return;
      }
      case 6: {
        const auto offset = input.take<std::uint16_t>() % (layout_.bytes / 2);
        const auto value = input.take<std::uint16_t>();
        std::memcpy(memory_.get() + 2 * offset, &value, sizeof value);
        return;
      }
      case 7:
        end();
        begin();
    }
  }

  void add(Input& input) {
    const auto shape = input.take<std::uint8_t>();
    const unsigned readable = shape & 3, writable = shape >> 2 & 3;
    if (readable + writable == 0) return;
    std::array<Segment, 6> segments{};
    std::uint32_t room = 0;
    for (unsigned i = 0; i < readable + writable; ++i) {
      segments[i] = {0x1000u * i, input.take<std::uint16_t>()};
      if (i >= readable) room += segments[i].length;
    }
    void* const token = reinterpret_cast<void*>(++number_);
    const std::uint16_t free = ring_->descriptors_free();
    const std::span all{segments};
    const bool added = ring_->add(all.first(readable), all.subspan(readable, writable), token);
    FUZZ_EXPECT(added == (free >= readable + writable));
    if (added) rooms_[token] = room;
  }

  void take() {
    Completion completion;
    const bool had_fault = ring_->fault() != RingFault::kNone;
    if (!ring_->take(completion)) return;
    FUZZ_EXPECT(!had_fault);
    const auto found = rooms_.find(completion.token);
    FUZZ_EXPECT(found != rooms_.end());
    FUZZ_EXPECT(completion.written <= found->second);
    rooms_.erase(found);
    FUZZ_EXPECT(ring_->buffers() == rooms_.size());
  }

  typename Ring::Layout layout_;
  std::unique_ptr<std::byte, Free> memory_;
  std::vector<InFlight::Slot> slots_;
  bool event_index_;
  std::unique_ptr<Ring> ring_;
  std::map<void*, std::uint32_t> rooms_;  // under way, and how much may be written
  std::uintptr_t number_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input{data, size};
  const auto shape = input.take<std::uint8_t>();
  const bool event_index = (shape & 2) != 0;
  const unsigned number = shape >> 2;
  if ((shape & 1) != 0) {
    Driver<atl::virtio::PackedRing>{static_cast<std::uint16_t>(number % 17 + 1), event_index}.run(
        input);
  } else {
    Driver<atl::virtio::SplitRing>{static_cast<std::uint16_t>(1u << number % 5), event_index}.run(
        input);
  }
  return 0;
}
