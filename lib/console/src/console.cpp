// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/console.hpp>
#include <atoll/lock.hpp>
#include <atomic>

namespace atl::console {

/// The sinks, newest first.
struct SinkList {
  Sink* first = nullptr;

  void add(Sink& sink) {
    sink.next_ = first;
    first = &sink;
  }
  static Sink* after(Sink& sink) { return sink.next_; }
};

namespace {

/// Enough for what boot steps say before the first sink; see README.md.
constexpr std::size_t kEarlyBytes = 512;

struct State {
  SinkList sinks;
  bool mid_line = false;
  std::uint16_t early_used = 0;
  std::array<char, kEarlyBytes> early{};
};

/// Any other lock may be held while something is written.
constexpr LockRank kConsoleRank{255};

constinit RankedIrqSpinLock<kConsoleRank> lock;
constinit State state;
constinit std::atomic<bool> locks_broken{false};

/// Holds the lock for a scope, unless a panic has broken it.
class Access {
 public:
  Access() : taken_(!locks_broken.load(std::memory_order_relaxed)) {
    if (taken_) interrupts_ = lock.acquire();
  }
  ~Access() {
    if (taken_) lock.release(interrupts_);
  }
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;

 private:
  bool taken_;
  arch::Cpu::InterruptState interrupts_{};
};

/// Writes `text` to `sink`, each "\n" as "\r\n".
void show(Sink& sink, std::string_view text) {
  std::size_t shown = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\n') continue;
    if (at > shown) sink.write({text.data() + shown, at - shown});
    sink.write("\r\n");
    shown = at + 1;
  }
  if (shown < text.size()) sink.write({text.data() + shown, text.size() - shown});
}

void keep_early(std::string_view text) {
  for (const char c : text) {
    if (state.early_used == kEarlyBytes) return;
    state.early[state.early_used++] = c;
  }
}

void write_locked(std::string_view text) {
  if (text.empty()) return;
  state.mid_line = text.back() != '\n';
  if (state.sinks.first == nullptr) keep_early(text);
  for (Sink* sink = state.sinks.first; sink != nullptr; sink = SinkList::after(*sink))
    show(*sink, text);
}

}  // namespace

void add_sink(Sink& sink) {
  const Access access;
  state.sinks.add(sink);
  show(sink, {state.early.data(), state.early_used});
}

void write(std::string_view text) {
  const Access access;
  write_locked(text);
}

void fresh_line() {
  const Access access;
  if (state.mid_line) write_locked("\n");
}

std::size_t read(std::span<char> into) {
  const Access access;
  std::size_t count = 0;
  for (Sink* sink = state.sinks.first; sink != nullptr && count < into.size();
       sink = SinkList::after(*sink)) {
    count += sink->read(into.subspan(count));
  }
  return count;
}

void break_locks() { locks_broken.store(true, std::memory_order_relaxed); }

}  // namespace atl::console
