// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/xen/abi.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace atl::xen {

/// The entries that Xen reads, and into whose flags it writes who uses them. Those that
/// are free form a list: a frame number means nothing in an invalid entry. Takes no
/// lock.
class GrantTable {
 public:
  constexpr GrantTable() = default;

  /// `entries` are all zeros; the first few are reserved for the toolstack.
  explicit GrantTable(std::span<grant_entry_v1> entries) : entries_(entries) {
    for (std::size_t ref = entries.size(); ref-- > GNTTAB_NR_RESERVED_ENTRIES;) {
      give_back(static_cast<std::uint32_t>(ref));
    }
  }

  [[nodiscard]] std::size_t left() const { return left_; }

  Result<std::uint32_t> add(domid_t to, std::uint32_t frame, bool writable) {
    if (entries_.empty()) return fail(Errc::kNoDevice);
    if (free_ == kNone) return fail(Errc::kNoSpace);
    const std::uint32_t ref = free_;
    grant_entry_v1& entry = entries_[ref];
    free_ = entry.frame;
    --left_;
    entry.frame = frame;
    entry.domid = to;
    // The flags make the rest count (grant_table.h, "Introducing a valid entry").
    const unsigned access = writable ? 0 : GTF_readonly;
    flags(entry).store(static_cast<std::uint16_t>(GTF_permit_access | access),
                       std::memory_order_release);
    return ref;
  }

  Result<void> remove(std::uint32_t ref) {
    if (ref < GNTTAB_NR_RESERVED_ENTRIES || ref >= entries_.size()) {
      return fail(Errc::kInvalidArgument);
    }
    const auto shared = flags(entries_[ref]);
    std::uint16_t now = shared.load();
    do {
      if ((now & GTF_type_mask) != GTF_permit_access) return fail(Errc::kInvalidArgument);
      if ((now & (GTF_reading | GTF_writing)) != 0) return fail(Errc::kBusy);
    } while (!shared.compare_exchange_weak(now, GTF_invalid));
    give_back(ref);
    return {};
  }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  static std::atomic_ref<std::uint16_t> flags(grant_entry_v1& entry) {
    return std::atomic_ref<std::uint16_t>{entry.flags};
  }
  void give_back(std::uint32_t ref) {
    entries_[ref].frame = free_;
    free_ = ref;
    ++left_;
  }

  std::span<grant_entry_v1> entries_;
  std::uint32_t free_ = kNone;
  std::size_t left_ = 0;
};

}  // namespace atl::xen
