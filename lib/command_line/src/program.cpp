// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "program.hpp"

#include <algorithm>
#include <atoll/console.hpp>
#include <atoll/format.hpp>

#include "monitor_words.hpp"
#include "words.hpp"

namespace atl::command_line {
namespace {

/// One line, cut where a hostile word would make it endless. Never inlined:
/// it is called only when something is wrong, from many places.
[[gnu::noinline]] void say(const char* kind, const char* what, std::string_view word,
                           const char* remedy) {
  std::array<char, 240> buffer;
  TextWriter line{buffer};
  line.text("command line: ").text(kind).text(what).text(word).text(remedy);
  console::write(line.view());
  console::write("\n");
}

[[gnu::noinline]] Error refuse(Errc code, const char* what, std::string_view word,
                               const char* remedy) {
  say("error: ", what, word, remedy);
  return fail(code);
}

std::string_view behind(std::string_view text, std::size_t size) {
  text.remove_prefix(size);
  return text;
}

/// The strings of Word have a NUL behind them and lie in Program::text.
char* c_string(std::string_view text) { return const_cast<char*>(text.data()); }

Result<void> add_argument(Program& program, std::string_view word) {
  if (program.argument_count > kMaxProgramArguments) {
    return refuse(Errc::kTooBig, "more than 64 program arguments, from ", word, " on");
  }
  program.arguments[program.argument_count++] = c_string(word);
  return {};
}

/// `variable` is NAME=value; a later one replaces an earlier one.
Result<void> add_variable(Program& program, std::string_view variable) {
  const std::size_t equals = variable.find('=');
  if (equals == 0 || equals == std::string_view::npos) {
    return refuse(Errc::kInvalidArgument, "env.", variable, " is not env.NAME=value");
  }
  const std::string_view name{variable.data(), equals + 1};
  for (std::size_t i = 0; i < program.environment_count; ++i) {
    if (!std::string_view{program.environment[i]}.starts_with(name)) continue;
    program.environment[i] = c_string(variable);
    return {};
  }
  if (program.environment_count == kMaxEnvironment) {
    return refuse(Errc::kTooBig, "more than 64 variables, from env.", variable, " on");
  }
  program.environment[program.environment_count++] = c_string(variable);
  return {};
}

/// `by_monitor`: where no library of the image has such an option, it is not for us.
Result<void> apply_option(std::string_view word, bool by_monitor) {
  const std::size_t equals = word.find('=');
  const std::string_view name{word.data(), equals < word.size() ? equals : word.size()};
  for (const BootOption& option : generated::boot_options()) {
    if (option.name != name) continue;
    if (equals == std::string_view::npos) {
      return refuse(Errc::kInvalidArgument, "", name, " needs a value: name=value");
    }
    const auto applied = option.apply(behind(word, equals + 1));
    if (applied.ok()) return {};
    return refuse(applied.error(), "", word, ": the value is not one that it takes");
  }
  if (by_monitor) return {};
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) {
    say("warning: ", "ignored ", word, " (program arguments stand behind --)");
    return {};
  }
  if (is_listed({name.data(), dot}, generated::option_owners())) {
    return refuse(Errc::kInvalidArgument, "", name, " is no option of that library");
  }
  say("warning: ", "ignored ", word, " (no such library in this image)");
  return {};
}

}  // namespace

Result<void> parse(std::string_view line, Program& program) {
  if (line.size() > BootInfo::kMaxCommandLine) {
    return refuse(Errc::kTooBig, "longer than 4096 bytes", "", "");
  }
  const std::string_view name = generated::application_name();
  name.copy(program.name.data(), program.name.size() - 1);
  program.arguments[program.argument_count++] = program.name.data();
  // The words become C strings, in which a NUL would hide the rest.
  WordReader words{{line.data(), std::min(line.find('\0'), line.size())}, program.text};
  bool in_arguments = false;
  while (true) {
    auto read = words.next();
    if (!read.ok()) return refuse(read.error(), "a \" is not closed or a \\ is the last", "", "");
    if (!read.value()) return {};
    const Word word = *read.value();
    // One of a monitor's is an option where a library of the image has it, wherever it stands.
    const bool by_monitor = !word.quoted && is_monitor_word(word.text, in_arguments);
    if (!by_monitor && in_arguments) {
      TRY(add_argument(program, word.text));
    } else if (word.text == "--" && !word.quoted) {
      in_arguments = true;
    } else if (word.text.starts_with("env.")) {
      TRY(add_variable(program, behind(word.text, 4)));
    } else {
      TRY(apply_option(word.text, by_monitor));
    }
  }
}

}  // namespace atl::command_line
