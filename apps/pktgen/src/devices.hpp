// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/netdev.hpp>
#include <atoll/traffic/plan.hpp>
#include <cstdint>
#include <span>

namespace pktgen {

/// The interfaces of a plan, open from create() to the end, and the memory that they receive
/// into and that is sent from.
class Devices final : public atl::OnHeap<Devices> {
 public:
  static constexpr std::uint16_t kDepth = 256;  // buffers under way on each side of an interface

  /// Finds and opens what `plan` names; null where that cannot be, and says why.
  static atl::Owned<Devices> create(const atl::traffic::Plan& plan);
  /// Only for create().
  Devices() = default;
  ~Devices();

  /// Whether all of them have a link.
  [[nodiscard]] bool are_up() const;
  /// Restarts those that have broken their protocol. False where one is dead, which it says.
  bool look_after();

  /// The one of that name; null where the plan names none.
  [[nodiscard]] atl::Netdev* find(std::string_view name) const;
  [[nodiscard]] std::span<atl::Netdev* const> all() const { return {devices_.data(), count_}; }
  [[nodiscard]] const atl::BufferPool& pool() const { return *pool_; }
  /// To send from.
  [[nodiscard]] atl::BufferPool& senders() const { return *senders_; }

 private:
  bool add(std::string_view name);
  bool make_pools(const atl::traffic::Plan& plan);
  bool open();

  std::array<atl::Netdev*, 2> devices_{};
  std::size_t count_ = 0;
  std::size_t opened_ = 0;
  atl::Owned<atl::BufferPool> pool_;
  atl::Owned<atl::BufferPool> senders_;
};

}  // namespace pktgen
