// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <algorithm>
#include <array>
#include <atoll/lock.hpp>
#include <atoll/log.hpp>
#include <atoll/random.hpp>
#include <atoll/random_source.hpp>
#include <atoll/virtio.hpp>
#include <atoll/virtio/in_flight.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "repetition.hpp"

namespace atl::random_virtio {

/// The driver's side of an entropy device (virtio 1.2 §5.4), over its only queue: a
/// virtio::Queue, whose interrupts are on from the start. One buffer is under way at a time.
template <typename Queue>
class EntropyDevice final : public random::Source {
 public:
  /// What the device is asked for: as much as counts for a seed.
  static constexpr std::uint32_t kBytes = 256 / kBitsPerByte;

  /// `buffer`, of kBytes, at `address` for the device, which shares its page with nothing.
  EntropyDevice(std::string_view name, std::byte* buffer, std::uint64_t address)
      : name_(name), buffer_(buffer), address_(address) {}

  /// The device works, with this queue.
  void use(Queue& queue) {
    const Guard guard{lock_};
    queue_ = &queue;
  }

  /// In interrupt context: the device has used a buffer, or nothing.
  void on_used() {
    std::array<std::byte, kBytes> bytes{};
    const Answer answer = take(bytes);
    if (answer.bytes == 0) return;
    random::add_entropy({bytes.data(), answer.bytes}, answer.bits);
    wipe(bytes.data());
  }

  [[nodiscard]] std::uint64_t bytes() const {
    const Guard guard{lock_};
    return all_bytes_;
  }
  [[nodiscard]] std::uint64_t counted() const {
    const Guard guard{lock_};
    return all_bits_;
  }

 private:
  struct Answer {
    std::size_t bytes = 0;
    std::size_t bits = 0;
  };

  static void wipe(std::byte* bytes) {
    volatile std::byte* const first = bytes;
    for (std::size_t i = 0; i < kBytes; ++i) first[i] = std::byte{};
  }

  Answer take(std::array<std::byte, kBytes>& bytes) {
    const Guard guard{lock_};
    virtio::Completion completion;
    if (queue_ == nullptr || !queue_->take(completion)) {
      give_up_after_fault();
      return {};
    }
    under_way_ = false;
    Answer answer{.bytes = std::min<std::size_t>(completion.written, kBytes)};
    std::memcpy(bytes.data(), buffer_, answer.bytes);
    wipe(buffer_);
    const bool good = test_.accept({bytes.data(), answer.bytes});
    if (!good && !complained_) {
      complained_ = true;
      log::warning("random_virtio", "{}: repeats itself, and counts for nothing where it does",
                   name_);
    }
    if (good && !stale_) answer.bits = answer.bytes * kBitsPerByte;
    // What is no longer wanted is not what was asked for last.
    if (!stale_) wanted_ -= std::min(wanted_, answer.bytes);
    stale_ = false;
    all_bytes_ += answer.bytes;
    all_bits_ += answer.bits;
    // A device that gives nothing is asked again by the next ask() only.
    if (answer.bytes != 0) request();
    return answer;
  }

  void give_up_after_fault() {
    if (queue_ == nullptr || queue_->fault() == virtio::RingFault::kNone) return;
    log::error("random_virtio", "{}: {}; no longer asked", name_, describe(queue_->fault()));
    queue_ = nullptr;
  }

  void do_ask() override {
    const Guard guard{lock_};
    wanted_ = kBytes;
    request();
  }
  void do_forget() override {
    const Guard guard{lock_};
    stale_ = under_way_;
  }

  // Under the lock.
  void request() {
    if (queue_ == nullptr || under_way_ || wanted_ == 0) return;
    const virtio::Segment segment{address_, kBytes};
    under_way_ = queue_->add_writable(segment, this);
    queue_->flush();
  }

  mutable IrqSpinLock lock_;
  std::string_view name_;
  std::byte* buffer_;
  std::uint64_t address_;
  Queue* queue_ = nullptr;
  std::size_t wanted_ = 0;  // bytes of the last ask()
  bool under_way_ = false;
  bool stale_ = false;  // what is under way was forgotten
  bool complained_ = false;
  RepetitionTest test_;
  std::uint64_t all_bytes_ = 0;
  std::uint64_t all_bits_ = 0;
};

}  // namespace atl::random_virtio
