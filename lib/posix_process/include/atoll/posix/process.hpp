// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/result.hpp>
#include <atoll/sched.hpp>
#include <cstddef>

namespace atl {

/// What the threads of a program have in common (POSIX.1-2017, XBD 3.300). Reached from a
/// thread; lives as long as the image. Context of all: any.
class Process {
 public:
  /// POSIX's pid_t.
  using Id = int;
  static constexpr Id kFirst = 1;
  static constexpr std::size_t kMostParts = 8;

  constexpr Process(Id id, Id parent) : id_(id), parent_(parent) {}
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] Id id() const { return id_; }
  /// 0: nobody of this image.
  [[nodiscard]] Id parent() const { return parent_; }

  /// The calling thread's; from an interrupt handler: that of the thread it interrupted.
  static Process& current() { return *sched::current().process; }

 private:
  template <typename T>
  friend class ProcessSlot;
  /// A number for a slot, never given twice; asserts that there is one left.
  static std::size_t next_slot();

  Id id_;
  Id parent_;
  std::array<void*, kMostParts> parts_{};
};

/// Where a library keeps its part of each process: one constinit object per kind of
/// part, claimed by the library's boot step, before which no process has one.
template <typename T>
class ProcessSlot {
 public:
  constexpr ProcessSlot() = default;
  ProcessSlot(const ProcessSlot&) = delete;
  ProcessSlot& operator=(const ProcessSlot&) = delete;

  /// By a boot step, once.
  void claim() { index_ = Process::next_slot(); }

  /// Makes `part` that of `process`, which borrows it for its life. By a boot step.
  void attach(Process& process, T& part) const { process.parts_[index_] = &part; }

  /// Null where nobody has attached one.
  [[nodiscard]] T* of(const Process& process) const {
    return static_cast<T*>(process.parts_[index_]);
  }

 private:
  std::size_t index_ = 0;
};

}  // namespace atl
