// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <unwind.h>
#include <algorithm>
#include <atoll/console.hpp>
#include <atoll/vm_test.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

extern "C" const void* _Unwind_Find_FDE(void* pc, void* bases);

namespace {

struct Counted {
  explicit Counted(int& its_ends) : ends(its_ends) {}
  ~Counted() { ++ends; }
  int& ends;
};

[[gnu::noinline]] int dive(int depth, int& ends) {
  const Counted counted{ends};
  if (depth == 0) throw std::out_of_range("bottom");
  return dive(depth - 1, ends) + 1;
}

const void* tables_of(void* pc) {
  void* bases[3];
  return _Unwind_Find_FDE(pc, bases);
}

_Unwind_Reason_Code count_frame(_Unwind_Context*, void* count) {
  ++*static_cast<int*>(count);
  return _URC_NO_REASON;
}

}  // namespace

VM_TEST(Libcxx, an_exception_leaves_every_frame) {
  int ends = 0;
  bool caught = false;
  try {
    dive(20, ends);
  } catch (const std::exception& error) {
    caught = std::string_view{error.what()} == "bottom";
  }
  VM_EXPECT(caught);
  VM_EXPECT_EQ(ends, 21);
}

VM_TEST(Libcxx, an_exception_leaves_an_algorithm) {
  std::vector<int> numbers{3, 1, 2};
  bool caught = false;
  try {
    std::sort(numbers.begin(), numbers.end(), [](int, int) -> bool { throw 5; });
  } catch (int number) {
    caught = number == 5;
  }
  VM_EXPECT(caught);
}

VM_TEST(Libcxx, what_does_not_fit_is_bad_alloc) {
  bool caught = false;
  try {
    const std::string large(std::size_t{1} << 40, 'x');
  } catch (const std::bad_alloc&) {
    caught = true;
  }
  VM_EXPECT(caught);
}

VM_TEST(Libcxx, kernel_libraries_have_no_tables) {
  VM_EXPECT(tables_of(reinterpret_cast<void*>(&dive)) != nullptr);
  VM_EXPECT(tables_of(reinterpret_cast<void*>(
                static_cast<void (*)(std::string_view)>(&atl::console::write))) == nullptr);
  VM_EXPECT(tables_of(nullptr) == nullptr);
  VM_EXPECT(tables_of(reinterpret_cast<void*>(~std::uintptr_t{0})) == nullptr);
}

VM_TEST(Libcxx, a_walk_over_the_stack_ends_at_the_kernel) {
  int frames = 0;
  VM_EXPECT_EQ(static_cast<int>(_Unwind_Backtrace(count_frame, &frames)),
               static_cast<int>(_URC_END_OF_STACK));
  VM_EXPECT(frames > 0);
}

VM_TEST(Libcxx, static_locals_are_made_once) {
  static int made = 0;
  const auto once = [] {
    static const std::shared_ptr<int> only = std::make_shared<int>(++made);
    return *only;
  };
  VM_EXPECT_EQ(once(), 1);
  VM_EXPECT_EQ(once(), 1);
}
