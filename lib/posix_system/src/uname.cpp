// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// POSIX.1-2017 uname(), gethostname(); Linux man-pages gethostname(2) for a name that is too long.

#include <sys/utsname.h>
#include <unistd.h>
#include <algorithm>
#include <atoll/config/posix_system.hpp>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace {

using atl::config::posix_system::kName;

static_assert(std::string_view{kName}.size() < sizeof(utsname::nodename));

#ifdef __x86_64__
constexpr char kMachine[] = "x86_64";
#else
constexpr char kMachine[] = "aarch64";
#endif

}  // namespace

extern "C" {

int uname(utsname* out) {
  *out = {.sysname = "Atoll", .nodename = {}, .release = "0", .version = "0", .machine = {}};
  std::strcpy(out->nodename, std::string_view{kName}.data());
  std::strcpy(out->machine, kMachine);
  return 0;
}

int gethostname(char* out, std::size_t size) {
  constexpr std::string_view kWhole{kName};
  std::memcpy(out, kWhole.data(), std::min(size, kWhole.size()));
  if (size <= kWhole.size()) {
    errno = ENAMETOOLONG;
    return -1;
  }
  out[kWhole.size()] = '\0';
  return 0;
}

}  // extern "C"
