// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "section.hpp"

#include <chrono>

namespace {

void show(std::chrono::year_month_day date) {
  std::cout << static_cast<int>(date.year()) << '-' << static_cast<unsigned>(date.month()) << '-'
            << static_cast<unsigned>(date.day()) << ' ' << date.ok() << '\n';
}

}  // namespace

void time_and_calendar() {
  using namespace std::chrono;
  using namespace std::chrono_literals;
  show(2024y / February / last);
  show(2023y / 2 / 29);
  show(sys_days{2024y / 2 / 28} + days{2});
  show(year_month_day{sys_days{2024y / 1 / Monday[2]}});
  std::cout << (sys_days{2000y / 1 / 1}.time_since_epoch()).count() << ' '
            << weekday{sys_days{1969y / July / 20}}.iso_encoding() << '\n';
  const hh_mm_ss clock{3h + 25min + 45s + 678ms};
  std::cout << clock.hours().count() << ' ' << clock.minutes().count() << ' '
            << clock.subseconds().count() << '\n';
  std::cout << duration_cast<minutes>(7384s).count() << ' ' << floor<hours>(-30min).count() << ' '
            << round<seconds>(1500ms).count() << ' ' << (1h + 1ms > 1h) << '\n';
  // Clocks go on, and know the year.
  const auto before = steady_clock::now();
  const auto wall = system_clock::now();
  std::cout << (steady_clock::now() >= before) << (high_resolution_clock::now() >= wall)
            << (wall > sys_days{1970y / 1 / 1}) << steady_clock::is_steady << '\n';
  std::cout << (steady_clock::now() - before < 10s) << '\n';
  const std::time_t moment = system_clock::to_time_t(sys_days{2024y / 2 / 29} + 13h);
  std::cout << moment << '\n';
}
