// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <sys/utsname.h>
#include <unistd.h>
#include <atoll/config/posix_system.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/vm_test.hpp>
#include <cerrno>
#include <string_view>

namespace posix_system_test {

constexpr int kUntouched = 12345;

VM_TEST(PosixSystem, knows_the_machine) {
  VM_EXPECT_EQ(sysconf(_SC_PAGESIZE), 4096);
  VM_EXPECT(sysconf(_SC_NPROCESSORS_ONLN) >= 1);
  VM_EXPECT_EQ(sysconf(_SC_NPROCESSORS_ONLN), sysconf(_SC_NPROCESSORS_CONF));
  VM_EXPECT_EQ(sysconf(_SC_PHYS_PAGES),
               static_cast<long>(atl::page_alloc::statistics().total.count));
  VM_EXPECT(sysconf(_SC_AVPHYS_PAGES) > 0);
  VM_EXPECT(sysconf(_SC_AVPHYS_PAGES) < sysconf(_SC_PHYS_PAGES));
}

VM_TEST(PosixSystem, tells_memory_that_is_taken) {
  const long before = sysconf(_SC_AVPHYS_PAGES);
  const auto taken = atl::page_alloc::allocate(atl::PageCount{16});
  VM_ASSERT(taken.ok());
  VM_EXPECT_EQ(before - sysconf(_SC_AVPHYS_PAGES), 16);
  atl::page_alloc::free(taken.value(), atl::PageCount{16});
}

VM_TEST(PosixSystem, has_the_options_whose_libraries_are_there) {
  using namespace atl::config::posix_system;
  VM_EXPECT_EQ(sysconf(_SC_VERSION), 200809);
  VM_EXPECT_EQ(sysconf(_SC_THREADS), kThreads ? 200809 : -1);
  VM_EXPECT_EQ(sysconf(_SC_THREAD_KEYS_MAX), kThreads ? 128 : -1);
  VM_EXPECT_EQ(sysconf(_SC_THREAD_PRIO_INHERIT), kPriorityInheritance ? 200809 : -1);
  VM_EXPECT_EQ(sysconf(_SC_MONOTONIC_CLOCK), kClocks ? 200809 : -1);
  VM_EXPECT_EQ(sysconf(_SC_REALTIME_SIGNALS), kSignals ? 200809 : -1);
}

VM_TEST(PosixSystem, says_what_it_has_not_without_an_error) {
  errno = kUntouched;
  VM_EXPECT_EQ(sysconf(_SC_SPAWN), -1);
  VM_EXPECT_EQ(sysconf(_SC_CHILD_MAX), -1);
  VM_EXPECT_EQ(confstr(_CS_PATH, nullptr, 0), std::size_t{0});
  VM_EXPECT_EQ(errno, kUntouched);
}

VM_TEST(PosixSystem, refuses_names_that_there_are_not) {
  for (const int name : {-1, _SC_POSIX_26_VERSION + 1, 1 << 30}) {
    errno = 0;
    VM_EXPECT_EQ(sysconf(name), -1);
    VM_EXPECT_EQ(errno, EINVAL);
    errno = 0;
    VM_EXPECT_EQ(confstr(name, nullptr, 0), std::size_t{0});
    VM_EXPECT_EQ(errno, EINVAL);
  }
}

VM_TEST(PosixSystem, has_a_name) {
  utsname name;
  VM_EXPECT_EQ(uname(&name), 0);
  VM_EXPECT(name.sysname == std::string_view{"Atoll"});
  VM_EXPECT(name.nodename == std::string_view{"atoll"});
#ifdef __x86_64__
  VM_EXPECT(name.machine == std::string_view{"x86_64"});
#else
  VM_EXPECT(name.machine == std::string_view{"aarch64"});
#endif
}

VM_TEST(PosixSystem, tells_its_name_as_far_as_there_is_room) {
  char name[8] = "#######";
  VM_EXPECT_EQ(gethostname(name, sizeof name), 0);
  VM_EXPECT(name == std::string_view{"atoll"});
  name[3] = '#';
  errno = 0;
  VM_EXPECT_EQ(gethostname(name, 3), -1);
  VM_EXPECT_EQ(errno, ENAMETOOLONG);
  VM_EXPECT(name == std::string_view{"ato#l"});
}

}  // namespace posix_system_test
