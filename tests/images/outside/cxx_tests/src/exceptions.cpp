// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "section.hpp"

#include <any>
#include <array>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <typeinfo>
#include <variant>
#include <vector>

namespace {

struct Traced {
  explicit Traced(std::string its_name) : name(std::move(its_name)) {}
  Traced(const Traced&) = delete;
  ~Traced() { std::cout << "  left " << name << '\n'; }
  std::string name;
};

struct Base : std::exception {
  const char* what() const noexcept override { return "base"; }
};
struct Side {
  virtual ~Side() = default;
  int number = 7;
};
struct Derived : Base, Side {
  const char* what() const noexcept override { return "derived"; }
};

[[gnu::noinline]] int sink(int depth) {
  const Traced here{"depth " + std::to_string(depth)};
  if (depth == 0) throw std::out_of_range("bottom");
  return sink(depth - 1) + 1;
}

void nested_throw() {
  try {
    throw std::invalid_argument("inner");
  } catch (...) {
    std::throw_with_nested(std::runtime_error("outer"));
  }
}

void describe(const std::exception& error, int level = 0) {
  std::cout << std::string(static_cast<std::size_t>(level) * 2, ' ') << error.what() << '\n';
  try {
    std::rethrow_if_nested(error);
  } catch (const std::exception& nested) {
    describe(nested, level + 1);
  }
}

struct ThrowsInConstructor {
  Traced first{"member"};
  ThrowsInConstructor() { throw 42; }
};

struct SeesUnwinding {
  ~SeesUnwinding() { std::cout << "uncaught " << std::uncaught_exceptions() << '\n'; }
};

template <typename Function>
void report(Function function) {
  try {
    function();
    std::cout << "nothing\n";
  } catch (const std::system_error& error) {
    std::cout << "system_error " << error.code().value() << ' ' << error.code().category().name()
              << '\n';
  } catch (const std::exception& error) {
    std::cout << typeid(error).name() << ": " << error.what() << '\n';
  } catch (int number) {
    std::cout << "int " << number << '\n';
  } catch (const char* words) {
    std::cout << "words " << words << '\n';
  } catch (...) {
    std::cout << "something\n";
  }
}

[[gnu::noinline]] double with_numbers(double seed, bool ends) {
  // Registers of floating point and many of integers live across the call that throws.
  std::array<double, 12> values{};
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = seed * static_cast<double>(i + 1);
  try {
    if (ends) throw values[3];
  } catch (double caught) {
    values[0] += caught;
  }
  double sum = 0;
  for (double value : values) sum += value;
  return sum;
}

}  // namespace

void exceptions() {
  report([] { sink(3); });
  report([] { throw 5; });
  report([] { throw "plain"; });
  report([] { throw 2.5F; });
  report([] { throw Derived{}; });
  report([] { ThrowsInConstructor{}; });
  report([] { throw std::system_error(std::make_error_code(std::errc::timed_out)); });
  report([] { (void)std::vector<int>(3).at(9); });
  report([] { (void)std::string("abc").substr(5); });
  report([] { (void)std::optional<int>().value(); });
  report([] { (void)std::get<int>(std::variant<int, float>(1.0F)); });
  report([] { (void)std::any_cast<int>(std::any(2.0)); });
  report([] { std::function<void()>()(); });
  report([] { (void)std::weak_ptr<int>().lock().get(); });
  report([] { (void)std::shared_ptr<int>(std::weak_ptr<int>()); });
  report([] { (void)std::stoi("none"); });
  report([] { (void)std::stoi("99999999999"); });
  report([] { (void)dynamic_cast<const Side&>(static_cast<const Base&>(Base{})); });
  report([] {
    volatile int negative = -1;
    (void)new int[static_cast<std::size_t>(negative)];
  });
  report([] { (void)std::string(std::string().max_size() + 1, 'x'); });

  try {
    throw Derived{};
  } catch (const Side& side) {
    std::cout << "as its side " << side.number << '\n';
  }
  try {
    nested_throw();
  } catch (const std::exception& error) {
    describe(error);
  }
  try {
    SeesUnwinding outside;
    throw 1;
  } catch (int) {
    std::cout << "caught with " << std::uncaught_exceptions() << '\n';
  }

  std::exception_ptr kept;
  try {
    throw std::domain_error("kept");
  } catch (...) {
    kept = std::current_exception();
  }
  report([&] { std::rethrow_exception(kept); });
  report([&] { std::rethrow_exception(std::make_exception_ptr(Derived{})); });

  try {
    try {
      throw 1;
    } catch (int& number) {
      number = 2;
      throw;
    }
  } catch (int number) {
    std::cout << "changed to " << number << '\n';
  }

  std::cout << with_numbers(1.5, true) << ' ' << with_numbers(0.25, false) << '\n';
  long sum = 0;
  for (int i = 0; i < 2000; ++i) {
    try {
      if (i % 2 != 0) throw i;
      throw std::to_string(i);
    } catch (int number) {
      sum += number;
    } catch (const std::string& number) {
      sum -= std::stoi(number);
    }
  }
  std::cout << "two thousand: " << sum << '\n';
}
