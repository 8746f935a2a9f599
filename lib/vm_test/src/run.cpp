// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "filter.hpp"
#include "report.hpp"

#include <array>
#include <atoll/format.hpp>
#include <atoll/result.hpp>
#include <atoll/vm_test.hpp>

namespace atl {
namespace vm_test {
namespace {

/// How the running test goes.
struct Current {
  bool failed = false;
  const char* skipped = nullptr;
};

constinit Current current;
constinit std::string_view filter = "*";

struct Tally {
  unsigned passed = 0;
  unsigned skipped = 0;
  unsigned failed = 0;
};

void run(const Case& test, Tally& tally) {
  current = {};
  report("[ RUN      ] {}.{}\n", test.suite, test.name);
  test.run();
  if (current.failed) {
    ++tally.failed;
    report("[  FAILED  ] {}.{}\n", test.suite, test.name);
  } else if (current.skipped != nullptr) {
    ++tally.skipped;
    report("[  SKIPPED ] {}.{}: {}\n", test.suite, test.name, current.skipped);
  } else {
    ++tally.passed;
    report("[       OK ] {}.{}\n", test.suite, test.name);
  }
}

void put(TextWriter& out, const Shown& value) {
  using Kind = Shown::Kind;
  switch (value.kind) {
    case Kind::kSigned:
      out.signed_decimal(static_cast<std::int64_t>(value.number));
      break;
    case Kind::kUnsigned:
      out.decimal(value.number);
      break;
    case Kind::kBoolean:
      out.text(value.number != 0 ? "true" : "false");
      break;
    case Kind::kPointer:
      out.text("0x").hex(value.number);
      break;
    case Kind::kText:
      out.character('"').text(value.text).character('"');
      break;
    case Kind::kOther:
      out.character('?');
      break;
  }
}

}  // namespace

int run_all() {
  const auto cases = generated::vm_test_cases();
  Tally tally;
  for (const Case* test : cases) {
    if (matches(filter, test->suite, test->name)) run(*test, tally);
  }
  report("[==========] {} tests ran.\n", tally.passed + tally.skipped + tally.failed);
  report("[  PASSED  ] {} tests.\n", tally.passed);
  if (tally.skipped != 0) report("[  SKIPPED ] {} tests.\n", tally.skipped);
  if (tally.failed != 0) report("[  FAILED  ] {} tests.\n", tally.failed);
  return tally.failed == 0 && tally.passed != 0 ? 0 : 1;
}

void skip(const char* reason) { current.skipped = reason; }

bool failed() { return current.failed; }

void fail(Place place, const char* expression) {
  current.failed = true;
  report("{}:{}: Failure\n  {}\n", place.file, place.line, expression);
}

void fail_comparison(Place place, const char* expression, const Shown& left, const Shown& right) {
  current.failed = true;
  std::array<char, 200> room;
  TextWriter values{room};
  put(values, left);
  values.text(" and ");
  put(values, right);
  report("{}:{}: Failure\n  {}: {}\n", place.file, place.line, expression, values.view());
}

}  // namespace vm_test

/// Boot option `vm_test.filter=`: patterns of `Suite.name`, as GoogleTest's without
/// its exclusions. kInvalidArgument
/// for an empty one.
Result<void> vm_test_filter_option(std::string_view value) {
  if (value.empty()) return fail(Errc::kInvalidArgument);
  vm_test::filter = value;
  return {};
}

}  // namespace atl
