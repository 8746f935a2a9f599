// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/format.hpp>
#include <atoll/make.hpp>
#include <atoll/packet_element.hpp>
#include <cstddef>
#include <span>
#include <string_view>

/// The kinds of elements that this image has, and what makes one from a configuration.
namespace atl::packet_elements {

/// What is wrong with a configuration: where, and what would be right.
struct Mistake {
  std::string_view source;  ///< which text
  unsigned line = 0;        ///< from 1 on; 0 where it is no place in a text
  unsigned column = 0;
  std::array<char, 240> text{};  ///< a sentence without its full stop

  [[nodiscard]] std::string_view sentence() const { return std::string_view{text.data()}; }
};

class Reader;

/// An element that a configuration asks for: what stands behind its kind's name, to be read from
/// left to right, and where the element goes. What is left unread is refused.
class Wanted {
 public:
  /// For a Reader alone.
  explicit Wanted(Reader& reader) : reader_(reader) {}
  Wanted(const Wanted&) = delete;
  Wanted& operator=(const Wanted&) = delete;

  /// The next word, and steps behind it; empty at the end and before a comma. It stays as long as
  /// the configuration's text does.
  std::string_view word();
  /// The next word, which is not taken.
  [[nodiscard]] std::string_view look() const;
  /// Whether `expected` is next: then it is taken.
  bool take(std::string_view expected);
  /// The same for a comma.
  bool take_comma();
  /// A number from `least` to `most`, decimal, or hexadecimal behind 0x; `what` says in the
  /// mistake what it is. kInvalidArgument.
  Result<std::uint64_t> number(std::string_view what, std::uint64_t least, std::uint64_t most);

  /// The error for the word that was read last, or for the place where one is missing; the
  /// sentence says what would be right.
  template <typename... Arguments>
  Error refuse(FormatString<std::type_identity_t<Arguments>...> pattern,
               const Arguments&... arguments) {
    const std::array<FormatArgument, sizeof...(Arguments)> erased{FormatArgument{arguments}...};
    return refuse_with(pattern.view(), erased);
  }

  /// Makes the element. kNoMemory.
  template <typename T, typename... Arguments>
  Result<void> make(Arguments&&... arguments) {
    T* const made = TRY(make_in<T>(default_allocator(), std::forward<Arguments>(arguments)...));
    made_.reset(made);
    return {};
  }
  /// What was made.
  Owned<Element> take_made() { return std::move(made_); }

 private:
  Error refuse_with(std::string_view pattern, std::span<const FormatArgument> arguments);

  Reader& reader_;
  Owned<Element> made_;
};

/// A kind of element, in the table that is generated from the libraries of this image:
/// `DRIVERS packet_elements "count" count_element` makes `count` call
/// `Result<void> atl::count_element(packet_elements::Wanted& wanted)`, which reads what it takes
/// and makes the element, or refuses.
struct Driver {
  std::string_view identity;
  Result<void> (*probe)(Wanted& wanted);
};

/// In build/<cell>/generated/drivers.cpp.
std::span<const Driver> drivers();

}  // namespace atl::packet_elements
