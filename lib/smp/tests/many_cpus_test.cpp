// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/host/crew.hpp>
#include <atoll/smp.hpp>

/// A call sees what its caller did before, and its caller what it did.
namespace smp_many_cpus_test {

using namespace atl;

VM_TEST(SmpManyCpus, a_call_takes_plain_data_there_and_back) {
  struct Question {
    std::uint64_t asked = 0;
    std::array<std::uint64_t, kMaxCpus> answers{};
    static void answer(void* argument) {
      auto& self = *static_cast<Question*>(argument);
      VM_EXPECT(!arch::Cpu::interrupts_enabled());
      self.answers[arch::Cpu::cpu_local().index] = self.asked + 1;
    }
  };
  host::Crew{6, [](std::size_t member) {
               Question question;
               for (unsigned i = 0; i < 60; ++i) {
                 question.asked = member * 1000 + i;
                 smp::call(kEveryCpu, Question::answer, &question);
                 for (std::uint32_t cpu = 0; cpu < kMaxCpus; ++cpu) {
                   const bool runs = (smp::running() >> cpu & 1) != 0;
                   VM_EXPECT_EQ(question.answers[cpu], runs ? question.asked + 1 : 0);
                 }
                 if (i % 4 == 0) sched::yield();
               }
             }};
}

}  // namespace smp_many_cpus_test
