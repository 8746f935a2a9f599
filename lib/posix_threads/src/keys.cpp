// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/alloc.hpp>
#include <atoll/lock.hpp>
#include <new>

#include "program_thread.hpp"

// POSIX.1-2017, XSH pthread_key_create() and its kin.
namespace atl::posix {
namespace {

// PTHREAD_DESTRUCTOR_ITERATIONS.
constexpr std::uint32_t kRounds = 4;

struct Key {
  // Odd while it is in use: so a value of an earlier use is told from one of this.
  std::atomic<std::uint32_t> use = 0;
  void (*destroy)(void*) = nullptr;  // under keys_lock
};

constinit std::array<Key, kMostKeys> keys;
constinit SpinLock keys_lock;

// How `key` is used now; 0 where it is not.
std::uint32_t use_of(std::uint32_t key) {
  if (key >= kMostKeys) return 0;
  const std::uint32_t use = keys[key].use.load(std::memory_order_acquire);
  return use % 2 == 1 ? use : 0;
}

}  // namespace

Result<std::uint32_t> create_key(void (*destroy)(void*)) {
  Guard guard{keys_lock};
  for (std::uint32_t key = 0; key < kMostKeys; ++key) {
    const std::uint32_t use = keys[key].use.load(std::memory_order_relaxed);
    if (use % 2 == 1) continue;
    keys[key].destroy = destroy;
    keys[key].use.store(use + 1, std::memory_order_release);
    return key;
  }
  return fail(Errc::kTryAgain);
}

Result<void> delete_key(std::uint32_t key) {
  Guard guard{keys_lock};
  const std::uint32_t use = use_of(key);
  if (use == 0) return fail(Errc::kInvalidArgument);
  keys[key].use.store(use + 1, std::memory_order_release);
  return {};
}

Result<void> set_value(std::uint32_t key, const void* value) {
  const std::uint32_t use = use_of(key);
  if (use == 0) return fail(Errc::kInvalidArgument);
  ProgramThread* const self = ProgramThread::get();
  if (self == nullptr) return fail(Errc::kNoMemory);
  if (self->values == nullptr) {
    if (value == nullptr) return {};
    void* const memory = default_allocator().allocate(sizeof(KeyValues), alignof(KeyValues));
    if (memory == nullptr) return fail(Errc::kNoMemory);
    self->values = ::new (memory) KeyValues{};
  }
  (*self->values)[key] = {value, use};
  return {};
}

void* value(std::uint32_t key) {
  const ProgramThread* const self = ProgramThread::find();
  if (self == nullptr || self->values == nullptr || key >= kMostKeys) return nullptr;
  const KeyValue& kept = (*self->values)[key];
  return kept.use == use_of(key) ? const_cast<void*>(kept.value) : nullptr;
}

void run_keys(ProgramThread& self) {
  bool again = self.values != nullptr;
  while (again && self.key_rounds < kRounds) {
    ++self.key_rounds;
    again = false;
    for (std::uint32_t key = 0; key < kMostKeys; ++key) {
      void* const old = value(key);
      if (old == nullptr) continue;
      (*self.values)[key].value = nullptr;
      void (*destroy)(void*) = nullptr;
      {
        Guard guard{keys_lock};
        if (use_of(key) == (*self.values)[key].use) destroy = keys[key].destroy;
      }
      if (destroy == nullptr) continue;
      again = true;
      destroy(old);
    }
  }
}

}  // namespace atl::posix
