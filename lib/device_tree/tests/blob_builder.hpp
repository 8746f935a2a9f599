// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atl::device_tree {

/// Writes flattened trees for tests, broken ones included: it checks nothing.
class BlobBuilder {
 public:
  BlobBuilder& begin(std::string_view name) {
    cell(structure_, 1);
    structure_.insert(structure_.end(), name.begin(), name.end());
    structure_.push_back('\0');
    return pad();
  }
  BlobBuilder& end() { return token(2); }
  BlobBuilder& nop() { return token(4); }
  BlobBuilder& token(std::uint32_t value) {
    cell(structure_, value);
    return *this;
  }

  BlobBuilder& bytes(std::string_view name, std::string_view value) {
    cell(structure_, 3);
    cell(structure_, static_cast<std::uint32_t>(value.size()));
    cell(structure_, name_offset(name));
    structure_.insert(structure_.end(), value.begin(), value.end());
    return pad();
  }
  /// A string with its NUL; more strings by "\0" within `value`.
  BlobBuilder& text(std::string_view name, std::string_view value) {
    return bytes(name, std::string{value} + '\0');
  }
  BlobBuilder& cells(std::string_view name, std::initializer_list<std::uint32_t> values) {
    std::vector<char> raw;
    for (const std::uint32_t value : values) cell(raw, value);
    return bytes(name, {raw.data(), raw.size()});
  }
  BlobBuilder& flag(std::string_view name) { return bytes(name, ""); }

  BlobBuilder& reserve(std::uint64_t start, std::uint64_t size) {
    reservations_.emplace_back(start, size);
    return *this;
  }

  /// The blob, 8-byte aligned, with `padding` bytes of rubbish behind it that
  /// count in its total size. Adds the end token.
  std::span<std::byte> finish(std::size_t padding = 0) {
    token(9);
    std::vector<char> out(40);
    for (const auto& [start, size] : reservations_) {
      for (const std::uint64_t value : {start, size}) {
        cell(out, static_cast<std::uint32_t>(value >> 32));
        cell(out, static_cast<std::uint32_t>(value));
      }
    }
    out.insert(out.end(), 16, '\0');
    const std::size_t structure_at = out.size();
    out.insert(out.end(), structure_.begin(), structure_.end());
    const std::size_t strings_at = out.size();
    out.insert(out.end(), strings_.begin(), strings_.end());
    out.insert(out.end(), padding, '\xa5');

    std::vector<char> header;
    for (const std::size_t value :
         {std::size_t{0xd00dfeed}, out.size(), structure_at, strings_at, std::size_t{40},
          std::size_t{17}, std::size_t{16}, std::size_t{0}, strings_.size(), structure_.size()}) {
      cell(header, static_cast<std::uint32_t>(value));
    }
    std::copy(header.begin(), header.end(), out.begin());

    // Exactly as long as the blob, so that a sanitizer sees a read behind it.
    blob_ = std::make_unique<std::byte[]>(out.size());
    std::memcpy(blob_.get(), out.data(), out.size());
    return {blob_.get(), out.size()};
  }

 private:
  static void cell(std::vector<char>& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
  }
  BlobBuilder& pad() {
    while (structure_.size() % 4 != 0) structure_.push_back('\0');
    return *this;
  }
  std::uint32_t name_offset(std::string_view name) {
    const auto [found, added] =
        names_.try_emplace(std::string{name}, static_cast<std::uint32_t>(strings_.size()));
    if (added) {
      strings_.insert(strings_.end(), name.begin(), name.end());
      strings_.push_back('\0');
    }
    return found->second;
  }

  std::vector<char> structure_;
  std::vector<char> strings_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> reservations_;
  std::map<std::string, std::uint32_t> names_;
  std::unique_ptr<std::byte[]> blob_;
};

/// Overwrites the header's cell or a structure cell at `offset`.
inline void poke(std::span<std::byte> blob, std::size_t offset, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) {
    blob[offset + i] = static_cast<std::byte>(value >> (24 - 8 * i));
  }
}

}  // namespace atl::device_tree
