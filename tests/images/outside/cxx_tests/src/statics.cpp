// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "section.hpp"

#include <cstdlib>
#include <string>

namespace {

int next_number() {
  static int number = 0;
  return ++number;
}

/// Says when it is made and when it ends.
struct Spoken {
  explicit Spoken(const char* its_name) : name(its_name) {
    std::cout << "made " << name << ' ' << next_number() << '\n';
  }
  ~Spoken() { std::cout << "ended " << name << '\n'; }
  const char* name;
};

struct Fails {
  explicit Fails(bool fails) {
    std::cout << "tried\n";
    if (fails) throw 1;
  }
};

Spoken first{"first global"};
Spoken second{"second global"};
thread_local Spoken of_thread{"thread-local"};

const Fails& once(bool fails) {
  static const Fails made{fails};
  return made;
}

Spoken& local() {
  static Spoken made{"function's"};
  return made;
}

}  // namespace

void statics() {
  // The globals were made before main, in their order.
  std::cout << first.name << ", " << second.name << '\n';
  local();
  local();
  // A static whose constructor throws is tried again (ISO C++20 [stmt.dcl]/4).
  for (bool fails : {true, true, false, true}) {
    try {
      once(fails);
    } catch (int) {
      std::cout << "failed\n";
    }
  }
  std::cout << of_thread.name << '\n';
  // After this come, in reverse: the function's, then the globals.
  std::atexit([] { std::cout << "at exit\n"; });
}
