// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/sched.hpp>
#include <atoll/vm_test.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

/// For CPUS_TESTS: threads that do the same work at the same time.
namespace atl::host {

/// Threads that each call `body(member)`, with 0, 1, ... , and are joined at the end of the
/// scope. What they share needs what any data does that several CPUs reach; what is there
/// before they start, and what they leave behind when they have ended, needs nothing.
class Crew {
 public:
  using Body = std::function<void(std::size_t member)>;

  Crew(std::size_t count, Body body, const sched::ThreadOptions& options = {})
      : body_(std::move(body)) {
    for (std::size_t i = 0; i < count; ++i) members_.push_back(std::make_unique<Member>(*this, i));
    for (auto& member : members_) {
      const Result<Thread*> thread = sched::create(options, Member::run, member.get());
      VM_EXPECT(thread.ok());
      if (thread.ok()) member->thread = thread.value();
    }
  }
  ~Crew() { join(); }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void join() {
    for (auto& member : members_) {
      if (member->thread == nullptr) continue;
      VM_EXPECT(sched::join(*member->thread, Deadline::never(), Interruptions::kNone).ok());
      member->thread = nullptr;
    }
  }

  /// The thread of `member`, which the caller has not joined.
  Thread& operator[](std::size_t member) { return *members_[member]->thread; }

 private:
  struct Member {
    Member(Crew& its_crew, std::size_t number) : crew(its_crew), index(number) {}
    static void run(void* argument) {
      const auto& self = *static_cast<Member*>(argument);
      self.crew.body_(self.index);
    }
    Crew& crew;
    std::size_t index;
    Thread* thread = nullptr;
  };

  Body body_;
  std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace atl::host
