// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/config/random.hpp>
#include <atoll/lock.hpp>
#include <atoll/random.hpp>
#include <atoll/random_source.hpp>
#include <atomic>

#include "generator.hpp"
#include "sources.hpp"

namespace atl::random {

/// Grows at boot and never shrinks, so that it is read without a lock.
class SourceList {
 public:
  void add(Source& source) {
    source.next_ = first_.load(std::memory_order_relaxed);
    first_.store(&source, std::memory_order_release);
  }
  void ask() {
    for (Source* at = first(); at != nullptr; at = at->next_) at->ask();
  }
  void forget() {
    for (Source* at = first(); at != nullptr; at = at->next_) at->forget();
  }

 private:
  Source* first() { return first_.load(std::memory_order_acquire); }

  std::atomic<Source*> first_{nullptr};
};

namespace {

constinit Locked<Generator> generator;
constinit SourceList devices;

/// Calls of fill() between two times that the CPU's instruction is asked again,
/// so that a state that leaked once is of no use for ever.
constexpr std::uint32_t kFillsPerReseed = 4096;
constinit std::atomic<std::uint32_t> fills{0};

/// Asks the sources in the order of their quality, until the seed is complete.
void gather() {
  add_hardware();
  if (!seeded()) add_boot_seed();
  if (!seeded()) devices.ask();
  if constexpr (config::random::kJitter) {
    if (!seeded() && arch::Cpu::cpu_local().interrupt_depth == 0) add_jitter();
  }
}

}  // namespace

Result<void> fill(std::span<std::byte> out) {
  if (!seeded()) {
    gather();
  } else if (fills.fetch_add(1, std::memory_order_relaxed) % kFillsPerReseed ==
             kFillsPerReseed - 1) {
    add_hardware();
    devices.ask();
  }

  auto key = generator.with([](Generator& state) { return state.next_key(); });
  if (!key) return fail(Errc::kTryAgain);
  chacha20::Block block;
  // The nonce counts where the 32-bit counter ends, at 256 GiB.
  chacha20::Nonce nonce{};
  std::uint32_t counter = 0;
  while (!out.empty()) {
    chacha20::block(*key, counter, nonce, block);
    if (++counter == 0) ++nonce[0];
    const auto bytes = std::as_bytes(std::span{block});
    const std::size_t size = out.size() < bytes.size() ? out.size() : bytes.size();
    for (std::size_t i = 0; i < size; ++i) out[i] = bytes[i];
    out = out.subspan(size);
  }
  wipe(block);
  wipe(*key);
  return {};
}

void add_entropy(std::span<const std::byte> bytes, std::size_t entropy_bits) {
  generator.with([&](Generator& state) { state.add(bytes, entropy_bits); });
}

bool seeded() {
  return generator.with([](const Generator& state) { return state.seeded(); });
}

void reseed() {
  generator.with([](Generator& state) { state.forget(); });
  devices.forget();
  gather();
  devices.ask();
}

void add_source(Source& source) { devices.add(source); }

}  // namespace atl::random
