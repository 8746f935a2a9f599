// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace atl::irq::test {

/// One block of registers: what was written is read back, write-one registers
/// aside, and every write is kept in order.
struct Block {
  std::string name;
  std::map<std::uint64_t, std::uint64_t> registers;
  std::uint32_t stuck_offset = ~0u;  ///< reads of it never change
  std::uint32_t stuck_value = 0;

  std::uint64_t read(std::uint64_t offset, std::size_t bytes);
  void write(std::uint64_t offset, std::uint64_t value, std::size_t bytes);
};

/// "distributor 100+4=20" for each write since clear_log().
extern std::vector<std::string> write_log;

struct FakeIo {
  Block* block = nullptr;

  template <typename T>
  T read(std::uint64_t offset) const {
    return static_cast<T>(block->read(offset, sizeof(T)));
  }
  template <typename T>
  void write(std::uint64_t offset, T value) const {
    block->write(offset, value, sizeof(T));
  }
};

/// The system registers of version 3.
struct FakeSystem {
  static std::deque<std::uint32_t> signalled;
  static std::vector<std::uint32_t> ended;
  static int enables;
  static std::uint32_t affinity_value;
  static std::vector<std::pair<std::uint32_t, std::uint32_t>> sent;  ///< line, affinity

  static void enable() { ++enables; }
  static std::uint32_t acknowledge();
  static void end(std::uint32_t line) { ended.push_back(line); }
  static std::uint32_t affinity() { return affinity_value; }
  static void send(std::uint32_t line, std::uint32_t affinity) { sent.push_back({line, affinity}); }
};

}  // namespace atl::irq::test
