// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "section.hpp"

#include <bit>
#include <cmath>
#include <complex>
#include <iomanip>
#include <limits>
#include <numbers>
#include <numeric>
#include <random>
#include <ratio>
#include <set>
#include <vector>

void numbers() {
  // Engines and their seeds are given by the standard, number by number.
  std::mt19937 engine;
  engine.discard(9999);
  std::cout << engine() << '\n';
  std::mt19937_64 engine64{42};
  std::cout << engine64() << ' ' << std::minstd_rand{}() << ' ' << std::ranlux24{7}() << '\n';
  std::seed_seq seeds{1, 2, 3};
  std::mt19937 seeded{seeds};
  std::cout << std::uniform_int_distribution<int>(1, 6)(seeded) << ' '
            << std::bernoulli_distribution(0.5)(seeded) << '\n';
  std::cout << std::setprecision(9) << std::normal_distribution<double>(0, 1)(seeded) << ' '
            << std::uniform_real_distribution<double>()(seeded) << '\n';
  std::vector<int> histogram(4);
  std::discrete_distribution<int> weighted{1, 2, 3, 4};
  for (int i = 0; i < 1000; ++i) ++histogram[static_cast<std::size_t>(weighted(seeded))];
  for (int count : histogram) std::cout << count << ' ';
  std::cout << '\n';
  // What is random differs, and comes.
  std::random_device device;
  std::set<unsigned> drawn;
  for (int i = 0; i < 64; ++i) drawn.insert(device());
  std::cout << (drawn.size() > 60) << '\n';

  std::cout << std::setprecision(12) << std::sqrt(2.0) << ' ' << std::sin(1.0) << ' '
            << std::exp(1.5) << ' ' << std::log10(1234.5) << ' ' << std::pow(2.0, 0.5) << ' '
            << std::tgamma(5.5) << ' ' << std::hypot(1.0, 2.0, 2.0) << '\n';
  std::cout << std::riemann_zeta(2.0) << ' ' << std::cyl_bessel_j(0, 1.0) << ' '
            << std::legendre(3, 0.5) << ' ' << std::lerp(1.0, 3.0, 0.25) << '\n';
  std::cout << std::abs(std::complex<double>(3, 4)) << ' '
            << std::exp(std::complex<double>(0, std::numbers::pi)).real() << '\n';
  std::cout << std::gcd(84, 36) << ' ' << std::lcm(4, 6) << ' ' << std::midpoint(3, 8) << ' '
            << std::popcount(0xf0f0U) << ' ' << std::bit_ceil(100U) << ' ' << std::rotl(1U, 31)
            << ' ' << std::countl_zero(1U) << '\n';
  std::cout << std::bit_cast<unsigned>(1.0F) << ' ' << std::nextafter(1.0, 2.0) - 1.0 << ' '
            << std::fpclassify(5e-324) - std::fpclassify(1e-310) << std::isnan(std::nan(""))
            << '\n';
  std::cout << std::numeric_limits<double>::digits10 << ' ' << std::numeric_limits<int>::max()
            << ' ' << std::ratio_add<std::ratio<1, 3>, std::ratio<1, 6>>::den
            << std::setprecision(6) << '\n';
}
