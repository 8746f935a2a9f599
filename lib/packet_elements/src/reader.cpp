// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "reader.hpp"

#include <atoll/parse.hpp>

#include "interface_port.hpp"

namespace atl::packet_elements {

namespace {

using Kind = Token::Kind;

bool is_name(std::string_view word) {
  for (const char c : word) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && (c < '0' || c > '9') && c != '_') return false;
  }
  return !word.empty();
}

}  // namespace

Token Reader::step() {
  const Token token = next_;
  last_ = token.text;
  next_ = lexer_.next();
  return token;
}

Reader::Place Reader::place_of(std::string_view part) const {
  Place place;
  for (const char* at = text_.data(); at != part.data(); ++at) {
    ++place.column;
    if (*at == '\n') place = {place.line + 1, 1};
  }
  return place;
}

Error Reader::refuse(std::string_view where, std::string_view pattern,
                     std::span<const FormatArgument> arguments) {
  Mistake& mistake = network_.mistake_;
  const Place place = place_of(where);
  mistake.source = source_;
  mistake.line = place.line;
  mistake.column = place.column;
  TextWriter writer{mistake.text};
  format(writer, pattern, arguments);
  return fail(Errc::kInvalidArgument);
}

Result<void> Reader::run() {
  while (next_.kind != Kind::kTextEnd) {
    if (next_.kind == Kind::kStatementEnd) {
      step();
      continue;
    }
    TRY(statement());
    if (next_.kind == Kind::kTextEnd) break;
    const Token end = step();
    if (end.kind == Kind::kStrange) return refuse_at(end.text, "a character that means nothing");
    if (end.kind != Kind::kStatementEnd) {
      return refuse_at(end.text,
                       "`{}` is more than is taken here: an arrow goes on to the next "
                       "element, a new line or `;` ends the chain",
                       end.text);
    }
  }
  return {};
}

Result<void> Reader::statement() {
  const Token first = step();
  if (first.kind == Kind::kStrange) return refuse_at(first.text, "a character that means nothing");
  if (first.kind != Kind::kWord) {
    return refuse_at(first.text,
                     "`{}` has nothing in front: a chain begins with an interface or "
                     "an element, as in `net0 -> net1`",
                     first.text);
  }
  if (next_.kind == Kind::kEquals) return declaration(first.text);
  if (first.text == "set") return setting();
  return chain(first.text);
}

Result<void> Reader::setting() {
  const std::string_view name = next_.kind == Kind::kWord ? step().text : next_.text;
  PacketNetwork::Setting* found = nullptr;
  std::array<char, 120> room;
  TextWriter names{room};
  for (PacketNetwork::Setting& one : network_.hooks_.settings) {
    if (one.name == name) found = &one;
    names.character(' ').text(one.name);
  }
  if (found == nullptr)
    return refuse_at(name, "there is no setting `{}`; there are:{}", name, names.view());
  const std::string_view text = next_.kind == Kind::kWord ? step().text : next_.text;
  const auto value = parse_number(text, found->most);
  if (!value.ok()) {
    return refuse_at(text, "`set {}` takes a number up to {}, not `{}`", name, found->most, text);
  }
  found->value = value.value();
  return {};
}

Result<void> Reader::declaration(std::string_view name) {
  if (!is_name(name)) {
    return refuse_at(name, "`{}` is no name: letters, digits and underscores make one", name);
  }
  if (kind(name) != nullptr || network_.find(name) != nullptr || name == "set" ||
      network_.hooks_.interface(name) != nullptr) {
    return refuse_at(name, "`{}` is taken: choose another name", name);
  }
  step();
  if (next_.kind != Kind::kWord) {
    return refuse_at(next_.text, "the kind of element that is to be called `{}` is missing", name);
  }
  TRY(element(step().text, name));
  return {};
}

const Driver* Reader::kind(std::string_view name) const {
  for (const Driver& one : network_.hooks_.kinds) {
    if (one.identity == name) return &one;
  }
  return nullptr;
}

Error Reader::refuse_unknown(std::string_view word) {
  std::array<char, 160> room;
  TextWriter names{room};
  for (const Driver& one : network_.hooks_.kinds) names.character(' ').text(one.identity);
  for (std::uint64_t number = 0;; ++number) {
    std::array<char, 8> name_room;
    TextWriter name{name_room};
    name.text("net").decimal(number);
    if (network_.hooks_.interface(name.view()) == nullptr) break;
    names.character(' ').text(name.view());
  }
  return refuse_at(word, "there is no element or interface `{}`; there are:{}", word, names.view());
}

Result<Reader::Node*> Reader::element(std::string_view word, std::string_view name) {
  const Driver* const driver = kind(word);
  if (driver == nullptr) return refuse_unknown(word);
  Wanted wanted{*this};
  TRY(driver->probe(wanted));
  if (next_.kind == Kind::kWord || next_.kind == Kind::kComma || next_.kind == Kind::kEquals) {
    return refuse_at(next_.text, "`{}` is more than `{}` takes", next_.text, word);
  }
  Node node;
  node.name = name.empty() ? word : name;
  node.named = !name.empty();
  node.source = source_;
  const Place place = place_of(word);
  node.line = place.line;
  node.column = place.column;
  node.element = wanted.take_made();
  Node* const added = network_.add(std::move(node));
  if (added == nullptr) return refuse_at(word, "there are too many elements and interfaces");
  return added;
}

Result<Reader::Stop> Reader::stop(std::string_view word) {
  Stop stop{.word = word};
  std::string_view name = word;
  if (const std::size_t dot = word.find('.'); dot != std::string_view::npos) {
    name.remove_prefix(dot + 1);
    const auto port = parse_number(name, Element::kMostPorts);
    if (!port.ok())
      return refuse_at(word, "behind the dot of `{}` stands no number of an input or output", word);
    stop.port = static_cast<std::uint16_t>(port.value());
    stop.port_named = true;
    name = {word.data(), dot};
  }
  Node* node = network_.find(name);
  if (node == nullptr || !node->named) {
    node = nullptr;
    if (Netdev* const device = network_.hooks_.interface(name); device != nullptr) {
      node = TRY(network_.interface(name, *device));
      if (node == nullptr) return refuse_at(word, "there are too many elements and interfaces");
    }
  }
  if (node == nullptr) node = TRY(element(name, {}));
  stop.node = node;
  return stop;
}

Result<std::uint16_t> Reader::port_of(const Stop& stop, std::uint16_t count,
                                      std::string_view what) {
  if (count == 0) return refuse_at(stop.word, "`{}` has no {}", stop.node->name, what);
  if (!stop.port_named && count > 1) {
    return refuse_at(stop.word, "`{}` has {} {}s: say which, from `{}.0` on", stop.node->name,
                     count, what, stop.node->name);
  }
  if (stop.port >= count) {
    return refuse_at(stop.word, "`{}` has {} {}s, from `{}.0` on", stop.node->name, count, what,
                     stop.node->name);
  }
  return stop.port;
}

Result<void> Reader::connect(const Stop& from, const Stop& to) {
  const std::uint16_t output = TRY(port_of(from, from.node->element->shape().outputs, "output"));
  const std::uint16_t input = TRY(port_of(to, to.node->element->shape().inputs, "input"));
  if (from.node->element->behind(output) != nullptr) {
    return refuse_at(
        from.word, "`{}` leads elsewhere already: it stands in front of one arrow only", from.word);
  }
  from.node->element->connect(output, *to.node->element, input);
  ++to.node->fed;
  return {};
}

Result<void> Reader::chain(std::string_view first) {
  Stop from = TRY(stop(first));
  if (next_.kind != Kind::kArrow) {
    if (next_.kind == Kind::kStatementEnd || next_.kind == Kind::kTextEnd) {
      return refuse_at(first, "`{}` stands alone: a chain has an arrow, as in `net0 -> net1`",
                       first);
    }
    return {};
  }
  while (next_.kind == Kind::kArrow) {
    step();
    if (next_.kind != Kind::kWord) {
      return refuse_at(next_.text, "behind the arrow an interface or element is missing");
    }
    const std::string_view word = step().text;
    const Stop to = TRY(stop(word));
    if (to.node->element->interface_info() != nullptr && next_.kind == Kind::kArrow) {
      return refuse_at(word, "an interface begins or ends a chain: begin a new one with `{} ->`",
                       word);
    }
    TRY(connect(from, to));
    from = to;
  }
  return {};
}

std::string_view Wanted::look() const {
  return reader_.next().kind == Kind::kWord ? reader_.next().text : std::string_view{};
}

std::string_view Wanted::word() {
  if (reader_.next().kind == Kind::kWord) return reader_.step().text;
  reader_.note_missing();
  return {};
}

bool Wanted::take(std::string_view expected) {
  if (look() != expected || expected.empty()) return false;
  reader_.step();
  return true;
}

bool Wanted::take_comma() {
  if (reader_.next().kind != Kind::kComma) return false;
  reader_.step();
  return true;
}

Result<std::uint64_t> Wanted::number(std::string_view what, std::uint64_t least,
                                     std::uint64_t most) {
  const std::string_view text = word();
  const auto value = parse_number(text, most);
  if (!value.ok() || value.value() < least) {
    return refuse("{} is a number from {} to {}, not `{}`", what, least, most, text);
  }
  return value.value();
}

Error Wanted::refuse_with(std::string_view pattern, std::span<const FormatArgument> arguments) {
  return reader_.refuse(reader_.last(), pattern, arguments);
}

}  // namespace atl::packet_elements
