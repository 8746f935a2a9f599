// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_gic.hpp"

#include <cstdio>

namespace atl::irq::test {

std::vector<std::string> write_log;
std::deque<std::uint32_t> FakeSystem::signalled;
std::vector<std::uint32_t> FakeSystem::ended;
int FakeSystem::enables = 0;
std::uint32_t FakeSystem::affinity_value = 0;
std::vector<std::pair<std::uint32_t, std::uint32_t>> FakeSystem::sent;

std::uint64_t Block::read(std::uint64_t offset, std::size_t bytes) {
  if (offset == stuck_offset) return stuck_value;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value |= (registers[offset + i] & 0xff) << (8 * i);
  return value;
}

void Block::write(std::uint64_t offset, std::uint64_t value, std::size_t bytes) {
  char line[96];
  std::snprintf(line, sizeof(line), "%s %llx+%zu=%llx", name.c_str(),
                static_cast<unsigned long long>(offset), bytes,
                static_cast<unsigned long long>(value));
  write_log.emplace_back(line);
  for (std::size_t i = 0; i < bytes; ++i) registers[offset + i] = (value >> (8 * i)) & 0xff;
}

std::uint32_t FakeSystem::acknowledge() {
  if (signalled.empty()) return 1023;
  const std::uint32_t line = signalled.front();
  signalled.pop_front();
  return line;
}

}  // namespace atl::irq::test
