// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "memory.hpp"

#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <utility>

// Not in a namespace without a name: the compiler would see that one function alone can
// be meant.
struct Abstract {
  Abstract();
  virtual ~Abstract() = default;
  virtual void use() = 0;
};
[[gnu::noipa]] void make_use_of(Abstract& object) { object.use(); }
Abstract::Abstract() { make_use_of(*this); }
struct Concrete : Abstract {
  void use() override {}
};

namespace {

struct Spoken {
  explicit Spoken(const char* its_words) : words(its_words) {
    if (std::getenv("THROW_EARLY") != nullptr) throw std::runtime_error("before main");
  }
  ~Spoken() { std::puts(words); }
  const char* words;
};

const Spoken of_program{"destructor"};

[[gnu::noinline]] void breaks_out() { throw std::logic_error("not allowed out"); }
void promises() noexcept { breaks_out(); }

struct Worse {
  ~Worse() noexcept(false) { throw std::logic_error("second"); }
};

int twice() {
  const Worse worse;
  throw std::runtime_error("first");
}

int own_handler() {
  std::set_terminate([] {
    std::puts("own handler");
    std::exit(3);
  });
  throw 1;
}

int lock_again() {
  std::mutex mutex;
  mutex.lock();
  mutex.lock();
  return 0;
}

int wait_for_nobody() {
  std::mutex mutex;
  std::unique_lock lock{mutex};
  std::condition_variable condition;
  condition.wait(lock);
  return 0;
}

int files() {
  std::ifstream in{"/etc/passwd"};
  std::printf("open: %d\n", in.is_open() ? 0 : errno);
  try {
    std::printf("%ju\n", std::filesystem::file_size("/etc/passwd"));
  } catch (const std::filesystem::filesystem_error& error) {
    std::printf("size: %s\n", error.code().message().c_str());
  }
  std::error_code code;
  std::filesystem::create_directory("/new", code);
  const bool refused = code == std::errc::function_not_supported;
  return refused ? 0 : 1;
}

int end_threads_objects_first() {
  static const Spoken statically{"static"};
  thread_local const Spoken threads{"of the thread"};
  std::atexit([] { std::puts("at exit"); });
  std::exit(threads.words == nullptr ? 1 : 0);
}

constexpr std::pair<std::string_view, int (*)()> kWays[] = {
    {"throw", []() -> int { throw std::runtime_error("nobody catches this"); }},
    {"number", []() -> int { throw 7; }},
    {"noexcept", [] { return promises(), 0; }},
    {"twice", twice},
    {"terminate", []() -> int { std::terminate(); }},
    {"rethrow", []() -> int { throw; }},
    {"handler", own_handler},
    {"pure", [] { return Concrete{}.use(), 0; }},
    {"exhaust", exhaust},
    {"reserve", throw_from_reserve},
    {"relock", lock_again},
    {"wait", wait_for_nobody},
    {"files", files},
    {"exit", end_threads_objects_first},
};

}  // namespace

int main(int argc, char** argv) {
  for (const auto& [name, way] : kWays) {
    if (argc > 1 && name == argv[1]) return way();
  }
  return argc > 1 ? 77 : 0;  // told nothing: no more than that it starts
}
