// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "pending.hpp"

#include <bit>

namespace atl::posix {

bool PendingSignals::add(const SignalInfo& info, SignalPool& pool) {
  if (!is_real_time(info.signal) && has(set_, info.signal)) return true;
  QueuedSignal* const one = pool.take();
  if (one == nullptr && info.code == kQueued && is_real_time(info.signal)) return false;
  set_ |= set_of(info.signal);
  if (one == nullptr) return true;
  one->info = info;
  one->owned = false;
  append(*one);
  return true;
}

void PendingSignals::add_owned(QueuedSignal& one) {
  if (one.queued) return;
  if (!is_real_time(one.info.signal) && has(set_, one.info.signal)) return;
  set_ |= set_of(one.info.signal);
  append(one);
}

bool PendingSignals::take(SignalSet wanted, SignalPool& pool, SignalInfo& info) {
  const SignalSet candidates = set_ & wanted;
  if (candidates == 0) return false;
  const int signal = std::countr_zero(candidates) + 1;
  info = {};
  info.signal = signal;
  bool found = false;
  bool more = false;
  for (QueuedSignal **at = &first_, *one = first_; one != nullptr; one = *at) {
    if (one->info.signal != signal) {
      at = &one->next;
    } else if (found) {
      more = true;
      break;
    } else {
      found = true;
      info = one->info;
      unlink(at, *one, pool);
    }
  }
  if (!more) set_ &= ~set_of(signal);
  return true;
}

void PendingSignals::discard(SignalSet unwanted, SignalPool& pool) {
  set_ &= ~unwanted;
  for (QueuedSignal **at = &first_, *one = first_; one != nullptr; one = *at) {
    if (has(unwanted, one->info.signal)) {
      unlink(at, *one, pool);
    } else {
      at = &one->next;
    }
  }
}

void PendingSignals::remove(QueuedSignal& gone, SignalPool& pool) {
  bool same = false;
  bool found = false;
  for (QueuedSignal **at = &first_, *one = first_; one != nullptr; one = *at) {
    if (one == &gone) {
      found = true;
      unlink(at, *one, pool);
    } else {
      same = same || one->info.signal == gone.info.signal;
      at = &one->next;
    }
  }
  if (found && !same) set_ &= ~set_of(gone.info.signal);
}

void PendingSignals::append(QueuedSignal& one) {
  one.next = nullptr;
  one.queued = true;
  QueuedSignal** at = &first_;
  while (*at != nullptr) at = &(*at)->next;
  *at = &one;
}

void PendingSignals::unlink(QueuedSignal** at, QueuedSignal& one, SignalPool& pool) {
  *at = one.next;
  one.next = nullptr;
  one.queued = false;
  if (!one.owned) pool.give_back(one);
}

}  // namespace atl::posix
