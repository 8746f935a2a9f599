// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <iostream>
#include <string_view>

/// A part of the library, tried by one function that writes what it sees to std::cout. The
/// same program runs on the host, and what it writes there is what must come out here.
struct Section {
  std::string_view name;
  void (*run)();
};

void exceptions();
void exceptions_through_libraries();
void statics();
void streams();
void text();
void regular_expressions();
void containers();
void ranges();
void coroutines();
void numbers();
void time_and_calendar();
void memory();
void synchronization();
void paths();
