// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/irq_handlers.hpp>

namespace atl::irq {

HandlerTable::Entry* HandlerTable::find(std::uint32_t line) {
  const std::size_t first = line % entries_.size();
  for (std::size_t step = 0; step < entries_.size(); ++step) {
    Entry& entry = entries_[(first + step) % entries_.size()];
    const std::uint32_t key = entry.key.load(std::memory_order_acquire);
    if (key == line + 2) return &entry;
    if (key == kNeverUsed) return nullptr;
  }
  return nullptr;
}

Result<void> HandlerTable::add(std::uint32_t line, Handler handler, void* context) {
  const Guard guard{lock_};
  if (find(line) != nullptr) return fail(Errc::kBusy);
  const std::size_t first = line % entries_.size();
  for (std::size_t step = 0; step < entries_.size(); ++step) {
    Entry& entry = entries_[(first + step) % entries_.size()];
    if (entry.key.load(std::memory_order_relaxed) > kRemoved) continue;
    entry.handler = handler;
    entry.context = context;
    entry.state.store(kMasked, std::memory_order_relaxed);
    // Published last: run() on another CPU sees a whole entry or none.
    entry.key.store(line + 2, std::memory_order_release);
    return {};
  }
  return fail(Errc::kNoMemory);
}

void HandlerTable::remove(std::uint32_t line) {
  const Guard guard{lock_};
  if (Entry* entry = find(line)) entry->key.store(kRemoved, std::memory_order_release);
}

void HandlerTable::mask(std::uint32_t line) {
  if (Entry* entry = find(line)) entry->state.fetch_or(kMasked);
}

bool HandlerTable::unmask(std::uint32_t line) {
  Entry* entry = find(line);
  return entry != nullptr && (entry->state.exchange(0) & kPending) != 0;
}

bool HandlerTable::run(std::uint32_t line) {
  Entry* entry = find(line);
  if (entry == nullptr) return false;
  if ((entry->state.load(std::memory_order_acquire) & kMasked) != 0 &&
      (entry->state.fetch_or(kPending) & kMasked) != 0)
    return true;
  entry->handler(entry->context);
  return true;
}

}  // namespace atl::irq
