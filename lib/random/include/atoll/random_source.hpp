// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

/// Devices that give entropy when they are asked, some time later.
namespace atl::random {

/// One of them: its driver answers by add_entropy().
class Source {
 public:
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  /// Asks for as much as seeds the generator. Any context but a non-maskable interrupt;
  /// never waits. Nothing where an answer is under way.
  void ask() { do_ask(); }
  /// What is under way counts for nothing: a copy of this image may be given the same bytes.
  /// The next ask() is answered all the same. Context as ask().
  void forget() { do_forget(); }

 protected:
  constexpr Source() = default;
  ~Source() = default;

 private:
  friend class SourceList;

  virtual void do_ask() = 0;
  virtual void do_forget() = 0;

  Source* next_ = nullptr;
};

/// From here on the generator asks `source`, too, when it lacks entropy and from time to time,
/// and after a clone or a restore. For drivers, once they can answer; `source` stays for as
/// long as the image lives. Boot steps, one after the other.
void add_source(Source& source);

}  // namespace atl::random
