// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <array>
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/sched.hpp>
#include <atoll/trap.hpp>
#include <atoll/vm.hpp>
#include <atoll/vm_test.hpp>
#include <atomic>
#include <cstdint>

// A thread that waits in a page fault, as for a page that comes from a disk: the handler
// moves what was interrupted to the thread's own stack, where it may sleep.
namespace fault_vm_test {

using namespace atl;

constexpr Nanoseconds kSlow = 5_ms;
constexpr std::size_t kThreads = 3;

/// Pages that are mapped when they are first touched, one per thread.
struct Lazy {
  VirtAddr start;
  std::array<Thread*, kThreads> owners{};
  std::array<PhysAddr, kThreads> frames{};
  std::atomic<unsigned> faults = 0;
  std::atomic<int> asleep = 0;
  std::atomic<int> most_asleep = 0;
  std::atomic<int> done = 0;

  [[nodiscard]] VirtAddr page(std::size_t index) const { return start + index * kPageSize; }
  [[nodiscard]] bool has(VirtAddr address) const {
    return address.value() - start.value() < kThreads * kPageSize;
  }
};
constinit Lazy* lazy = nullptr;

/// On the stack of the thread that has touched its page.
void bring_page() {
  arch::Cpu::enable_interrupts();
  const auto* const owner = std::ranges::find(lazy->owners, &sched::current());
  const auto index = static_cast<std::size_t>(owner - lazy->owners.begin());
  const int asleep = ++lazy->asleep;
  int most = lazy->most_asleep;
  while (most < asleep && !lazy->most_asleep.compare_exchange_weak(most, asleep)) {
  }
  static_cast<void>(sched::sleep_until(deadline::after(kSlow)));
  --lazy->asleep;
  const auto frame = page_alloc::allocate(PageCount{1});
  if (!frame.ok() ||
      !vm::map(lazy->page(index), frame.value(), PageCount{1}, vm::Access::kReadWrite).ok()) {
    __builtin_trap();
  }
  lazy->frames[index] = frame.value();
  static_cast<void>(arch::Cpu::disable_interrupts());
}

bool on_page_fault(const arch::Trap& trap) {
  if (!lazy->has(trap.address)) return false;
  ++lazy->faults;
  arch::call_before_resume(*trap.frame, bring_page);
  return true;
}

/// Makes the pages of a Lazy unmapped ones, for a scope.
class Demand {
 public:
  explicit Demand(Lazy& pages) : before_(nullptr) {
    pages.start = vm::reserve(PageCount{kThreads}).value();
    lazy = &pages;
    before_ = trap::set_handler(arch::TrapKind::kPageFault, on_page_fault);
  }
  ~Demand() {
    trap::set_handler(arch::TrapKind::kPageFault, before_);
    vm::release(lazy->start, PageCount{kThreads});
    for (std::size_t i = 0; i < kThreads; ++i) {
      if (lazy->owners[i] != nullptr) page_alloc::free(lazy->frames[i], PageCount{1});
    }
    lazy = nullptr;
  }
  Demand(const Demand&) = delete;
  Demand& operator=(const Demand&) = delete;

 private:
  trap::Handler before_;
};

VM_TEST(Fault, a_thread_sleeps_in_one_and_goes_on) {
  Lazy pages;
  const Demand demand{pages};
  pages.owners[0] = &sched::current();
  const Nanoseconds start = clock::now();
  auto* const word = pages.page(0).as<volatile std::uint64_t>();
  word[1] = 7;
  VM_EXPECT_GE((clock::now() - start).count, kSlow.count);
  word[1] = word[1] + 1;
  VM_EXPECT_EQ(word[1], std::uint64_t{8});
  VM_EXPECT_EQ(pages.faults, 1u);
}

VM_TEST(Fault, others_run_and_fault_meanwhile) {
  if constexpr (sched::Provider::kOneThread) VM_SKIP("this scheduler has one thread");
  Lazy pages;
  const Demand demand{pages};
  std::atomic<bool> go = false;
  struct Task {
    Lazy* pages;
    std::atomic<bool>* go;
    std::size_t index;
  };
  std::array<Task, kThreads> tasks{};
  for (std::size_t i = 0; i < kThreads; ++i) {
    tasks[i] = {&pages, &go, i};
    const auto made = sched::create(
        {},
        [](void* argument) {
          const Task& task = *static_cast<Task*>(argument);
          while (!*task.go) static_cast<void>(sched::sleep_until(deadline::after(1_ms)));
          *task.pages->page(task.index).as<volatile std::size_t>() = task.index;
          ++task.pages->done;
        },
        &tasks[i]);
    VM_ASSERT(made.ok());
    pages.owners[i] = made.value();
  }
  go = true;
  for (Thread* const thread : pages.owners) VM_ASSERT(sched::join(*thread).ok());
  VM_EXPECT_EQ(pages.faults, unsigned{kThreads});
  VM_EXPECT_EQ(pages.done, int{kThreads});
  VM_EXPECT_GT(pages.most_asleep, 1);
  for (std::size_t i = 0; i < kThreads; ++i) {
    VM_EXPECT_EQ(*pages.page(i).as<volatile std::size_t>(), i);
  }
}

}  // namespace fault_vm_test
