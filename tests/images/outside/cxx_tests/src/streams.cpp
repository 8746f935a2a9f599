// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "section.hpp"

#include <complex>
#include <fstream>
#include <iomanip>
#include <limits>
#include <locale>
#include <sstream>
#include <string>
#include <syncstream>

namespace {

struct Grouped : std::numpunct<char> {
  char do_thousands_sep() const override { return '\''; }
  std::string do_grouping() const override { return "\3"; }
  std::string do_truename() const override { return "yes"; }
};

}  // namespace

void streams() {
  std::cout << std::hex << std::showbase << 255 << ' ' << std::oct << 8 << std::dec << ' '
            << std::setw(8) << std::setfill('*') << -42 << ' ' << std::internal << std::setw(8)
            << -42 << std::left << std::setw(6) << 7 << '|' << std::setfill(' ') << std::right
            << '\n';
  std::cout << std::fixed << std::setprecision(3) << 3.14159 << ' ' << std::scientific << 12345.678
            << ' ' << std::hexfloat << 1.5 << std::defaultfloat << std::setprecision(6) << '\n';
  std::cout << 1e300 * 1e10 << ' ' << -std::numeric_limits<double>::infinity() << ' ' << 1e-7 << ' '
            << 100000.0 << ' ' << 1000000.0 << ' ' << std::setprecision(17) << 0.1
            << std::setprecision(6) << '\n';
  std::cout << std::boolalpha << true << std::noboolalpha << ' ' << false << ' ' << 'c' << ' '
            << static_cast<const void*>(nullptr) << ' ' << std::complex<double>(1, -2) << '\n';
  std::cout << std::numeric_limits<long long>::min() << ' '
            << std::numeric_limits<unsigned long long>::max() << '\n';
  std::cout << std::quoted("with \"quotes\"") << '\n';

  std::istringstream in{"12 0x1f 077 3.25e2 word true \"a b\" 99999999999 rest of it"};
  int decimal = 0;
  int hexadecimal = 0;
  int octal = 0;
  double real = 0;
  std::string word;
  bool truth = false;
  std::string quoted;
  int too_large = 0;
  in >> decimal >> std::hex >> hexadecimal >> std::oct >> octal >> std::dec >> real >> word >>
      std::boolalpha >> truth >> std::quoted(quoted);
  std::cout << decimal << ' ' << hexadecimal << ' ' << octal << ' ' << real << ' ' << word << ' '
            << truth << ' ' << quoted << '\n';
  in >> too_large;
  std::cout << in.fail() << ' ' << too_large << '\n';
  in.clear();
  std::getline(in >> std::ws, word);
  std::cout << word << ' ' << in.eof() << '\n';

  std::istringstream throwing{"x"};
  throwing.exceptions(std::ios::failbit);
  try {
    throwing >> decimal;
  } catch (const std::ios_base::failure& failure) {
    std::cout << "failure: " << failure.what() << '\n';
  }

  std::ostringstream out;
  out.imbue(std::locale(std::locale::classic(), new Grouped));
  out << 1234567 << ' ' << std::boolalpha << true;
  std::cout << out.str() << '\n';
  std::cout << std::locale().name() << ' ' << std::locale::classic().name() << '\n';
  try {
    std::locale unknown("xx_YY.none");
    std::cout << "a locale\n";
  } catch (const std::runtime_error& error) {
    std::cout << error.what() << '\n';
  }

  std::osyncstream(std::cout) << "whole "
                              << "line\n";
  std::wostringstream wide;
  wide << L"wide " << 5 << L' ' << 2.5;
  std::cout << wide.str().size() << '\n';
  std::stringstream both;
  both << "abc";
  both.seekp(1);
  both << 'X';
  std::cout << both.str() << ' ' << both.tellp() << '\n';
  std::ifstream missing{"/no/such/file"};
  std::cout << missing.is_open() << ' ' << missing.fail() << '\n';
  std::cerr << "";
  std::clog << "";
}
