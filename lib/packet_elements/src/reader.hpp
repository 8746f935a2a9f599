// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/packet_network.hpp>
#include <string_view>

#include "lexer.hpp"

namespace atl::packet_elements {

/// Reads one text into a network.
class Reader {
 public:
  Reader(PacketNetwork& network, std::string_view source, std::string_view text)
      : network_(network), source_(source), text_(text), lexer_(text), next_(lexer_.next()) {
    last_ = next_.text;
  }

  Result<void> run();

  [[nodiscard]] const Token& next() const { return next_; }
  Token step();
  /// The error at `where`, a part of the text.
  Error refuse(std::string_view where, std::string_view pattern,
               std::span<const FormatArgument> arguments);
  /// What was taken last.
  [[nodiscard]] std::string_view last() const { return last_; }
  /// From here on a missing word stands behind what was taken last.
  void note_missing() { last_ = next_.text; }

 private:
  using Node = PacketNetwork::Node;

  /// Both from 1 on.
  struct Place {
    unsigned line = 1;
    unsigned column = 1;
  };
  /// Where a part of the text begins.
  [[nodiscard]] Place place_of(std::string_view part) const;

  /// A place in a chain: an element, and which of its inputs and outputs.
  struct Stop {
    Node* node = nullptr;
    std::string_view word;
    std::uint16_t port = 0;
    bool port_named = false;
  };

  template <typename... Arguments>
  Error refuse_at(std::string_view where, FormatString<std::type_identity_t<Arguments>...> pattern,
                  const Arguments&... arguments) {
    const std::array<FormatArgument, sizeof...(Arguments)> erased{FormatArgument{arguments}...};
    return refuse(where, pattern.view(), erased);
  }

  Result<void> statement();
  Result<void> setting();
  Result<void> declaration(std::string_view name);
  Result<void> chain(std::string_view first);
  Result<Stop> stop(std::string_view word);
  Result<Node*> element(std::string_view word, std::string_view name);
  Result<void> connect(const Stop& from, const Stop& to);
  Result<std::uint16_t> port_of(const Stop& stop, std::uint16_t count, std::string_view what);
  Error refuse_unknown(std::string_view word);
  [[nodiscard]] const Driver* kind(std::string_view name) const;

  PacketNetwork& network_;
  std::string_view source_;
  std::string_view text_;
  Lexer lexer_;
  Token next_;
  std::string_view last_;
};

}  // namespace atl::packet_elements
