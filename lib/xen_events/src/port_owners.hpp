// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/cpu_local.hpp>
#include <atoll/xen/shared_page.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace atl::xen {

/// Which CPU handles which port: Xen's bits do not tell. The first CPU has those that
/// nobody else was given. Any context.
template <std::size_t Cpus>
class BasicPortOwners {
 public:
  using Word = std::uint64_t;
  static constexpr std::uint32_t kBits = sizeof(Word) * 8;

  /// `port` is `cpu`'s, which can have events.
  void give(std::uint32_t port, std::uint32_t cpu) {
    if constexpr (kFurther > 0) {
      if (cpu == 0) return;
      of_further_[cpu - 1][port / kBits].fetch_or(bit(port));
      of_any_[port / kBits].fetch_or(bit(port));
    }
  }
  /// It is the first CPU's again.
  void take_back(std::uint32_t port) {
    if constexpr (kFurther > 0) {
      for (auto& words : of_further_) words[port / kBits].fetch_and(~bit(port));
      of_any_[port / kBits].fetch_and(~bit(port));
    }
  }
  /// The ports of `cpu` among those of `word`.
  [[nodiscard]] Word of(std::uint32_t cpu, std::uint32_t word) const {
    if constexpr (kFurther == 0) return ~Word{0};
    return cpu == 0 ? ~of_any_[word].load() : of_further_[cpu - 1][word].load();
  }

 private:
  static constexpr std::size_t kFurther = Cpus - 1;
  using Words = std::array<std::atomic<Word>, SharedPage::kWords>;

  static Word bit(std::uint32_t port) { return Word{1} << (port % kBits); }

  std::array<Words, kFurther> of_further_{};
  std::array<std::atomic<Word>, kFurther == 0 ? 0 : SharedPage::kWords> of_any_{};
};

/// Of the CPUs that can have events.
using PortOwners = BasicPortOwners<(kMaxCpus < SharedPage::kCpus ? kMaxCpus : SharedPage::kCpus)>;

}  // namespace atl::xen
